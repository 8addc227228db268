/// Finds the separator of a CSV file.
///
/// A first line `sep=;` names it and is no row. Else the header decides: of comma, semicolon, tab
/// and vertical bar the one that stands most often outside quotes in the first line that is not
/// empty; the earlier one of this list where two are as frequent, and the comma where there is none.
struct Separator {
  private static let candidates: [UInt8] = [
    0x2C, UInt8(ascii: ";"), TableFormat.tab, UInt8(ascii: "|"),
  ]
  /// How much of a header is looked at.
  private static let limit = 1 << 20

  private var counts = [0, 0, 0, 0]
  private var place = 0
  private var isQuoted = false
  private var isFieldStart = true
  private var firstLine: [UInt8] = []

  /// Finds the separator and steps over the line that names it.
  static func find(_ stream: ByteStream) throws(TableError) -> UInt8 {
    var separator = Separator()
    while !separator.scan(stream), try stream.fill() {}
    if let named = separator.named {
      stream.consume(separator.place)
      return named
    }
    let most = separator.counts.max() ?? 0
    return candidates[separator.counts.firstIndex(of: most) ?? 0]
  }

  /// What the line `sep=;` names; some programs quote it.
  private var named: UInt8? {
    let line = firstLine.filter { $0 != DelimitedScanner.quote }
    guard line.count == 5, String(decoding: line[..<4], as: UTF8.self).lowercased() == "sep="
    else { return nil }
    return TableDialect.isSeparator(line[4]) ? line[4] : nil
  }

  /// Scans on; whether the line has been seen to its end.
  private mutating func scan(_ stream: ByteStream) -> Bool {
    while place < min(stream.available, Self.limit) {
      let byte = stream.bytes[stream.start + place]
      let isLineEnd = DelimitedScanner.isLineEnd(byte)
      if isLineEnd, !isQuoted, !firstLine.isEmpty { return true }
      place += 1
      if isLineEnd, firstLine.isEmpty { continue }
      if firstLine.count < 8 { firstLine.append(byte) }
      if byte == DelimitedScanner.quote, isQuoted || isFieldStart {
        // What follows a closing quote may be its double.
        isQuoted.toggle()
        isFieldStart = true
        continue
      }
      let candidate = isQuoted ? nil : Self.candidates.firstIndex(of: byte)
      if let candidate { counts[candidate] += 1 }
      isFieldStart = candidate != nil
    }
    return place == Self.limit
  }
}
