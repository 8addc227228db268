public import Foundation
import GRDB
import HunchLabeling
import HunchModels

/// How a pipeline is run; none of what a user can set changes a result.
public struct PipelineOptions: Sendable {
  /// The number of threads; at least 1.
  public var threads: Int
  /// How to ask for a stop.
  public var cancellation: Cancellation
  /// Hears how far the work is.
  public var progress: StepProgress
  /// What time it is: a corpus that was written a moment ago is read to see whether it changed.
  package var now: @Sendable () -> Date = { Date() }
  /// The bytes of vote patterns that are kept in memory.
  package var patternMemory = PatternTableBuilder.memoryLimit
  /// The bytes that training may take. Of more documents than fit, some are left out: this does
  /// change a result.
  package var trainingMemory = TextClassifierTrainer.memoryLimit
  /// The bytes that recorded runs may take with what became of their documents.
  package var runBytes = RunStore.keptBytes

  /// The bytes of its sources from which on a knowledge base is kept compiled.
  package var compiledKnowledgeBytes = KnowledgeSource.compiledBytes

  /// Makes what fetches embeddings from the address of a service by the name of a model; nil where
  /// nothing can.
  public var embedder: (@Sendable (_ url: String, _ model: String) throws -> any TextEmbedder)?

  /// Makes what asks a language model by its name and the time to wait for an answer; nil where no
  /// service is named, so that answers that are stored are used.
  public var chatModel: (@Sendable (_ model: String, _ timeout: Duration) throws -> any ChatModel)?

  /// Creates options; by default every core, no progress.
  public init(
    threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    cancellation: Cancellation = Cancellation(), progress: StepProgress = .silent
  ) {
    self.threads = max(1, threads)
    self.cancellation = cancellation
    self.progress = progress
  }
}

/// A project at work: each step asks for the steps before it, and whatever is still valid in the
/// workspace is used instead of being computed again.
///
/// For example:
///
///     let pipeline = try Pipeline(project)
///     print(try pipeline.analyze(split: nil).coverage)
///
/// A pipeline belongs to one thread; inside its steps it uses as many as it was given.
public final class Pipeline {
  /// What is worked on.
  public let project: Project
  let options: PipelineOptions
  private(set) var catalog: FunctionCatalog
  let corpus: Corpus
  let workspace: Workspace
  let store: VoteStore
  /// The answers of language models; nil where no function asks.
  private(set) var promptVotes: PromptVotes?

  private var applied: (outcome: Applier.Outcome, report: ApplyReport)?
  private var hand: HandLabels?
  private var table: VoteTable?
  private var fitted: LabelFit?
  private var labeled: DocumentLabeling?
  private var values: DocumentValues?
  var keptFacts: KeptFacts?
  private var trained: (classifier: TextClassifier, report: TrainReport)?
  /// Gets the labels of documents for the record of a run.
  var labelCollector: LabelCollector?

  /// Checks rules, knowledge bases, vote files and corpus, and takes the workspace.
  ///
  /// - Throws: ``HunchError``, ``TableError`` or another ``ReportableError``.
  public init(_ project: Project, options: PipelineOptions = PipelineOptions()) throws {
    self.project = project
    self.options = options
    var catalog = try FunctionCatalog(project, options)
    try LabelFit.validate(project, functions: catalog.functions.map(\.name))
    corpus = try Corpus(
      path: project.resolve(project.configuration.corpus.path),
      configuration: project.configuration.corpus, labels: project.labels,
      readers: Self.readers(project.pack), features: project.configuration.features,
      now: options.now)
    workspace = try Workspace(path: project.workspacePath)
    store = VoteStore(workspace: workspace)
    if project.configuration.choosesThresholds {
      let (labels, damaged) = try LabelStore(workspace: workspace).all()
      let hand = HandLabels(labels, damaged: damaged.count, classes: project.labels)
      let gold = try ThresholdGold(
        corpus, project, hand, cancellation: options.cancellation)
      catalog = try FunctionCatalog(project, options) { gold }
    }
    self.catalog = catalog
    if !catalog.prompts.isEmpty { try refreshPrompts() }
  }

  deinit { workspace.close() }

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

  // MARK: - Apply

