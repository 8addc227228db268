import Foundation
import HunchModels
import HunchText

/// Turns input lines into output lines with a ``Predictor``, with several threads and in order.
///
/// For example:
///
///     var stream = try PredictionStream(predictor, path: "messages.jsonl", threads: 2)
///     try stream.append(block) { output in … }
///     try stream.finish { output in … }
///
/// Lines end with LF or CRLF; what is not valid UTF-8 is read as U+FFFD. Memory is bounded by a
/// block and the longest line.
public struct PredictionStream {
  /// Lines that are written together: before a line that is no text, only whole batches are.
  package static let batch = 512
  /// Lines that a thread takes at a time; divides ``batch``.
  package static let piece = 64

  /// How many lines lacked a field that the classifier looks at, by its name; there it counted as
  /// missing.
  public private(set) var absent: [String: Int] = [:]

  private let predictor: Predictor
  private let encoder: PredictionEncoder
  private let path: String
  private let threads: Int
  private var buffer: [UInt8] = []
  /// The lines of the buffer that end with a line break, without it.
  private var lines: [Range<Int>] = []
  /// Where the next line begins, and up to where it has been searched for its end.
  private var start = 0
  private var searched = 0
  /// The lines done before those of the buffer.
  private var done = 0

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - path: The name of the input, for errors.
  ///   - threads: At least 1. The output does not depend on it.
  /// - Throws: `EncodingError` when a label cannot be written.
  public init(_ predictor: Predictor, path: String, threads: Int) throws {
    self.predictor = predictor
    self.path = path
    self.threads = max(1, threads)
    encoder = try PredictionEncoder(labels: predictor.labels)
  }

  /// Adds bytes of the input and hands on the output of all batches that are complete.
  ///
  /// - Throws: ``HunchError/predictInput(path:line:problem:)`` for a line that begins like a JSON
  ///   object and is none, or has no `text`; ``EmbeddingError``; what `output` throws.
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public mutating func append(
    _ block: some Collection<UInt8>, output: (_ bytes: [UInt8]) throws -> Void
  ) throws {
    buffer.append(contentsOf: block)
    while let end = buffer[searched...].firstIndex(of: DelimitedScanner.lineFeed) {
      addLine(endingAt: end)
      start = end + 1
      searched = start
    }
    searched = buffer.count
    let whole = lines.count - lines.count % Self.batch
    if whole > 0 { try flush(whole, output) }
  }

  /// Hands on the output of the lines that are left, with or without a line break at the end.
  ///
  /// - Throws: As ``append(_:output:)``.
  public mutating func finish(output: (_ bytes: [UInt8]) throws -> Void) throws {
    if start < buffer.count { addLine(endingAt: buffer.count) }
    start = buffer.count
    searched = start
    if !lines.isEmpty { try flush(lines.count, output) }
  }

  private mutating func addLine(endingAt end: Int) {
    let hasReturn = end > start && buffer[end - 1] == DelimitedScanner.carriageReturn
    lines.append(start..<(hasReturn ? end - 1 : end))
  }

  /// Predicts the first lines of the buffer and drops them.
  private mutating func flush(_ count: Int, _ output: ([UInt8]) throws -> Void) throws {
    let results = pieces(count)
    for (index, result) in results.enumerated() {
      guard case .failure = result else { continue }
      // What precedes the batch of the first bad line is written, whatever the threads did.
      let good = index - index % (Self.batch / Self.piece)
      for result in results[..<good] { try hand(result.get(), to: output) }
      _ = try result.get()
    }
    for result in results { try hand(result.get(), to: output) }
    done += count
    let kept = count < lines.count ? lines[count].lowerBound : start
    lines.removeFirst(count)
    for index in lines.indices {
      lines[index] = lines[index].lowerBound - kept..<lines[index].upperBound - kept
    }
    buffer.removeSubrange(..<kept)
    start -= kept
    searched -= kept
  }

  private mutating func hand(_ piece: Piece, to output: ([UInt8]) throws -> Void) throws {
    absent.merge(piece.absent, uniquingKeysWith: +)
    try output(piece.bytes)
  }

