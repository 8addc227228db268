import Foundation
import HunchLabeling
import HunchModels

/// The whole project as one self-contained HTML page: findings, functions, pairs, classes, label
/// model and evaluation.
///
/// The page needs no network and no script. The same project and corpus give the same bytes.
public struct HTMLReport: InSession {
  /// The most functions for which example documents are drawn.
  static let exampleFunctions = 200
  /// The most example documents of each sort.
  static let examples = 3
  /// The most documents on which the classifier is most wrong.
  static let worst = 10
  /// The most documents whose label flipped from the run before to the last.
  static let flips = 30
  /// The words that speak most for each class.
  static let features = 12

  private let labels: FittedLabels
  /// Nil where there is nothing to learn.
  private let trained: TrainedClassifier?
  private let trainingProblem: String?
  private let showsTexts: Bool

  /// - Parameter texts: Whether the page may contain the beginnings of a few documents of each
  ///   function; ids are always shown.
  /// - Complexity: Training, if that has not been done yet.
  public init(_ labels: FittedLabels, texts: Bool = true) throws {
    (self.labels, showsTexts) = (labels, texts)
    do {
      (trained, trainingProblem) = (try TrainedClassifier(labels), nil)
    } catch HunchError.nothingToLearn(let reason) {
      (trained, trainingProblem) = (nil, reason)
    }
  }

  var session: Session { labels.session }

  /// The page.
  ///
  /// - Complexity: Two passes over the corpus and one over its texts, beyond what is not stored yet.
  public func render() throws -> String { try HTMLPage(facts: facts()).render() }

  /// Writes the page to a file.
  ///
  /// The page goes to a temporary file that takes the name when it is complete. A path that is a
  /// device or a pipe is written directly.
  ///
  /// - Parameter isNamed: Whether the user named the path: only then is a link followed.
  /// - Returns: The number of bytes.
  /// - Throws: ``HunchError/cannotCreate(path:problem:)`` besides what the steps throw.
  public func write(to path: String, isNamed: Bool = true) throws -> Int {
    let bytes = Array(try render().utf8)
    try ReplacedFile.write(bytes, to: path, links: isNamed ? .followed : .refused)
    return bytes.count
  }

  // MARK: - Facts

  private func facts() throws -> HTMLReportFacts {
    let table = labels.table
    var facts = try Analysis(labels.votes, split: nil, examples: 5).facts
    let fit = try labels.report()
    facts.add(fit)
    facts.trainingProblem = trainingProblem
    let errors = try trained.flatMap { try self.errors($0) }
    facts.evaluation = facts.hasGold ? errors : nil
    let exampled = FunctionPairs.busiest(
      facts.functions.map(\.figures.covered), Self.exampleFunctions)
    let sampler = try sampler(facts, exampled: exampled)
    return HTMLReportFacts(
      report: facts, name: name, pack: project.pack?.name, packSummary: project.pack?.summary,
      corpus: "\(project.configuration.corpus.path), "
        + project.configuration.corpus.source.description,
      splits: Split.allCases.map { size(of: $0, table) }, fit: fit, training: trained?.report,
      errors: errors, runs: try runs(),
      workers: facts.crowds.isEmpty ? nil : try WorkersReport(labels.votes),
      showsTexts: showsTexts, examples: examples(sampler.examples, of: exampled),
      exampleFunctions: exampled.count, uncovered: sampler.uncovered, pairExamples: sampler.pairs,
      strongest: showsTexts
        ? trained?.classifier.strongestFeatures(in: sampler.texts, top: Self.features) ?? [] : [])
  }

  /// The figures on development labels, and the documents on which the classifier is wrong or
  /// differs from the label model: of the valid split if it has gold, else of the train split.
  private func errors(_ trained: TrainedClassifier) throws -> EvaluateReport? {
    let split = labels.votes.developmentSplit ?? .train
    guard labels.table.size(of: split).documents > 0 else { return nil }
    var request = EvaluationRequest(
      worst: WorstRequest(count: Self.worst, texts: showsTexts), buckets: true)
    request.worst?.passages = true
    return try EvaluateReport(trained, split: split, request)
  }

  /// How the last recorded run differs from the one before.
  private func runs() throws -> RunComparison? {
    try RunStore.unlessDamaged {
      let history = session.history
      guard try history.runs(limit: 2).count > 1 else { return nil }
      return try history.compare(nil, nil, RunComparisonRequest(count: Self.flips))
    }
  }

  private func sampler(_ facts: ReportFacts, exampled: [Int]) throws -> ReportSampler {
    let (decision, labeling) = (labels.fit.decision, labels.labeling)
    let seed = project.configuration.seed
    var sampler = ReportSampler(
      ExampleSampler(
        functions: exampled, of: catalog.functions.count, limit: Self.examples, seed: seed,
        wantsTexts: showsTexts),
      pairs: HTMLHeatMap.functions(facts), functionCount: catalog.functions.count,
      documents: facts.documents, seed: seed, wantsTexts: showsTexts)
    try labels.pass.run(.texts) { chunk, block in
      (chunk: chunk, block: block, posteriors: labeling.posteriors(chunk, block))
    } take: { chunk, block, posteriors in
      sampler.add(chunk, block, posteriors) {
        ExampleDocument.Label(posteriors.posterior($0), decision)
      }
    }
    return sampler
  }

  /// The name of the project's folder, wherever it was called from.
  private var name: String {
    URL(fileURLWithPath: project.directory).standardizedFileURL.lastPathComponent
  }

  private func size(of split: Split, _ table: VoteTable) -> HTMLReportFacts.SplitSize {
    let totals = table.totals(of: split)
    return .init(
      name: split.name, documents: totals.documents, gold: totals.gold.reduce(0, +),
      covered: totals.covered)
  }

  /// Documents of the functions with the most votes; none for the others.
  private func examples(
    _ sampler: ExampleSampler, of chosen: [Int]
  ) -> [FunctionExamples<HTMLReportFacts.Example>] {
    var examples = catalog.functions.map { _ in FunctionExamples<HTMLReportFacts.Example>() }
    for index in chosen {
      let finder = showsTexts ? MatchFinder.finder(session, of: index) : nil
      examples[index] = sampler.examples(of: index).map {
        .init(document: $0, passage: $0.passage(finder))
      }
    }
    return examples
  }
}
