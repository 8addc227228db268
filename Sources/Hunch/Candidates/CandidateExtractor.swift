import HunchLabeling
import HunchText

/// Makes a table of candidates of a table of sentences: a row for each pair of entities that a
/// sentence names.
///
/// A row has the columns of ``columns``, and behind them those of the sentence but for its id and
/// its text. Its id says the sentence and the keys of both entities, `12:norvane>belltrick`, so it
/// stays the same whatever else is in the file.
package struct CandidateExtractor {
  /// The columns of a candidate that the sentence has not.
  ///
  /// `text` is the sentence, or the part around the pair, with markers for the names (see
  /// ``MentionPair``); `sentence` is all of it as it was; `first` and `second` are keys;
  /// `first_name` and `second_name` stand in the sentence at byte offsets `first_start`,
  /// `first_end` and so on; `order` is `first_second` or `second_first`.
  package static let columns = [
    "id", "text", "first", "second", "first_name", "second_name", "order", "words_between",
    "first_start", "first_end", "second_start", "second_end", "sentence_id", "sentence",
  ]

  private static let batchSize = 1024

  private let request: CandidateRequest
  private let finder: CandidateFinder
  private let cancellation: Cancellation

  /// Loads the knowledge bases.
  ///
  /// - Throws: ``CandidateError`` for a base that the project does not name, ``HunchError`` for one
  ///   that cannot be read.
  package init(
    _ project: Project, _ request: CandidateRequest, options: SessionOptions = SessionOptions()
  ) throws {
    var request = request
    // The same base named twice is one base.
    if request.second == request.first { request.second = nil }
    self.request = request
    cancellation = options.cancellation
    let known = project.configuration.knowledge.map(\.name)
    for name in [request.first, request.second].compactMap({ $0 }) where !known.contains(name) {
      throw CandidateError.unknownBase(name, known: known)
    }
    let source = KnowledgeSource(project: project, options: options)
    finder = CandidateFinder(
      first: EntityNames(try source.load(named: request.first)),
      second: try request.second.map { EntityNames(try source.load(named: $0)) },
      bothOrders: request.bothOrders, limit: request.within, keepsNames: request.keepsNames,
      window: request.window)
  }

  /// Reads the sentences and writes the candidates, in the order of the sentences.
  ///
  /// - Parameters:
  ///   - output: The file to write, or `-` for standard output.
  ///   - format: Its format; `nil` takes it from the file's ending.
  /// - Throws: ``CandidateError``, ``TableError`` and ``HunchError/interrupted``; the output then stands as it did before.
  /// - Complexity: O(bytes + candidates × bytes of their sentences); memory for one batch of
  ///   sentences and for their ids.
  package func run(output: String, format: TableFormat? = nil) throws -> CandidateReport {
    if let written = FileStatus(path: output), let read = FileStatus(path: request.sentences),
      written.description == read.description
    {
      throw CandidateError.sameFile(path: output)
    }
    let input = try SentenceReader(request)
    if let column = input.carriedColumns.first(where: Self.columns.contains) {
      throw CandidateError.columnTaken(path: request.sentences, column: column)
    }
    let writer = try TableWriter(
      path: output, format: format, columns: Self.columns + input.carriedColumns)
    defer { writer.discard() }
    var report = CandidateReport(output: output)
    while true {
      let sentences = try input.next(Self.batchSize)
      if sentences.isEmpty { break }
      try cancellation.check()
      try write(sentences, to: writer, &report)
    }
    try writer.finish()
    return report
  }

  private func write(
    _ sentences: [Sentence], to writer: TableWriter, _ report: inout CandidateReport
  ) throws(TableError) {
    let found = finder.candidates(in: TextBatch(sentences.map(\.text)))
    for (sentence, found) in zip(sentences, found) {
      report.sentences += 1
      report.mentions += found.mentions
      report.ambiguousMentions += found.ambiguous
      report.tooFar += found.tooFar
      report.candidates += found.candidates.count
      if found.candidates.isEmpty { report.withoutPair += 1 }
      for candidate in found.candidates {
        try writer.write(cells(candidate, of: sentence) + sentence.carried)
      }
    }
  }

  private func cells(_ candidate: Candidate, of sentence: Sentence) -> [TableValue] {
    let (first, second) = (candidate.first, candidate.second)
    return [
      .text("\(sentence.id):\(first.key)>\(second.key)"), .text(candidate.text),
      .text(first.key), .text(second.key), .text(first.name), .text(second.name),
      .text(candidate.isReversed ? "second_first" : "first_second"),
      .integer(candidate.wordsBetween), .integer(first.range.lowerBound),
      .integer(first.range.upperBound), .integer(second.range.lowerBound),
      .integer(second.range.upperBound), .text(sentence.id), .text(sentence.text),
    ]
  }
}
