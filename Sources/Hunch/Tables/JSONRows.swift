/// Reads the objects of JSONL, or of one array of objects, from a stream.
///
/// The file is an array where its first two characters, blanks apart, are `[` and `{`.
final class JSONRows: RowSource {
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
      if JSONObjectScanner.isSpace(byte) { continue }
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
    guard let object = try nextObject() else { return nil }
    rowCount += 1
    return object.flatMap { range in
      if let problem = scan(range) { return .failure(problem) }
      return values()
    }
  }

  var lastRowBytes: ArraySlice<UInt8> { stream.first(lastRow) }

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
        } else if let key = text(member.key) {
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
      if !JSONObjectScanner.isSpace(byte) { return byte }
      pass(1)
    }
  }

  /// The length of the next element, of which no more than the limit is kept.
  private func elementLength() throws(TableError) -> Int {
    var depth = 0
    var isString = false
    var isEscaped = false
    let (length, isEnded) = try measure { bytes, place in
      while place < stream.end {
        let byte = bytes[place]
        if depth == 0, !isString,
          byte == UInt8(ascii: ",") || byte == JSONObjectScanner.closeBracket
        {
          return true
        }
        place += 1
        if isString {
          if byte == JSONObjectScanner.quote, !isEscaped { isString = false }
          isEscaped = byte == JSONObjectScanner.backslash && !isEscaped
        } else if byte == JSONObjectScanner.quote {
          isString = true
        } else if byte == JSONObjectScanner.openBrace || byte == JSONObjectScanner.openBracket {
          depth += 1
        } else if byte == JSONObjectScanner.closeBrace || byte == JSONObjectScanner.closeBracket {
          depth -= 1
          if depth <= 0 { return true }
        }
      }
      return false
    }
    if !isEnded { array = .closed }
    return length
  }

  /// The length of what comes next, of which no more than the limit is kept, and whether its end
  /// was found before that of the file.
  ///
  /// - Parameter find: Moves a place forward to the end, or to that of the window; says whether it
  ///   is the end.
  private func measure(
    _ find: (_ bytes: [UInt8], _ place: inout Int) -> Bool
  ) throws(TableError) -> (length: Int, isEnded: Bool) {
    var (length, skipped) = (0, 0)
    while true {
      var place = stream.start + length
      let isEnded = find(stream.bytes, &place)
      length = place - stream.start
      if skipped + length > limit {
        pass(length)
        (skipped, length) = (skipped + length, 0)
      }
      if isEnded { return (skipped + length, true) }
      if try !stream.fill() { return (skipped + length, false) }
    }
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
      if !stream.bytes[range].allSatisfy(JSONObjectScanner.isSpace) { return .success(range) }
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
    let (length, isEnded) = try measure { bytes, place in
      let end = bytes[place..<stream.end].firstIndex(where: DelimitedScanner.isLineEnd)
      place = end ?? stream.end
      return end != nil
    }
    isTerminated = isEnded
    return length == 0 && !isEnded ? nil : length
  }

  /// Scans a line; what is wrong with it, or `nil`.
  private func scan(_ range: Range<Int>) -> RowProblem? {
    do throws(JSONObjectScanner.Failure) {
      try scanner.scan(stream.bytes, range)
      return nil
    } catch {
      return RowProblem(error, from: range.lowerBound)
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
        guard let key = text(member.key) else { return .failure(stream.invalidText(in: nil)) }
        guard let known = places[key] else { continue }
        place = known
      }
      if seen[place] == rowCount {
        return .failure(.repeatedKey(column: name(place)))
      }
      seen[place] = rowCount
      expected = place + 1
      if member.kind == .null { continue }
      guard let text = text(member.value) else {
        return .failure(stream.invalidText(in: name(place)))
      }
      strings[place] = member.kind == .string
      values[place] = strings[place] ? text : withNulls(text, member.value.range)
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
    place < columnBytes.count && !member.key.hasEscapes
      && stream.bytes[member.key.range].elementsEqual(columnBytes[place])
  }

  /// A key or value; `nil` where it is not UTF-8.
  private func text(_ text: JSONObjectScanner.Text) -> String? {
    JSONObjectScanner.text(stream.bytes, text, &scratch)
  }

  private func name(_ place: Int) -> String { String(decoding: columnBytes[place], as: UTF8.self) }
}
