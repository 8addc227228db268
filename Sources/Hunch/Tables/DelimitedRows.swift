/// A place that rows come from.
protocol RowSource: AnyObject {
  /// The values of a row, or what is wrong with it.
  typealias Outcome = Result<[String?], RowProblem>

  /// The line on which the last row began.
  var line: Int { get }

  /// The bytes of the last row, as far as they are held.
  var lastRowBytes: ArraySlice<UInt8> { get }

  /// Whether each value of the last row was a string in a format that tells; else empty.
  var strings: [Bool] { get }

  /// The next row; `nil` at the end.
  func next() throws(TableError) -> Outcome?
}

/// Reads the rows of CSV and TSV from a stream.
final class DelimitedRows: RowSource {
  let stream: ByteStream
  var scanner: DelimitedScanner
  private let limit: Int
  private var scratch: [UInt8] = []
  /// The bytes of the last row, still in the stream's window, to be stepped over by the next call.
  private var lastRow = 0
  private var lastRowLines = 0
  /// Whether a line feed at the beginning of the window belongs to a return before it.
  private var mayBeginWithLineFeed = false
  /// What quotes mean in this file.
  var quoting: Quoting
  /// Whether all names are quoted, by a program that knows how to quote.
  private(set) var hasQuotedHeader = false

  private(set) var line = 1
  /// The names of the fields; a row must have as many. `nil` while the header is read.
  private(set) var names: [String]?
  /// The fields wanted, in this order; `nil` for all.
  private var places: [Int]?

  init(_ stream: ByteStream, delimiter: UInt8, limit: Int) {
    self.stream = stream
    scanner = DelimitedScanner(delimiter: delimiter)
    quoting = delimiter == TableFormat.tab ? .undecided : .standard
    self.limit = limit
  }

  /// Reads the names of the columns from the first row. Separators at its end, behind which no
  /// name stands, name no columns.
  ///
  /// - Parameter firstMayRepeat: Whether one other column may be named like the first.
  func readHeader(firstMayRepeat: Bool = false) throws(TableError) -> [String] {
    switch try next() {
    case nil: throw .empty(path: stream.path)
    case .failure(let problem):
      throw .badHeader(path: stream.path, line: line, problem: problem)
    case .success(let values):
      let all = values.map { $0 ?? "" }
      let last = all.lastIndex { !$0.isEmpty } ?? all.count - 1
      let header = Array(all[...last])
      var known = Set<String>()
      for name in header.dropFirst(firstMayRepeat ? 1 : 0) where !known.insert(name).inserted {
        throw .duplicateColumn(path: stream.path, column: name)
      }
      hasQuotedHeader = scanner.fields.allSatisfy(\.isQuoted)
      if hasQuotedHeader { quoting = .standard }
      names = header
      return header
    }
  }

  /// Restricts the rows to some of the columns.
  func choose(_ columns: [String]) throws(TableError) {
    var places: [Int] = []
    for column in columns {
      guard let place = names?.firstIndex(of: column) else {
        throw .missingColumn(path: stream.path, column: column, known: names ?? [])
      }
      places.append(place)
    }
    self.places = places
  }

  func next() throws(TableError) -> Outcome? {
    step()
    guard try skipEmptyLines() else { return nil }
    line = stream.line
    var end = try scanRow()
    if names != nil, quoting == .undecided { try decideQuoting() }
    if scanner.hasQuotes {
      if end == .complete { end = judgeQuotes() }
      if end != .complete, quoting != .standard { end = try scanRow(knowsQuotes: false) }
    }
    switch end {
    case .openQuote(let field, let start): return .failure(giveUp(field, start))
    case .tooLong: return .failure(try passOver())
    case .complete: break
    }
    lastRow = scanner.position
    mayBeginWithLineFeed = scanner.endsWithReturn
    lastRowLines = 1  // Its own line end; after the last row it counts for nothing.
    if scanner.hasQuotes {
      lastRowLines += lineEnds(to: scanner.contentEnd)
    }
    if let field = scanner.fieldWithTail {
      return .failure(.textAfterQuote(column: name(field)))
    }
    if let names, !fits(scanner.fields) {
      return .failure(.fieldCount(found: scanner.fields.count, expected: names.count))
    }
    return values()
  }

  /// Whether a row has a field for each name; separators at its end add nothing.
  func fits(_ fields: [DelimitedScanner.Field]) -> Bool {
    guard let names else { return true }
    return fields.count >= names.count
      && fields[names.count...].allSatisfy { $0.start == $0.end }
  }

  var strings: [Bool] { [] }

