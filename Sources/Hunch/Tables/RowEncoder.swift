/// Turns rows into the bytes of a table file.
struct RowEncoder {
  /// The rows encoded so far.
  private(set) var bytes: [UInt8] = []
  private let format: TableFormat
  private let isSafe: Bool
  /// JSONL: what stands before each value, from its brace or comma to its colon.
  private var prefixes: [[UInt8]] = []
  /// JSONL: what ends a row.
  private var ending = [JSONObjectScanner.closeBrace, DelimitedScanner.lineFeed]

  /// - Parameters:
  ///   - object: In JSONL, the name of an object that holds the last columns, and the place of the
  ///     first of them.
  ///   - isSafe: Whether texts are kept from being formulas.
  init(
    format: TableFormat, columns: [String], object: (name: String, start: Int)? = nil,
    isSafe: Bool = false
  ) {
    self.format = format
    self.isSafe = isSafe
    if format != .jsonl { return }
    if object != nil { ending.insert(JSONObjectScanner.closeBrace, at: 0) }
    for (index, column) in columns.enumerated() {
      bytes.append(index == 0 ? JSONObjectScanner.openBrace : UInt8(ascii: ","))
      if let object, object.start == index {
        appendJSON(object.name)
        bytes += [UInt8(ascii: ":"), JSONObjectScanner.openBrace]
      }
      appendJSON(column)
      bytes.append(UInt8(ascii: ":"))
      prefixes.append(bytes)
      bytes = []
    }
  }

  /// Forgets the rows and keeps the memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Adds the header line of CSV or TSV.
  mutating func appendHeader(_ columns: [String]) {
    guard let delimiter = format.delimiter else { return }
    // A name with another separator in it must not make that one the file's, and a single column
    // of tabs shows by its header alone that it is quoted.
    let isUnclear =
      delimiter == TableFormat.tab
      ? columns.count == 1 : columns.contains { $0.contains { ";|\t".contains($0) } }
    appendDelimited(
      columns.map { .text($0) }, delimiter,
      quotesAll: isUnclear || columns.contains { Self.hasLineEnd(.text($0)) })
  }

  /// Adds a row.
  mutating func append(_ values: [TableValue]) {
    if let delimiter = format.delimiter {
      appendDelimited(values, delimiter, quotesAll: values.contains(where: Self.hasLineEnd))
      return
    }
    for (prefix, value) in zip(prefixes, values) {
      bytes.append(contentsOf: prefix)
      switch value {
      case .text(let text): appendJSON(text)
      case .real(let number) where !number.isFinite: bytes.append(contentsOf: "null".utf8)
      case .null: bytes.append(contentsOf: "null".utf8)
      default: bytes.append(contentsOf: Self.plain(value).utf8)
      }
    }
    bytes.append(contentsOf: ending)
  }

  private mutating func appendDelimited(
    _ values: [TableValue], _ delimiter: UInt8, quotesAll: Bool
  ) {
    let start = bytes.count
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      if case .text(let text) = value {
        appendField(isSafe ? Self.guarded(text) : text, delimiter, isQuoted: quotesAll)
      } else {
        appendField(Self.plain(value), delimiter, isQuoted: quotesAll)
      }
    }
    // A line without a byte would be skipped when it is read.
    if bytes.count == start {
      bytes.append(DelimitedScanner.quote)
      bytes.append(DelimitedScanner.quote)
    }
    bytes.append(DelimitedScanner.lineFeed)
  }

  private static func hasLineEnd(_ value: TableValue) -> Bool {
    guard case .text(let text) = value else { return false }
    return text.utf8.contains(where: DelimitedScanner.isLineEnd)
  }

  /// A text as no spreadsheet takes it for a formula.
  private static func guarded(_ text: String) -> String {
    let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    return isFormula && Double(text)?.isFinite != true ? "'" + text : text
  }

  private mutating func appendField(_ text: String, _ delimiter: UInt8, isQuoted: Bool) {
    let needsQuotes =
      isQuoted
      || text.utf8.contains {
        $0 == delimiter || $0 == DelimitedScanner.quote || DelimitedScanner.isLineEnd($0)
      } || text.utf8.starts(with: ByteStream.mark)
    if !needsQuotes {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(DelimitedScanner.quote)
    for byte in text.utf8 {
      if byte == DelimitedScanner.quote { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(DelimitedScanner.quote)
  }

  /// Everything but text, in the form that all formats share.
  private static func plain(_ value: TableValue) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .null: ""
    }
  }

  private mutating func appendJSON(_ text: String) {
    bytes.append(JSONObjectScanner.quote)
    if text.utf8.contains(where: Self.needsEscape) {
      for byte in text.utf8 {
        if Self.needsEscape(byte) { appendEscape(byte) } else { bytes.append(byte) }
      }
    } else {
      bytes.append(contentsOf: text.utf8)
    }
    bytes.append(JSONObjectScanner.quote)
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == JSONObjectScanner.quote || byte == JSONObjectScanner.backslash
  }

  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(JSONObjectScanner.backslash)
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case JSONObjectScanner.quote, JSONObjectScanner.backslash: bytes.append(byte)
    default:
      bytes.append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 15] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }
}
