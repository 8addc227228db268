/// Reads the objects of JSONL from a stream.
final class JSONRows: RowSource {
  typealias Outcome = Result<[String?], RowProblem>

  private let stream: ByteStream
  private var scanner = JSONObjectScanner()
  private let limit: Int
  private var scratch: [UInt8] = []
  private var columnBytes: [[UInt8]] = []
  private var places: [String: Int] = [:]
  /// For each column, the row in which it was last seen.
  private var seen: [Int] = []
  private var rowCount = 0
  /// The bytes of the last line, still in the stream's window, to be stepped over by the next call.
  private var lastRow = 0
  /// Whether a line feed follows the last line.
  private var isTerminated = false

  private(set) var line = 1

  init(_ stream: ByteStream, limit: Int) {
    self.stream = stream
    self.limit = limit
  }

  /// Sets the keys to read.
  func setColumns(_ columns: [String]) {
    columnBytes = columns.map { Array($0.utf8) }
    places = Dictionary(zip(columns, columns.indices)) { first, _ in first }
    seen = columns.map { _ in 0 }
  }

  /// Reads the next line that is not blank; `nil` at the end.
  func next() throws(TableError) -> Outcome? {
    guard let range = try nextLine() else { return nil }
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
    try stream.skipByteOrderMark()
    var columns: [String] = []
    setColumns([])
    var firstProblem: (line: Int, problem: RowProblem)?
    while let line = try nextLine() {
      guard case .success(let range) = line else { continue }
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
    try stream.skipByteOrderMark()
    setColumns(columns)
    return columns
  }

  /// The next line that is not blank, without its line end.
  private func nextLine() throws(TableError) -> Result<Range<Int>, RowProblem>? {
    while true {
      step()
      line = stream.line
      guard let length = try lineLength() else { return nil }
      if length > limit { return .failure(.tooLong(limit: limit)) }
      lastRow = length
      let range = stream.start..<stream.start + length
      if stream.bytes[range].contains(where: { !Self.isSpace($0) }) { return .success(range) }
    }
  }

  /// Moves the stream behind the last line and its line end.
  private func step() {
    stream.consume(lastRow + (isTerminated ? 1 : 0))
    if isTerminated { stream.line += 1 }
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
    return (rest.firstIndex(of: DelimitedScanner.lineFeed) ?? stream.end) - stream.start
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
    var expected = 0
    for member in scanner.members {
      let place: Int
      if isExpected(member, expected) {
        place = expected
      } else {
        guard let key = key(member) else { return .failure(.invalidUTF8(column: nil)) }
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
      guard let text else { return .failure(.invalidUTF8(column: name(place))) }
      values[place] = text
    }
    return .success(values)
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
