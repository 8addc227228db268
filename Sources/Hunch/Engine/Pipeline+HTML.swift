import Foundation
import HunchModels

extension Pipeline {
  /// The most functions for which example documents are drawn.
  static let htmlExampleFunctions = 200
  /// The most example documents of each sort.
  static let htmlExamples = 3
  /// The most documents on which the classifier is most wrong.
  static let htmlWorst = 10
  /// The most documents whose label flipped from the run before to the last.
  static let htmlFlips = 30
  /// The words that speak most for each class.
  static let htmlFeatures = 12

  /// The whole project as one self-contained HTML page: findings, functions, pairs, classes, label
  /// model and evaluation.
  ///
  /// The page needs no network and no script. The same project and corpus give the same bytes.
  ///
  /// - Parameter texts: Whether the page may contain the beginnings of a few documents of each
  ///   function; ids are always shown.
  /// - Complexity: Two passes over the corpus and one over its texts, beyond what is not stored yet.
  public func htmlReport(texts: Bool = true) throws -> String {
    try HTMLPage(facts: htmlFacts(texts: texts)).render()
  }

  /// Writes ``htmlReport(texts:)`` to a file.
  ///
  /// The page goes to a temporary file that takes the name when it is complete. A path that is a
  /// device or a pipe is written directly.
  ///
  /// - Parameter isNamed: Whether the user named the path: only then is a link followed.
  /// - Returns: The number of bytes.
  /// - Throws: ``HunchError/cannotCreate(path:problem:)`` besides what the steps throw.
  public func writeHTMLReport(
    to path: String, isNamed: Bool = true, texts: Bool = true
  ) throws -> Int {
    let bytes = Array(try htmlReport(texts: texts).utf8)
    try ReplacedFile.write(bytes, to: path, links: isNamed ? .followed : .refused)
    return bytes.count
  }

  // MARK: - Facts

  func htmlFacts(texts: Bool) throws -> HTMLReportFacts {
    let table = try voteTable()
    var facts = try facts(split: nil, examples: 5)
    let fit = try fit()
    facts.add(fit)
    let (training, problem) = try trainingOrProblem()
    facts.trainingProblem = problem
    var errors: EvaluateReport?
    if training != nil {
      errors = try htmlErrors(table, texts: texts)
      facts.evaluation = facts.hasGold ? errors : nil
    }
    let exampled = FunctionPairs.busiest(
      facts.functions.map(\.figures.covered), Self.htmlExampleFunctions)
    let sampler = try reportSampler(facts, exampled: exampled, texts: texts)
    return HTMLReportFacts(
      report: facts, name: htmlName, pack: project.pack?.name, packSummary: project.pack?.summary,
      corpus: "\(project.configuration.corpus.path), "
        + project.configuration.corpus.source.description,
      splits: Split.allCases.map { htmlSize(of: $0, table) }, fit: fit, training: training,
      errors: errors, runs: try htmlRuns(),
      workers: facts.crowds.isEmpty ? nil : try workers(), showsTexts: texts,
      examples: htmlExamples(sampler.examples, of: exampled, texts: texts),
      exampleFunctions: exampled.count, uncovered: sampler.uncovered, pairExamples: sampler.pairs,
      strongest: training == nil || !texts
        ? []
        : try classifier().classifier.strongestFeatures(
          in: sampler.texts, top: Self.htmlFeatures))
  }

  /// The figures on development labels, and the documents on which the classifier is wrong or
  /// differs from the label model: of the valid split if it has gold, else of the train split.
  private func htmlErrors(_ table: VoteTable, texts: Bool) throws -> EvaluateReport? {
    let split = try developmentSplit() ?? .train
    guard table.size(of: split).documents > 0 else { return nil }
    var request = EvaluationRequest(
      worst: WorstRequest(count: Self.htmlWorst, texts: texts), buckets: true)
    request.worst?.passages = true
    return try evaluate(split: split, request)
  }

  /// How the last recorded run differs from the one before.
  private func htmlRuns() throws -> RunComparison? {
    try unlessDamaged {
      let runs = try runs()
      guard runs.count > 1 else { return nil }
      return try compare(runs[runs.count - 2], runs[runs.count - 1], documents: Self.htmlFlips)
    }
  }

  private func reportSampler(
    _ facts: ReportFacts, exampled: [Int], texts: Bool
  ) throws -> ReportSampler {
    let fit = try labelFit()
    let labeling = try labeling()
    let seed = project.configuration.seed
    var sampler = ReportSampler(
      ExampleSampler(
        functions: exampled, of: catalog.functions.count, limit: Self.htmlExamples, seed: seed,
        wantsTexts: texts),
      pairs: HTMLHeatMap.functions(facts), functionCount: catalog.functions.count,
      documents: facts.documents, seed: seed, wantsTexts: texts)
    try votePass().run(wantsTexts: true, cancellation: options.cancellation) { chunk, block in
      let posteriors = labeling.posteriors(chunk, block)
      sampler.add(chunk, block, posteriors) {
        ExampleDocument.Label(posteriors.posterior($0), fit.decision)
      }
    }
    return sampler
  }

  /// The name of the project's folder, wherever it was called from.
  private var htmlName: String {
    URL(fileURLWithPath: project.directory).standardizedFileURL.lastPathComponent
  }

  private func trainingOrProblem() throws -> (TrainReport?, String?) {
    do {
      return (try train(), nil)
    } catch HunchError.nothingToLearn(let reason) {
      return (nil, reason)
    }
  }

  private func htmlSize(of split: Split, _ table: VoteTable) -> HTMLReportFacts.SplitSize {
    let totals = table.totals(of: split)
    return .init(
      name: split.name, documents: totals.documents, gold: totals.gold.reduce(0, +),
      covered: totals.covered)
  }

  /// Documents of the functions with the most votes; none for the others.
  private func htmlExamples(
    _ sampler: ExampleSampler, of chosen: [Int], texts: Bool
  ) -> [HTMLReportFacts.Examples] {
    var examples = catalog.functions.map { _ in HTMLReportFacts.Examples() }
    for index in chosen {
      let finder = texts ? matchFinder(of: index) : nil
      let drawn = sampler.examples(of: index)
      func shown(_ documents: [ExampleDocument]) -> [HTMLReportFacts.Example] {
        documents.map { .init(document: $0, passage: $0.passage(finder)) }
      }
      examples[index] = .init(
        hits: shown(drawn.hits), mistakes: shown(drawn.mistakes),
        overruled: shown(drawn.overruled))
    }
    return examples
  }
}
