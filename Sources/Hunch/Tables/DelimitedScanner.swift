/// Finds where one row of CSV or TSV ends and where its fields lie.
///
/// The scanner is fed the same row again each time more of it has been read and goes on where it
/// stopped, so that no byte is looked at twice. All positions count from the row's beginning.
///
/// A field is quoted where its first byte is a quote; quotes elsewhere are text, and all are where
/// the row is scanned without them. After a closing quote only a delimiter or a line end may follow: other bytes make the row bad, but it still
/// ends where it would have ended.
struct DelimitedScanner {
  /// One field: its bytes without the outer quotes.
  struct Field {
    var start: Int
    var end: Int
    /// Whether doubled quotes stand inside.
    var hasEscapes: Bool
    var isQuoted: Bool
  }

  /// Where the scanner stands in the grammar.
  enum Mode {
    case fieldStart, plain, quoted, quoteInQuoted, afterQuoted, done
  }

  static let quote: UInt8 = 0x22
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  /// Whether a byte ends a line.
  static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

  let delimiter: UInt8
  private(set) var fields: [Field] = []
  private(set) var mode = Mode.fieldStart
  /// How far the row has been scanned; past the line end once the row is complete.
  private(set) var position = 0
  /// Where the row ends, without its line end.
  private(set) var contentEnd = 0
  /// Whether the row ended with a carriage return, which a line feed may follow.
  private(set) var endsWithReturn = false
  /// Whether a quoted field occurred, so that line ends may stand inside the row.
  private(set) var hasQuotes = false
  /// The first field with text after its closing quote.
  private(set) var fieldWithTail: Int?
  /// Where the field under way begins.
  private(set) var fieldStart = 0
  private var hasEscapes = false
  private var isQuoted = false
  private var knowsQuotes = true
  /// The largest byte that can end a plain field.
  private let ceiling: UInt8

  init(delimiter: UInt8) {
    self.delimiter = delimiter
    ceiling = max(delimiter, Self.carriageReturn)
  }

  /// Gets ready for the next row, or for the same one again.
  mutating func begin(knowsQuotes: Bool = true) {
    self.knowsQuotes = knowsQuotes
    fields.removeAll(keepingCapacity: true)
    mode = .fieldStart
    position = 0
    endsWithReturn = false
    hasQuotes = false
    fieldWithTail = nil
  }

  /// Scans on.
  ///
  /// - Parameters:
  ///   - bytes: The storage that holds the row.
  ///   - start: Where the row begins.
  ///   - end: Where the bytes known so far end.
  /// - Returns: Whether the row is complete.
  mutating func scan(_ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
    let count = end - start
    while position < count, mode != .done {
      let byte = bytes[start + position]
      switch mode {
      case .fieldStart:
        fieldStart = position
        hasEscapes = false
        isQuoted = byte == Self.quote && knowsQuotes
        mode = isQuoted ? .quoted : .plain
        if isQuoted {
          position += 1
          fieldStart = position
          hasQuotes = true
        }
      case .plain:
        position = endOfPlain(bytes, from: start + position, to: end) - start
        if position == count { return false }
        addField(end: position)
        endField(bytes[start + position])
      case .quoted:
        position = endOfQuoted(bytes, from: start + position, to: end) - start
        if position == count { return false }
        position += 1
        mode = .quoteInQuoted
      case .quoteInQuoted:
        closeQuote(byte)
      case .afterQuoted:
        position = endOfPlain(bytes, from: start + position, to: end) - start
        if position == count { return false }
        endField(bytes[start + position])
      case .done: break
      }
    }
    return mode == .done
  }

  /// Ends the row at the end of the file; in mode ``Mode/quoted`` a quote was never closed.
  mutating func finish() {
    switch mode {
    case .fieldStart:
      fieldStart = position
      (hasEscapes, isQuoted) = (false, false)
      addField(end: position)
    case .plain: addField(end: position)
    case .quoteInQuoted: addField(end: position - 1)
    case .quoted, .afterQuoted, .done: break
    }
    contentEnd = position
  }

  private mutating func closeQuote(_ byte: UInt8) {
    if byte == Self.quote {
      hasEscapes = true
      position += 1
      mode = .quoted
      return
    }
    addField(end: position - 1)
    if byte == delimiter || Self.isLineEnd(byte) {
      endField(byte)
    } else {
      if fieldWithTail == nil { fieldWithTail = fields.count - 1 }
      mode = .afterQuoted
    }
  }

  private mutating func addField(end: Int) {
    fields.append(
      Field(start: fieldStart, end: end, hasEscapes: hasEscapes, isQuoted: isQuoted))
  }

  /// Steps over the delimiter or line end after a field.
  private mutating func endField(_ byte: UInt8) {
    if byte == delimiter {
      mode = .fieldStart
    } else {
      contentEnd = position
      endsWithReturn = byte == Self.carriageReturn
      mode = .done
    }
    position += 1
  }

  /// The next delimiter or line end.
  private func endOfPlain(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    var index = start
    while index < end {
      let byte = bytes[index]
      // Most bytes are letters, which lie above most of what is looked for.
      if byte <= ceiling, byte == delimiter || Self.isLineEnd(byte) { return index }
      index += 1
    }
    return end
  }

  /// The next quote.
  private func endOfQuoted(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, bytes[index] != Self.quote { index += 1 }
    return index
  }
}