  /// Runs the labeling functions where their votes are not stored yet.
  ///
  /// Language models are asked first what rules ask of them, where a service is named and
  /// `language_model: budget:` says what it may cost.
  public func apply() throws -> ApplyReport { try appliedVotes(.ifAllowed).report }

  /// Finds out what ``apply()`` would evaluate and why; evaluates and writes nothing.
  ///
  /// - Complexity: O(chunks × functions) if nobody has written the corpus since the last run, else
  ///   the corpus is read and hashed.
  public func explainApply() throws -> ApplyPlan { try applier.plan() }

  private var applier: Applier {
    Applier(
      project: project, catalog: catalog, corpus: corpus, store: store, prompts: promptVotes,
      threads: options.threads, cancellation: options.cancellation, progress: options.progress)
  }

  /// Looks what answers of language models there are.
  func refreshPrompts() throws {
    let votes = try PromptVotes(
      AnswerStore(workspace), catalog.prompts, calibrates: project.languageModel.calibrates)
    catalog.setAnswers(catalog.prompts.indices.map(votes.state))
    promptVotes = votes
  }

  func appliedVotes(
    _ asking: PromptAsking = .never
  ) throws -> (outcome: Applier.Outcome, report: ApplyReport) {
    if let applied { return applied }
    let start = ContinuousClock.now
    var outcome = try applier.run()
    let asked = try askPrompts(outcome, asking)
    if let asked, asked.isNew { outcome = try applier.run().after(outcome, catalog) }
    let failures = try store.failures(layout: outcome.layout, functions: outcome.functions)
    let report = ApplyReport(
      documents: outcome.layout.reduce(0) { $0 + $1.documents },
      functions: catalog.functions.count, evaluations: outcome.evaluations,
      reused: outcome.reused,
      evaluatedFunctions: outcome.evaluatedFunctions.sorted().map { catalog.functions[$0].name },
      errors: failures.count,
      failures: summarise(failures.map { ($0.function, $0.reason) }),
      warnings: corpusWarnings(outcome) + (asked?.report.warnings ?? []),
      timings: try timings(outcome), scanSeconds: outcome.scanSeconds,
      seconds: start.duration(to: .now).inSeconds, languageModel: asked?.report)
    applied = (outcome, report)
    return (outcome, report)
  }

  private func timings(_ outcome: Applier.Outcome) throws -> [ApplyReport.Timing] {
    zip(catalog.evaluated, try store.timings(of: outcome.functions)).map { function, timing in
      ApplyReport.Timing(
        function: function.name, seconds: timing.seconds, documents: timing.documents)
    }
  }