  /// The output of each piece of the first lines of the buffer.
  private func pieces(_ count: Int) -> [Result<Piece, any Error>] {
    let pieceCount = (count + Self.piece - 1) / Self.piece
    let results = Guarded(
      [Result<Piece, any Error>](repeating: .success(Piece()), count: pieceCount))
    let job = Job(
      predictor: predictor, encoder: encoder, path: path, buffer: buffer,
      lines: Array(lines[..<count]), done: done)
    let workers = min(threads, pieceCount)
    Threads.parallelism(workers).run(workers) { worker in
      // Each worker takes every n-th piece, so that texts of different length spread.
      for piece in stride(from: worker, to: pieceCount, by: workers) {
        let begin = piece * Self.piece
        let result = Result { try job.output(begin..<min(begin + Self.piece, count)) }
        results.withLock { $0[piece] = result }
      }
    }
    return results.withLock { $0 }
  }
}

/// The output of some lines.
private struct Piece: Sendable {
  var bytes: [UInt8] = []
  /// Fields that lines lacked.
  var absent: [String: Int] = [:]
}

/// What the threads share.
private struct Job: Sendable {
  var predictor: Predictor
  var encoder: PredictionEncoder
  var path: String
  var buffer: [UInt8]
  var lines: [Range<Int>]
  /// The lines of the input before the first of ``lines``.
  var done: Int

  /// The output lines of some of the lines.
  func output(_ range: Range<Int>) throws -> Piece {
    if let fields = predictor.fields { return try output(range, fields) }
    var scanner = JSONObjectScanner()
    var scratch: [UInt8] = []
    var batch = TextBatch()
    for index in range { try append(index, to: &batch, &scanner, &scratch) }
    var output = Piece()
    try encoder.append(predictor.probabilities(batch), to: &output.bytes)
    return output
  }

  /// The same for a classifier that looks at more than texts.
  private func output(_ range: Range<Int>, _ fields: PredictionFields) throws -> Piece {
    var output = Piece()
    let documents = try range.map { index in
      try Predictor.document(
        of: String(decoding: buffer[lines[index]], as: UTF8.self), fields, path: path,
        number: done + index + 1, absent: &output.absent)
    }
    try encoder.append(predictor.probabilities(documents), to: &output.bytes)
    return output
  }

  private func append(
    _ index: Int, to batch: inout TextBatch, _ scanner: inout JSONObjectScanner,
    _ scratch: inout [UInt8]
  ) throws {
    let line = lines[index]
    if line.isEmpty || buffer[line.lowerBound] != JSONObjectScanner.openBrace {
      batch.append(repairing: buffer[line])
    } else if let (text, hasEscapes) = plainText(line, &scanner) {
      if !hasEscapes {
        batch.append(repairing: buffer[text])
      } else if let text = JSONObjectScanner.text(
        buffer, text, hasEscapes: true, scratch: &scratch)
      {
        batch.append(text)
      } else {
        try appendSlowly(index, to: &batch)
      }
    } else {
      try appendSlowly(index, to: &batch)
    }
  }

  /// Reads a line of which the scanner does not know enough, or one in error.
  private func appendSlowly(_ index: Int, to batch: inout TextBatch) throws {
    let line = String(decoding: buffer[lines[index]], as: UTF8.self)
    batch.append(try Predictor.text(of: line, path: path, number: done + index + 1))
  }

  /// Where the value of `text` lies, if there is one such key and nothing in the object that
  /// Foundation might read in another way: escaped keys, nested values, numbers that may overflow.
  private func plainText(
    _ line: Range<Int>, _ scanner: inout JSONObjectScanner
  ) -> (text: Range<Int>, hasEscapes: Bool)? {
    // A brace with a combining mark behind it does not begin an object.
    guard line.count > 1, buffer[line.lowerBound + 1] < 0x80 else { return nil }
    do { try scanner.scan(buffer, line) } catch { return nil }
    var found: (text: Range<Int>, hasEscapes: Bool)?
    for member in scanner.members {
      if member.keyHasEscapes { return nil }
      if member.kind == .other, !isShort(member.value) { return nil }
      if buffer[member.key].elementsEqual("text".utf8) {
        if found != nil || member.kind != .string { return nil }
        found = (member.value, member.valueHasEscapes)
      }
    }
    return found
  }

  /// Whether a value is a number of few digits without an exponent, or a truth value.
  private func isShort(_ value: Range<Int>) -> Bool {
    if value.count > 15 { return false }
    let first = buffer[value.lowerBound]
    if first == UInt8(ascii: "t") || first == UInt8(ascii: "f") { return true }
    return buffer[value].allSatisfy { byte in
      byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
  }
}
