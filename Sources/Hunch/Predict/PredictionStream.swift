import Foundation
import HunchModels
import HunchText

/// Turns input into output lines with a ``Predictor``, with several threads and in order.
///
/// For example, a file by its name, or whatever brings bytes of lines:
///
///     var stream = try PredictionStream(predictor, path: "messages.csv", threads: 2)
///     try stream.run { output in … }
///
///     try stream.append(block) { output in … }
///     try stream.finish { output in … }
///
/// Lines end with LF or CRLF; a byte-order mark at the beginning is passed over. A line that cannot
/// be read has no answer, and all others have theirs. Memory is bounded by a block and the longest
/// line, of which no more is kept than ``PredictionInput/lineLimit``.
package struct PredictionStream {
  /// Lines that are predicted together, unless they are long.
  package static let batch = 512
  /// Lines that a thread takes at a time; divides ``batch``.
  package static let piece = 64
  /// So many bytes of lines are predicted together although they are fewer lines.
  private static let batchBytes = 1 << 22
  /// The bytes read at a time.
  private static let blockSize = 1 << 18

  /// How many lines lacked a field, by its name: one that the classifier looks at, where it counted
  /// as missing, or one to be given back.
  package private(set) var absent: [String: Int] = [:]

  /// How many lines could not be read.
  package private(set) var unread = 0

  private let path: String
  private let input: PredictionInput
  private let threads: Int
  private let problem: (HunchError) throws -> Void
  private var reader: PredictionReader
  private var buffer: [UInt8] = []
  private var items: [PredictionReader.Item] = []
  /// Where the next line begins, and up to where it has been searched for its end.
  private var start = 0
  private var searched = 0
  /// The bytes of rows among the items.
  private var rowBytes = 0
  /// The lines before the next one.
  private var lines = 0
  /// Whether nothing was read yet, and whether a line that is too long is under way.
  private var isAtBeginning = true
  private var isTooLong = false
  /// Nil until the first line that is not blank says it.
  private var format: PredictionInput.Format?

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - path: The file to read, `-` for standard input; a name for errors where bytes are given.
  ///   - threads: At least 1. The output does not depend on it.
  ///   - input: How the input is read.
  ///   - problem: Hears of each line that cannot be read, as
  ///     ``HunchError/predictInput(path:line:problem:)``, in the order of the lines; what it throws
  ///     ends the stream, after the answers to the lines before. Without it the first one does.
  /// - Throws: `EncodingError` when a label cannot be written.
  package init(
    _ predictor: Predictor, path: String, threads: Int,
    input: PredictionInput = PredictionInput(),
    problem: @escaping (HunchError) throws -> Void = { throw $0 }
  ) throws {
    self.path = path
    self.input = input
    self.threads = max(1, threads)
    self.problem = problem
    format = input.format
    reader = try PredictionReader(predictor, input)
  }

  /// The input as errors name it.
  private var shownPath: String { path == TablePath.standard ? "standard input" : path }

  /// Reads the whole file and hands on its output.
  ///
  /// - Throws: ``TableError`` for a file that is missing, cannot be read or is a table without a
  ///   column that is needed; what ``append(_:output:)`` throws.
  package mutating func run(output: (_ bytes: [UInt8]) throws -> Void) throws {
    let format = format ?? (path == TablePath.standard ? nil : .init(path: path))
    if let table = format?.table { return try run(table, output) }
    self.format = format
    let file = try InputFile(path: path)
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    while true {
      let count = try file.read(into: &block, at: 0, count: block.count)
      if count == 0 { break }
      try append(block[..<count], output: output)
    }
    try finish(output: output)
  }

  /// Reads a table.
  private mutating func run(
    _ format: TableFormat, _ output: (_ bytes: [UInt8]) throws -> Void
  ) throws {
    let table = try TableReader(path: path, format: format)
    if let missing = reader.find(columns: table.columns) {
      throw TableError.missingColumn(path: shownPath, column: missing, known: table.columns)
    }
    while let item = try Self.next(table) {
      if case .row(let cells) = item.content {
        rowBytes += cells.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
      }
      items.append(item)
      if items.count >= 4 * Self.batch || rowBytes >= Self.batchBytes { try flush(output) }
    }
    try flush(output)
  }

  /// The next row of a table, readable or not.
  private static func next(_ table: TableReader) throws -> PredictionReader.Item? {
    do {
      return try table.next().map { .init(number: $0.line, content: .row($0.values)) }
    } catch {
      guard case .badRow(_, let line, let problem) = error else { throw error }
      return .init(number: line, content: .unreadable("\(problem)"))
    }
  }

  /// Adds bytes of lines and hands on the output of all batches that are complete.
  ///
  /// - Throws: ``EmbeddingError``; what `output` and the stream's `problem` throw.
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  package mutating func append(
    _ block: some Collection<UInt8>, output: (_ bytes: [UInt8]) throws -> Void
  ) throws {
    buffer.append(contentsOf: block)
    if isAtBeginning, buffer.count >= 3 { try skipByteOrderMark() }
    while let end = buffer[searched...].firstIndex(of: DelimitedScanner.lineFeed) {
      addLine(endingAt: end)
      start = end + 1
      searched = start
      if start >= Self.batchBytes { try flush(output) }
    }
    if items.count >= Self.batch, format != nil { try flush(output) }
    if isTooLong || buffer.count - start > input.lineLimit {
      // The line is told once it ends; until then nothing of it is kept.
      isTooLong = true
      buffer.removeSubrange(start...)
    }
    searched = buffer.count
  }

  /// Hands on the output of the lines that are left, with or without a line break at the end.
  ///
  /// - Throws: As ``append(_:output:)``.
  package mutating func finish(output: (_ bytes: [UInt8]) throws -> Void) throws {
    if isAtBeginning { try skipByteOrderMark() }
    if start < buffer.count || isTooLong { addLine(endingAt: buffer.count) }
    start = buffer.count
    searched = start
    format = format ?? .lines
    try flush(output)
  }

  private mutating func skipByteOrderMark() throws {
    isAtBeginning = false
    if buffer.starts(with: ByteStream.mark) { buffer.removeFirst(3) }
    if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
      throw TableError.badRow(path: shownPath, line: 1, problem: .invalidUTF8(column: nil))
    }
  }

  private mutating func addLine(endingAt end: Int) {
    lines += 1
    if isTooLong || end - start > input.lineLimit {
      isTooLong = false
      let words = "the line is longer than \(input.lineLimit) bytes"
      items.append(.init(number: lines, content: .unreadable(words)))
      return
    }
    let hasReturn = end > start && buffer[end - 1] == DelimitedScanner.carriageReturn
    let line = start..<(hasReturn ? end - 1 : end)
    if format == nil, !buffer[line].allSatisfy(JSONObjectScanner.isSpace) {
      format = input.beginsObjects(buffer, line) ? .jsonl : .lines
    }
    items.append(.init(number: lines, content: .line(line)))
  }

  /// Predicts all items and drops them.
  private mutating func flush(_ output: ([UInt8]) throws -> Void) throws {
    if items.isEmpty { return }
    reader.readsObjects = format == .jsonl
    if format == .lines, input.id != nil || !input.keep.isEmpty {
      throw HunchError.predictInput(
        path: shownPath, line: items[0].number,
        problem: "a plain line has no fields that could be given back: give --input-format")
    }
    for result in pieces() { try hand(result.get(), to: output) }
    items.removeAll(keepingCapacity: true)
    buffer.removeSubrange(..<start)
    searched -= start
    (start, rowBytes) = (0, 0)
  }

  private mutating func hand(
    _ piece: PredictionReader.Piece, to output: ([UInt8]) throws -> Void
  ) throws {
    absent.merge(piece.absent, uniquingKeysWith: +)
    var written = 0
    for unread in piece.unread {
      self.unread += 1
      do {
        try problem(.predictInput(path: shownPath, line: unread.line, problem: unread.problem))
      } catch {
        if unread.end > written { try output(Array(piece.bytes[written..<unread.end])) }
        throw error
      }
    }
    written = piece.bytes.count
    if written > 0 { try output(piece.bytes) }
  }

  /// The output of each piece of the items.
  private mutating func pieces() -> [Result<PredictionReader.Piece, any Error>] {
    let (buffer, items) = (buffer, items)
    let ranges = stride(from: 0, to: items.count, by: Self.piece).map { begin in
      begin..<min(begin + Self.piece, items.count)
    }
    if reader.learnsFromDocuments {
      return ranges.map { range in Result { try self.reader.output(items[range], of: buffer) } }
    }
    let results = Guarded(
      [Result<PredictionReader.Piece, any Error>](
        repeating: .success(.init()), count: ranges.count))
    let workers = min(threads, ranges.count)
    let reader = reader
    Threads.parallelism(workers).run(workers) { worker in
      var reader = reader
      // Each worker takes every n-th piece, so that texts of different length spread.
      for piece in stride(from: worker, to: ranges.count, by: workers) {
        let result = Result { try reader.output(items[ranges[piece]], of: buffer) }
        results.withLock { $0[piece] = result }
      }
    }
    return results.withLock { $0 }
  }
}
