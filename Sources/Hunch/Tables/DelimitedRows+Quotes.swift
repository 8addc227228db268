/// What a quote at the beginning of a field means in a file.
enum Quoting {
  /// It opens a quoted field (RFC 4180).
  case standard
  /// It is text, unless the field could not be written without quotes.
  case whereNeeded
  /// Values are separated by tabs, and no row with a quote has been read.
  case undecided
}

/// Files of tabs are often written without any quoting, so that a text may begin with a quote; some
/// programs write commas in the same way. A reader that takes such a quote for the beginning of a
/// field joins all the lines up to the next quote into one row.
///
/// With tabs, quotes are those of the standard where the header quotes all of its names, or where
/// the first row has quoted fields and the same columns are quoted in every row of the next 64 KiB.
/// Else a field is taken for quoted only where it would have to be: it has a tab, a line end or a
/// doubled quote in it, begins with a byte-order mark or is empty, or all fields of the row are quoted. If its lines look like
/// rows themselves, which is to say that two of them or more have as many fields as the header,
/// they are rows. All other quotes are text.
///
/// With other separators quotes are those of the standard. A field that runs over line ends is not
/// taken for one where text stands behind its closing quote, or where every line that it runs over
/// has as many fields as the header and begins like the row itself: a number or code of the same
/// form, and the header is not quoted. Then the line with the quote is bad, and the lines below it are rows.
extension DelimitedRows {
  /// How far the reader looks ahead to find out what quotes mean.
  private static let lookahead = 64 << 10

  /// What the row that was just scanned, as the standard has it, really is.
  func judgeQuotes() -> RowEnd {
    if quoting == .standard {
      if names != nil, let field = brokenField() {
        return .openQuote(field: field, start: scanner.fields[field].start)
      }
      return .complete
    }
    return isQuotedWhereNeeded() ? .complete : .openQuote(field: 0, start: 0)
  }

  /// The field whose quotes are not meant as such, where there is one.
  private func brokenField() -> Int? {
    let first = scanner.fieldWithTail ?? 0
    let field = scanner.fields.indices[first...].first { index in
      let field = scanner.fields[index]
      return field.isQuoted && firstLineEnd(from: field.start, to: field.end) < field.end
    }
    guard let field else { return nil }
    return scanner.fieldWithTail != nil || swallowsRows() ? field : nil
  }

  /// Whether all lines of the row look like rows of their own.
  private func swallowsRows() -> Bool {
    guard let names, names.count > 1, let first = scanner.fields.first, !first.isQuoted,
      !hasQuotedHeader
    else { return false }
    let form = form(first.start..<first.end)
    if form == nil { return false }
    return lines(of: scanner, from: 0).dropFirst().allSatisfy { line in
      let end = line.range.first { byte(at: $0) == scanner.delimiter } ?? line.range.upperBound
      return line.fields >= names.count && self.form(line.range.lowerBound..<end) == form
    }
  }

  /// The form of a number or code: digits alone are one form, else runs of letters and digits are
  /// alike and other characters count. `nil` for what has no digit or is long.
  private func form(_ range: Range<Int>) -> [UInt8]? {
    if range.count > 64 { return nil }
    var form: [UInt8] = []
    var hasDigit = false
    var isNumber = true
    for place in range {
      let byte = byte(at: place)
      let isDigit = byte &- 0x30 < 10
      hasDigit = hasDigit || isDigit
      isNumber = isNumber && isDigit
      let kind = isDigit || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 ? 0x61 : byte
      if kind != 0x61 || form.last != kind { form.append(kind) }
    }
    if isNumber { return range.isEmpty ? nil : [0x30] }
    return hasDigit ? form : nil
  }

  private func isQuotedWhereNeeded() -> Bool {
    guard scanner.fieldWithTail == nil, fits(scanner.fields) else { return false }
    let isWhole = scanner.fields.allSatisfy(\.isQuoted)
    // A header that is quoted throughout says so for the file.
    if isWhole, scanner.fields.count > 1 || names == nil { return true }
    return scanner.fields.allSatisfy { !$0.isQuoted || needsQuotes($0) }
      && !hasTwoRows(scanner, from: 0)
  }

  private func needsQuotes(_ field: DelimitedScanner.Field) -> Bool {
    if field.start == field.end || field.hasEscapes { return true }
    let first = (field.start..<min(field.end, field.start + 3)).map(byte(at:))
    if first == ByteStream.mark { return true }
    return (field.start..<field.end).contains { place in
      let byte = byte(at: place)
      return byte == scanner.delimiter || DelimitedScanner.isLineEnd(byte)
    }
  }

  /// Whether two lines of a row have as many fields as the header.
  private func hasTwoRows(_ scanner: DelimitedScanner, from start: Int) -> Bool {
    let lines = lines(of: scanner, from: start)
    return lines.count > 1 && lines.filter { $0.fields >= names?.count ?? 1 }.count > 1
  }

  /// The lines of a scanned row, and how many fields each would have without quotes.
  private func lines(
    of scanner: DelimitedScanner, from start: Int
  ) -> [(range: Range<Int>, fields: Int)] {
    let end = start + scanner.contentEnd
    var lines: [(range: Range<Int>, fields: Int)] = []
    var begin = start
    while true {
      let lineEnd = firstLineEnd(from: begin, to: end)
      let separators = (begin..<lineEnd).count { byte(at: $0) == scanner.delimiter }
      if lineEnd > begin { lines.append((begin..<lineEnd, separators + 1)) }
      if lineEnd >= end { return lines }
      begin = lineEnd + 1
    }
  }

  private func byte(at place: Int) -> UInt8 { stream.bytes[stream.start + place] }

  /// Decides what quotes mean in a file of tabs, at its first row.
  func decideQuoting() throws(TableError) {
    quoting = .whereNeeded
    if !scanner.hasQuotes { return }
    while stream.available < Self.lookahead, try stream.fill() {}
    let end = min(stream.available, Self.lookahead)
    var sample = DelimitedScanner(delimiter: scanner.delimiter)
    var columns: [Int]?
    var start = 0
    while start < end {
      if firstLineEnd(from: start, to: start + 1) == start {
        start += 1
        continue
      }
      sample.begin()
      if !sample.scan(stream.bytes, from: stream.start + start, to: stream.start + end) {
        // The last row that is seen in part says nothing.
        if end == Self.lookahead { break }
        sample.finish()
        if sample.mode == .quoted { return }
      }
      let fields = sample.fields
      if sample.fieldWithTail != nil || !fits(fields) || hasTwoRows(sample, from: start) { return }
      let quoted = columns ?? fields.indices.filter { fields[$0].isQuoted }
      if !quoted.allSatisfy({ fields[$0].isQuoted || fields[$0].start == fields[$0].end }) {
        return
      }
      columns = quoted
      start += sample.position
    }
    if columns != nil { quoting = .standard }
  }
}