  private func summarise(_ failures: [(function: Int, reason: String)]) -> [ApplyReport.Failure] {
    var counts: [Int: [String: Int]] = [:]
    for (function, reason) in failures { counts[function, default: [:]][reason, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { function, reasons in
      ApplyReport.Failure(
        function: catalog.evaluated[function].name, documents: reasons.values.reduce(0, +),
        reasons: reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
          "\($0.key) (\($0.value))"
        })
    }
  }

  private func corpusWarnings(_ outcome: Applier.Outcome) -> [String] {
    var warnings: [String] = []
    let repaired = outcome.layout.reduce(0) { $0 + $1.repaired }
    if repaired > 0 {
      warnings.append(
        "\(repaired) documents are not valid UTF-8; what is wrong was read as U+FFFD")
    }
    let withoutText = outcome.layout.reduce(0) { $0 + $1.withoutText }
    if withoutText > 0 {
      warnings.append("\(withoutText) documents have no text (NULL) and count as empty")
    }
    for (path, rows) in outcome.unmatchedRows.sorted(by: { $0.key < $1.key }) where rows > 0 {
      warnings.append("\(path): \(rows) rows name no document of the corpus")
    }
    for configuration in project.configuration.knowledge {
      let used = catalog.knowledge[configuration.name]?.joinsAreUsed ?? []
      for (join, isUsed) in zip(configuration.joins, used) where !isUsed {
        warnings.append(
          "knowledge base '\(configuration.name)': no '\(join.key)' of a joined table is a key of "
            + "the base; keys are compared exactly")
      }
    }
    return warnings
  }

  // MARK: - Votes

  func votePass() throws -> VotePass {
    let outcome = try appliedVotes().outcome
    return VotePass(
      corpus: corpus, store: store, layout: outcome.layout, signature: outcome.signature,
      functions: Array(outcome.functions.prefix(catalog.functions.count)),
      slices: Array(outcome.functions.dropFirst(catalog.functions.count)),
      labels: try handLabels(), classCount: project.labels.count)
  }

  /// The labels of the workspace.
  private func handLabels() throws -> HandLabels {
    if let hand { return hand }
    let (labels, damaged) = try LabelStore(workspace: workspace).all()
    let found = HandLabels(labels, damaged: damaged.count, classes: project.labels)
    hand = found
    return found
  }

  /// Forgets what depends on the labels of the workspace, since these have changed.
  func forgetLabels() {
    (hand, table, fitted, labeled, trained, keptFacts) = (nil, nil, nil, nil, nil, nil)
  }

  func voteTable() throws -> VoteTable {
    if let table { return table }
    let table = try VoteTable(
      try votePass(), GoldRoles(project.configuration, try handLabels()),
      functionCount: catalog.functions.count,
      classCount: project.labels.count,
      memory: options.patternMemory, storage: SpillDirectory(workspace: workspace.path),
      cancellation: options.cancellation)
    self.table = table
    return table
  }

  // MARK: - Fit and train

  /// Learns the probabilistic labels.
  public func fit() throws -> FitReport {
    var report = try labelFit().report(catalog, project.labels, try voteTable())
    report.text = try labeling().evidence.map {
      FitReport.Text(documents: $0.documents, explained: $0.explained, strength: $0.strength)
    }
    return report
  }

  func labelFit() throws -> LabelFit {
    if let fitted { return fitted }
    let fit = try LabelFit(
      try voteTable(), project, functions: catalog.functions.map(\.name),
      evidence: try voteEvidence())
    fitted = fit
    return fit
  }

  /// What is known of votes before functions are compared.
  func voteEvidence() throws -> VoteEvidence {
    try VoteEvidence(
      catalog, labels: project.labels, models: ModelStore(workspace: workspace))
  }

  /// How documents get their probabilistic labels.
  func labeling() throws -> DocumentLabeling {
    if let labeled { return labeled }
    let fit = try labelFit()
    var evidence: TextEvidence?
    if fit.readsTexts, fit.covered > 0 {
      evidence = try EvidenceTraining(documents: try trainingDocuments())
        .run(ModelStore(workspace: workspace))
    }
    let labeling = DocumentLabeling(
      model: fit.model, evidence: evidence, threads: options.threads)
    labeled = labeling
    return labeling
  }

  func trainingDocuments() throws -> TrainingDocuments {
    TrainingDocuments(
      labels: project.labels, table: try voteTable(), fit: try labelFit(),
      pass: try votePass(), catalog: catalog, options: options)
  }

  /// Trains the end model on the probabilistic labels of the covered training documents.
  public func train() throws -> TrainReport { try classifier().report }

  func classifier() throws -> (classifier: TextClassifier, report: TrainReport) {
    if let trained { return trained }
    let training = ClassifierTraining(
      documents: try trainingDocuments(), labeling: try labeling(),
      configuration: project.configuration.endModel, values: try documentValues())
    let result = try training.run(ModelStore(workspace: workspace), labels: labelCollector)
    trained = result
    return result
  }

  /// What documents bring to the end model beside their texts.
  ///
  /// - Throws: ``EmbeddingError/noClient(endpoint:)`` where embeddings have to be fetched and nothing
  ///   can.
  func documentValues() throws -> DocumentValues {
    if let values { return values }
    let columns = project.configuration.features
    var source: EmbeddingSource?
    if case .endpoint(let url, let model) = columns.embedding {
      source = try EmbeddingSource(
        url: url, model: model, embedder: options.embedder,
        store: EmbeddingStore(workspace), progress: options.progress,
        cancellation: options.cancellation)
    }
    let values = DocumentValues(
      columns: columns, embeddings: source,
      contents: columns.stored.isEmpty ? nil : try ColumnContents(workspace))
    self.values = values
    return values
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
