import Foundation
import HunchLabeling

/// A project that is opened: its rules, knowledge and corpus checked, its workspace taken, and what
/// the workspace holds of labels and answers as it was at that moment.
///
/// It is the first of the stages of a run. Each is a value that is made from the one before, and takes
/// from the workspace what is still valid there:
///
///     let session = try Session(project)
///     let votes = try AppliedVotes(session).counted()
///     let labels = try FittedLabels(votes)
///     let classifier = try TrainedClassifier(labels)
///     print(try EvaluateReport(classifier, split: .test).classifier?.metrics.macroF1 ?? 0)
///
/// A session keeps its workspace to itself until nothing made from it is left.
public struct Session: Sendable {
  /// What is worked on.
  public let project: Project
  let options: SessionOptions
  let catalog: FunctionCatalog
  let corpus: Corpus
  let workspace: Workspace
  /// The answers of language models; nil where no function asks.
  let promptVotes: PromptVotes?
  /// The labels given by hand.
  let handLabels: HandLabels

  /// Checks rules, knowledge bases, vote files and corpus, and takes the workspace.
  ///
  /// - Throws: ``HunchError``, ``TableError`` or another ``ReportableError``.
  public init(_ project: Project, options: SessionOptions = SessionOptions()) throws {
    let catalog = try FunctionCatalog(project, options)
    try LabelFit.validate(project, functions: catalog.functions.map(\.name))
    var corpus = try Corpus(
      path: project.resolve(project.configuration.corpus.path),
      configuration: project.configuration.corpus, labels: project.labels,
      readers: Self.readers(project.pack), features: project.configuration.features,
      now: options.now)
    corpus.hearsTexts = options.hearsTexts
    try self.init(
      project, options, catalog, corpus, try Workspace(path: project.workspacePath))
  }

  private init(
    _ project: Project, _ options: SessionOptions, _ catalog: FunctionCatalog, _ corpus: Corpus,
    _ workspace: Workspace
  ) throws {
    (self.project, self.options, self.corpus, self.workspace) = (
      project, options, corpus, workspace
    )
    let (labels, damaged) = try LabelStore(workspace: workspace).all()
    let hand = HandLabels(labels, damaged: damaged.count, classes: project.labels)
    handLabels = hand
    var catalog = catalog
    if project.configuration.choosesThresholds {
      let gold = try ThresholdGold(corpus, project, hand, cancellation: options.cancellation)
      catalog = try FunctionCatalog(project, options) { gold }
    }
    if catalog.prompts.isEmpty {
      promptVotes = nil
    } else {
      let votes = try PromptVotes(
        AnswerStore(workspace), catalog.prompts, calibrates: project.languageModel.calibrates)
      catalog.setAnswers(catalog.prompts.indices.map(votes.state))
      promptVotes = votes
    }
    self.catalog = catalog
  }

  /// The same project with the labels and answers that the workspace holds now.
  public func refreshed() throws -> Session {
    try Session(project, options, catalog, corpus, workspace)
  }

  /// For each column that rules read, the rules that read it.
  private static func readers(_ pack: RulePack?) -> [String: [String]] {
    guard let pack else { return [:] }
    var readers: [String: [String]] = [:]
    for (index, function) in pack.definitions.enumerated() {
      for field in pack.fields(of: [index]) {
        readers[field, default: []].append(function.name ?? "")
      }
    }
    return readers
  }
}

/// What works in a session has these at hand.
protocol InSession {
  var session: Session { get }
}

extension InSession {
  var project: Project { session.project }
  var options: SessionOptions { session.options }
  var catalog: FunctionCatalog { session.catalog }
  var corpus: Corpus { session.corpus }
  var workspace: Workspace { session.workspace }
}
