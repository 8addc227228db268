/// Reads the objects of JSONL, or of one array of objects, from a stream.
///
/// The file is an array where its first two characters, blanks apart, are `[` and `{`.
final class JSONRows: RowSource {
  typealias Outcome = Result<[String?], RowProblem>

  private let stream: ByteStream
  private var scanner = JSONObjectScanner(isLenient: true)
  private let limit: Int
  private var scratch: [UInt8] = []
  private var columnBytes: [[UInt8]] = []
  private var places: [String: Int] = [:]
  /// For each column, the row in which it was last seen.
  private var seen: [Int] = []
  private var rowCount = 0
  /// The bytes of the last line, still in the stream's window, to be stepped over by the next call.
  private var lastRow = 0
  /// Whether a line end follows the last line.
  private var isTerminated = false
  /// Whether a line feed at the beginning of the window belongs to a return before it.
  private var mayBeginWithLineFeed = false
  /// Where the reader stands in an array; `nil` for JSONL.
  private var array: ArrayPlace?

  private enum ArrayPlace { case first, later, closed }

  private(set) var line = 1
  /// Whether the value of each column was a string in the last row.
  private(set) var strings: [Bool] = []

  init(_ stream: ByteStream, limit: Int) {
    self.stream = stream
    self.limit = limit
  }

  /// Sets the keys to read.
  func setColumns(_ columns: [String]) {
    columnBytes = columns.map { Array($0.utf8) }
    places = Dictionary(zip(columns, columns.indices)) { first, _ in first }
    seen = columns.map { _ in 0 }
    strings = columns.map { _ in false }
  }

  /// Finds out whether the file is an array, and steps behind its bracket.
  func begin() throws(TableError) {
    array = nil
    var place = 0
    var bracket: Int?
    while true {
      if place == stream.available, try !stream.fill() { return }
      let byte = stream.bytes[stream.start + place]
      place += 1
      if Self.isSpace(byte) || byte == DelimitedScanner.lineFeed { continue }
      if bracket != nil {
        if byte != JSONObjectScanner.openBrace { return }
        break
      }
      if byte != JSONObjectScanner.openBracket { return }
      bracket = place
    }
    array = .first
    lastRow = bracket ?? 0
    stepOverElement()
  }

  /// Reads the next object; `nil` at the end.
  func next() throws(TableError) -> Outcome? {
    guard let range = try nextObject() else { return nil }
    rowCount += 1
    switch range {
    case .failure(let problem): return .failure(problem)
    case .success(let range):
      if let problem = scan(range) { return .failure(problem) }
      return values()
    }
  }

  var lastRowBytes: ArraySlice<UInt8> {
    stream.bytes[stream.start..<stream.start + min(lastRow, stream.available)]
  }

  /// The union of the keys of all objects, in the order in which they first appear. Lines that are
  /// no objects are passed over.
  func discoverColumns() throws(TableError) -> [String] {
    try stream.makeRewindable()
    try stream.begin()
    try begin()
    var columns: [String] = []
    setColumns([])
    var firstProblem: (line: Int, problem: RowProblem)?
    while let object = try nextObject() {
      guard case .success(let range) = object else { continue }
      if let problem = scan(range) {
        firstProblem = firstProblem ?? (self.line, problem)
        continue
      }
      var expected = 0
      for member in scanner.members {
        if isExpected(member, expected) {
          expected += 1
        } else if let key = key(member) {
          if let place = places[key] {
            expected = place + 1
            continue
          }
          places[key] = columns.count
          columns.append(key)
          columnBytes.append(Array(key.utf8))
        }
      }
    }
    if columns.isEmpty {
      if let firstProblem {
        throw .badRow(path: stream.path, line: firstProblem.line, problem: firstProblem.problem)
      }
      throw .empty(path: stream.path)
    }
    try stream.rewind()
    (lastRow, isTerminated, mayBeginWithLineFeed) = (0, false, false)
    try begin()
    setColumns(columns)
    return columns
  }

  private func nextObject() throws(TableError) -> Result<Range<Int>, RowProblem>? {
    array == nil ? try nextLine() : try nextElement()
  }

  /// The next element of the array.
  private func nextElement() throws(TableError) -> Result<Range<Int>, RowProblem>? {
    stepOverElement()
    if array == .closed { return nil }
    var byte = try nextInArray()
    if array == .later, byte == UInt8(ascii: ",") {
      stream.consume(1)
      byte = try nextInArray()
    }
    array = .later
    line = stream.line
    switch byte {
    case nil:
      array = .closed
      return .failure(.invalidJSON(byte: 1, expected: "a closing bracket expected"))
    case JSONObjectScanner.closeBracket:
      stream.consume(1)
      array = .closed
      if try nextInArray() == nil { return nil }
      line = stream.line
      return .failure(.invalidJSON(byte: 1, expected: "the end of the file expected"))
    default:
      let length = try elementLength()
      if length > limit { return .failure(.tooLong(limit: limit)) }
      lastRow = length
      return .success(stream.start..<stream.start + length)
    }
  }

  /// Moves the stream behind the last element.
  private func stepOverElement() {
    pass(lastRow)
    lastRow = 0
  }

  /// Moves the stream forward and counts the lines.
  private func pass(_ count: Int) {
    for byte in stream.bytes[stream.start..<stream.start + count] {
      let isReturn = byte == DelimitedScanner.carriageReturn
      if isReturn || (byte == DelimitedScanner.lineFeed && !mayBeginWithLineFeed) {
        stream.line += 1
      }
      mayBeginWithLineFeed = isReturn
    }
    stream.consume(count)
  }

