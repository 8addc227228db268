import HunchModels

/// The votes of all functions on all documents, stored in the workspace.
public struct AppliedVotes: InSession, Sendable {
  /// Where they were taken.
  public let session: Session
  let outcome: Applier.Outcome
  /// What was done.
  public internal(set) var report: ApplyReport

  /// Runs the labeling functions where their votes are not stored yet. Language models are not asked:
  /// answers that are stored are votes; ``Asking`` gets more.
  ///
  /// - Throws: ``HunchError`` or another ``ReportableError``.
  /// - Complexity: O(bytes) for functions and documents that are new, else O(chunks × functions).
  public init(_ session: Session) throws { try self.init(session, after: nil) }

  /// - Parameter first: A run before, with fewer answers of language models, to be reported as one
  ///   with this.
  init(_ session: Session, after first: AppliedVotes?) throws {
    let start = ContinuousClock.now
    var outcome = try session.applier.run()
    if let first { outcome = outcome.after(first.outcome, session.catalog) }
    (self.session, self.outcome) = (session, outcome)
    let store = VoteStore(workspace: session.workspace)
    let failures = try store.failures(layout: outcome.layout, functions: outcome.functions)
    let functions = session.catalog.functions
    report = ApplyReport(
      documents: outcome.layout.reduce(0) { $0 + $1.documents }, functions: functions.count,
      evaluations: outcome.evaluations, reused: outcome.reused,
      evaluatedFunctions: outcome.evaluatedFunctions.sorted().map { functions[$0].name },
      errors: failures.count,
      failures: session.summarise(failures.map { ($0.function, $0.reason) }),
      warnings: session.corpusWarnings(outcome),
      timings: try session.timings(store, outcome), scanSeconds: outcome.scanSeconds,
      seconds: start.duration(to: .now).inSeconds + (first?.report.seconds ?? 0))
  }

  /// The votes counted by how they go together.
  public func counted() throws -> CountedDocuments { try CountedDocuments(self) }

  /// Reads the corpus with its votes.
  var pass: VotePass {
    VotePass(
      corpus: corpus, store: VoteStore(workspace: workspace), layout: outcome.layout,
      signature: outcome.signature,
      functions: Array(outcome.functions.prefix(catalog.functions.count)),
      slices: Array(outcome.functions.dropFirst(catalog.functions.count)),
      labels: session.handLabels, classCount: project.labels.count, threads: options.threads,
      cancellation: options.cancellation)
  }
}

extension Session {
  /// Finds out what ``AppliedVotes`` would evaluate and why; evaluates and writes nothing.
  ///
  /// - Complexity: O(chunks × functions) if nobody has written the corpus since the last run, else
  ///   the corpus is read and hashed.
  package func applyPlan() throws -> ApplyPlan { try applier.plan() }

  fileprivate var applier: Applier {
    Applier(
      project: project, catalog: catalog, corpus: corpus, store: VoteStore(workspace: workspace),
      prompts: promptVotes, threads: options.threads, cancellation: options.cancellation,
      progress: options.progress)
  }

  // MARK: - The report

  fileprivate func timings(
    _ store: VoteStore, _ outcome: Applier.Outcome
  ) throws -> [ApplyReport.Timing] {
    zip(catalog.evaluated, try store.timings(of: outcome.functions)).map { function, timing in
      ApplyReport.Timing(
        function: function.name, seconds: timing.seconds, documents: timing.documents)
    }
  }

  fileprivate func summarise(_ failures: [(function: Int, reason: String)]) -> [ApplyReport.Failure]
  {
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

  fileprivate func corpusWarnings(_ outcome: Applier.Outcome) -> [String] {
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
}

extension Applier.Outcome {
  /// What both runs did together, where the one before was made without the newest answers.
  fileprivate func after(_ first: Applier.Outcome, _ catalog: FunctionCatalog) -> Applier.Outcome {
    var outcome = self
    let documents = layout.reduce(0) { $0 + $1.documents }
    let pairs = documents * catalog.functions.count
    outcome.evaluations = min(pairs, first.evaluations + evaluations)
    outcome.reused = pairs - outcome.evaluations
    outcome.evaluatedFunctions.formUnion(first.evaluatedFunctions)
    outcome.scanSeconds += first.scanSeconds
    outcome.unmatchedRows.merge(first.unmatchedRows) { $1 }
    return outcome
  }
}
