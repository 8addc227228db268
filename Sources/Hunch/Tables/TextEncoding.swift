/// How the bytes of a file stand for characters.
enum TextEncoding {
  /// Encodings that are meant by another name than the system's: what Windows writes under these
  /// names has characters that the narrow standard lacks.
  private static let wider = [
    "shift_jis": "CP932", "shift-jis": "CP932", "sjis": "CP932", "gb2312": "GB18030",
    "gbk": "GB18030", "euc-kr": "UHC", "ks_c_5601-1987": "UHC", "latin1": "ISO-8859-1",
    "latin-1": "ISO-8859-1", "ansi": "WINDOWS-1252", "utf16": "UTF-16", "utf8": "UTF-8",
    "utf-8-sig": "UTF-8", "utf_8": "UTF-8",
  ]

  /// The system's name for an encoding that somebody asks for; `nil` for what cannot be a name.
  static func systemName(_ name: String) -> String? {
    let folded = name.lowercased()
    let isName =
      !folded.isEmpty && folded.utf8.count <= 40
      && folded.utf8.allSatisfy { byte in
        byte &- 0x61 < 26 || byte &- 0x30 < 10 || [0x2D, 0x5F, 0x2E, 0x3A, 0x2B].contains(byte)
      }
    return isName ? wider[folded] ?? folded.uppercased() : nil
  }

  /// The encoding that the first bytes of a file show, up to its first line end and one byte more;
  /// `nil` for UTF-8 and whatever cannot be told from it.
  ///
  /// A byte-order mark decides. Without one it is UTF-16 where NULs stand at even places alone, or
  /// at odd ones alone, and are a tenth of the units or more, one of them at the line end or two
  /// anywhere: line ends, digits and separators have one in every script.
  static func sniff(_ bytes: ArraySlice<UInt8>) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return "UTF-32LE" }
    if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32BE" }
    if bytes.starts(with: [0xFF, 0xFE]) { return "UTF-16LE" }
    if bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16BE" }
    var nuls = [0, 0]
    var endsLine = [false, false]
    var previous: UInt8 = 1
    for (place, byte) in bytes.enumerated() {
      if byte == 0 { nuls[place & 1] += 1 }
      // The line feed stands before its NUL in one order, and behind it in the other.
      if place & 1 == 1, previous == 0x0A, byte == 0 { endsLine[1] = true }
      if place & 1 == 1, previous == 0, byte == 0x0A { endsLine[0] = true }
      previous = byte
    }
    for place in [0, 1] where nuls[1 - place] == 0 {
      let isFrequent = nuls[place] > 0 && nuls[place] * 10 >= bytes.count / 2
      if isFrequent, nuls[place] > 1 || endsLine[place] {
        return place == 1 ? "UTF-16LE" : "UTF-16BE"
      }
    }
    return nil
  }

  /// The likeliest encoding of text that is not UTF-8, for a message to name.
  ///
  /// - Complexity: O(bytes).
  static func guess(_ bytes: some Collection<UInt8>) -> String {
    var (high, inRuns, oddRuns, lowRuns, shiftPairs, length) = (0, 0, 0, 0, 0, 0)
    var hasLow = false
    var isAfterLead = false
    var isAfterPair = false
    for byte in Array(bytes) + [0] {
      if byte >= 0x80 {
        (high, length) = (high + 1, length + 1)
        hasLow = hasLow || byte < 0xA1
      } else {
        if length > 1 { inRuns += length }
        oddRuns += length % 2
        if hasLow { lowRuns += 1 }
        (length, hasLow) = (0, false)
      }
      // Of Shift-JIS only pairs next to each other count: a curly quote of windows-1252 before a
      // letter looks like one alone.
      let isPair = isAfterLead && byte >= 0x40 && byte != 0x7F
      let isLead = !isPair && byte &- 0x81 < 0x1F
      if isAfterPair, isLead { shiftPairs += 1 }
      (isAfterLead, isAfterPair) = (isLead, isPair)
    }
    if shiftPairs > 1, shiftPairs * 3 > high { return "shift_jis" }
    if inRuns * 2 <= high { return "windows-1252" }
    return oddRuns == 0 && lowRuns == 0 ? "gb18030" : "windows-1251"
  }
}