  var lastRowBytes: ArraySlice<UInt8> { stream.first(lastRow) }

  private func step() {
    stream.consume(lastRow)
    stream.line += lastRowLines
    (lastRow, lastRowLines) = (0, 0)
  }

  private func skipEmptyLines() throws(TableError) -> Bool {
    while true {
      if stream.available == 0, try !stream.fill() { return false }
      let byte = stream.bytes[stream.start]
      if byte == DelimitedScanner.lineFeed {
        if !mayBeginWithLineFeed { stream.line += 1 }
        mayBeginWithLineFeed = false
      } else if byte == DelimitedScanner.carriageReturn {
        stream.line += 1
        mayBeginWithLineFeed = true
      } else {
        mayBeginWithLineFeed = false
        return true
      }
      stream.consume(1)
    }
  }

  /// How the scan of a row ended.
  enum RowEnd: Equatable {
    case complete
    /// A quote opens a field and does not end it where it should; the field and where it begins.
    case openQuote(field: Int, start: Int)
    case tooLong
  }

  /// Scans until the row is complete.
  private func scanRow(knowsQuotes: Bool = true) throws(TableError) -> RowEnd {
    scanner.begin(knowsQuotes: knowsQuotes)
    while true {
      let end = min(stream.available, limit)
      if scanner.scan(stream.bytes, from: stream.start, to: stream.start + end) {
        return .complete
      }
      let open = RowEnd.openQuote(field: scanner.fields.count, start: scanner.fieldStart)
      if stream.available >= limit {
        let hasLines =
          scanner.mode == .quoted && firstLineEnd(from: scanner.fieldStart, to: end) < end
        return hasLines ? open : .tooLong
      }
      if try !stream.fill() {
        scanner.finish()
        return scanner.mode == .quoted ? open : .complete
      }
    }
  }

  /// Ends a row that is longer than the limit. What follows on its line is not kept.
  private func passOver() throws(TableError) -> RowProblem {
    stream.line += lineEnds(to: scanner.position)
    stream.consume(scanner.position)
    while true {
      let length = firstLineEnd(from: 0, to: stream.available)
      let isFound = length < stream.available
      stream.consume(length)
      if isFound { break }
      if try !stream.fill() { break }
    }
    return .tooLong(limit: limit)
  }

  /// Ends a row with a quote that is never closed: only the line on which that quote stands is
  /// given up, since the lines below it are most likely rows.
  private func giveUp(_ field: Int, _ start: Int) -> RowProblem {
    lastRow = firstLineEnd(from: start, to: stream.available)
    lastRowLines = lineEnds(to: lastRow)
    mayBeginWithLineFeed = false
    return .unterminatedQuote(column: name(field))
  }

  private func name(_ field: Int) -> String? {
    guard let names, field < names.count else { return nil }
    return names[field]
  }

  private func values() -> Outcome {
    let count = places?.count ?? names?.count ?? scanner.fields.count
    var values: [String?] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let place = places?[index] ?? index
      guard let text = text(scanner.fields[place]) else {
        return .failure(stream.invalidText(in: name(place)))
      }
      values.append(text)
    }
    return .success(values)
  }

  /// The text of a field; `nil` where it is not UTF-8.
  private func text(_ field: DelimitedScanner.Field) -> String? {
    if field.start == field.end { return "" }
    let bytes = stream.bytes[stream.start + field.start..<stream.start + field.end]
    if !field.hasEscapes { return String(validating: bytes, as: UTF8.self) }
    scratch.removeAll(keepingCapacity: true)
    var isSecondQuote = false
    for byte in bytes {
      isSecondQuote = byte == DelimitedScanner.quote && !isSecondQuote
      if byte != DelimitedScanner.quote || isSecondQuote { scratch.append(byte) }
    }
    return String(validating: scratch, as: UTF8.self)
  }

  /// The first line end between two positions of the row; `end` where there is none.
  func firstLineEnd(from start: Int, to end: Int) -> Int {
    var index = start
    while index < end {
      if DelimitedScanner.isLineEnd(stream.bytes[stream.start + index]) { break }
      index += 1
    }
    return index
  }

  /// The line ends in the first bytes of the row; a return with its line feed is one.
  func lineEnds(to end: Int) -> Int {
    var count = 0
    var previous: UInt8 = 0
    for byte in stream.bytes[stream.start..<stream.start + end] {
      if byte == DelimitedScanner.carriageReturn { count += 1 }
      if byte == DelimitedScanner.lineFeed, previous != DelimitedScanner.carriageReturn {
        count += 1
      }
      previous = byte
    }
    return count
  }
}