  /// The next byte that is not white space; `nil` at the end of the file.
  private func nextInArray() throws(TableError) -> UInt8? {
    while true {
      if stream.available == 0, try !stream.fill() { return nil }
      let byte = stream.bytes[stream.start]
      if !Self.isSpace(byte), byte != DelimitedScanner.lineFeed { return byte }
      pass(1)
    }
  }

  /// The length of the next element, of which no more than the limit is kept.
  private func elementLength() throws(TableError) -> Int {
    var (length, skipped, depth) = (0, 0, 0)
    var isString = false
    var isEscaped = false
    while true {
      if length == stream.available {
        if skipped + length > limit {
          pass(length)
          (skipped, length) = (skipped + length, 0)
        }
        if try !stream.fill() {
          array = .closed
          return skipped + length
        }
      }
      let byte = stream.bytes[stream.start + length]
      let isOutside = depth == 0 && !isString
      if isOutside, byte == UInt8(ascii: ",") || byte == JSONObjectScanner.closeBracket { break }
      length += 1
      if isString {
        if byte == JSONObjectScanner.quote, !isEscaped { isString = false }
        isEscaped = byte == JSONObjectScanner.backslash && !isEscaped
      } else if byte == JSONObjectScanner.quote {
        isString = true
      } else if byte == JSONObjectScanner.openBrace || byte == JSONObjectScanner.openBracket {
        depth += 1
      } else if byte == JSONObjectScanner.closeBrace || byte == JSONObjectScanner.closeBracket {
        depth -= 1
        if depth <= 0 { break }
      }
    }
    if skipped + length > limit { pass(length) }
    return skipped + length
  }

  /// The next line that is not blank, without its line end.
  private func nextLine() throws(TableError) -> Result<Range<Int>, RowProblem>? {
    while true {
      step()
      line = stream.line
      guard let length = try lineLength() else { return nil }
      if length > 0 { mayBeginWithLineFeed = false }
      if length > limit { return .failure(.tooLong(limit: limit)) }
      lastRow = length
      let range = stream.start..<stream.start + length
      if stream.bytes[range].contains(where: { !Self.isSpace($0) }) { return .success(range) }
    }
  }

  /// Moves the stream behind the last line and its line end.
  private func step() {
    stream.consume(lastRow)
    if isTerminated { pass(1) }
    (lastRow, isTerminated) = (0, false)
  }

  /// The length of the next line, of which no more than the limit is kept; `nil` at the end.
  private func lineLength() throws(TableError) -> Int? {
    var length = 0
    var skipped = 0
    while true {
      while length == stream.available {
        if skipped + length > limit {
          stream.consume(length)
          (skipped, length) = (skipped + length, 0)
        }
        if try !stream.fill() { return skipped + length == 0 ? nil : skipped + length }
      }
      length = lineEnd(from: length)
      if length < stream.available {
        isTerminated = true
        if skipped + length > limit { stream.consume(length) }
        return skipped + length
      }
    }
  }

  private func lineEnd(from start: Int) -> Int {
    let rest = stream.bytes[stream.start + start..<stream.end]
    let end = rest.firstIndex {
      $0 == DelimitedScanner.lineFeed || $0 == DelimitedScanner.carriageReturn
    }
    return (end ?? stream.end) - stream.start
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }

  /// Scans a line; what is wrong with it, or `nil`.
  private func scan(_ range: Range<Int>) -> RowProblem? {
    do {
      try scanner.scan(stream.bytes, range)
      return nil
    } catch {
      switch error {
      case .notAnObject: return .notAnObject
      case .expected(let what, let index):
        return .invalidJSON(byte: index - range.lowerBound + 1, expected: what + " expected")
      }
    }
  }

  private func values() -> Outcome {
    var values = [String?](repeating: nil, count: columnBytes.count)
    for place in strings.indices { strings[place] = false }
    var expected = 0
    for member in scanner.members {
      let place: Int
      if isExpected(member, expected) {
        place = expected
      } else {
        guard let key = key(member) else { return .failure(stream.invalidText(in: nil)) }
        guard let known = places[key] else { continue }
        place = known
      }
      if seen[place] == rowCount {
        return .failure(.repeatedKey(column: name(place)))
      }
      seen[place] = rowCount
      expected = place + 1
      if member.kind == .null { continue }
      let text = JSONObjectScanner.text(
        stream.bytes, member.value, hasEscapes: member.valueHasEscapes, scratch: &scratch)
      guard let text else { return .failure(stream.invalidText(in: name(place))) }
      strings[place] = member.kind == .string
      values[place] = member.kind == .string ? text : withNulls(text, member.value)
    }
    return .success(values)
  }

  /// A nested value with `null` for each number in it that is not finite.
  private func withNulls(_ text: String, _ range: Range<Int>) -> String {
    let words = scanner.notFinite.filter { range.contains($0.lowerBound) }
    if words.isEmpty { return text }
    var bytes: [UInt8] = []
    var begin = range.lowerBound
    for word in words {
      bytes += stream.bytes[begin..<word.lowerBound] + Array("null".utf8)
      begin = word.upperBound
    }
    bytes += stream.bytes[begin..<range.upperBound]
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a member belongs to a column. Objects tend to have their keys in one order, so the
  /// column after the last one is tried before the table of names.
  private func isExpected(_ member: JSONObjectScanner.Member, _ place: Int) -> Bool {
    place < columnBytes.count && !member.keyHasEscapes
      && stream.bytes[member.key].elementsEqual(columnBytes[place])
  }

  /// The key of a member; `nil` where it is not UTF-8.
  private func key(
    _ member: JSONObjectScanner.Member
  ) -> String? {
    JSONObjectScanner.text(
      stream.bytes, member.key, hasEscapes: member.keyHasEscapes, scratch: &scratch)
  }

  private func name(_ place: Int) -> String { String(decoding: columnBytes[place], as: UTF8.self) }
}
