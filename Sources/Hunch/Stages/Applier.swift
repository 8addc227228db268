import HunchLabeling

/// Runs the labeling functions over the corpus and stores their votes; only what is not stored yet
/// is evaluated.
///
/// Threads pull chunks, hash their content, look up what the workspace knows of it, evaluate the
/// rest and store it, one transaction per chunk: a run that is stopped at any time continues where
/// it was.
struct Applier: Sendable {
  let project: Project
  let catalog: FunctionCatalog
  let corpus: Corpus
  let store: VoteStore
  /// The answers of language models; nil where no function asks.
  var prompts: PromptVotes?
  let threads: Int
  let cancellation: Cancellation
  let progress: StepProgress

  /// What a run of ``run()`` did.
  struct Outcome: Sendable {
    var layout: [StoredChunk] = []
    /// Stands for the corpus file that the layout describes, where that is known.
    var signature: String?
    /// The functions, then the slices.
    var functions: [StoredFunction] = []
    /// Function × document pairs evaluated in this run.
    var evaluations = 0
    /// Function × document pairs whose stored votes were used.
    var reused = 0
    /// The functions of which anything was evaluated, by index.
    var evaluatedFunctions: Set<Int> = []
    /// What each function took in this run.
    var timings: [FunctionTiming] = []
    /// The seconds of all threads spent scanning for literals in this run.
    var scanSeconds = 0.0
    /// For each votes file read in this run, the rows that named no document.
    var unmatchedRows: [String: Int] = [:]
  }

  private struct Shared {
    var outcome = Outcome()
    var programs: [[Int]: RuleProgram] = [:]
    var staged: [Int: StagedVotes] = [:]
  }

  func run() throws -> Outcome {
    let functions = try store.register(catalog.evaluated)
    var initial = Shared()
    initial.outcome.functions = functions
    initial.outcome.timings = functions.map { _ in FunctionTiming() }
    let shared = Guarded(initial)
    let signature = try corpus.signature()
    let known = try signature.flatMap { try store.layout(signature: $0) }
    if let known, try store.hasAll(functions, on: known) {
      try store.forgetUnused()
      var outcome = initial.outcome
      outcome.layout = known
      outcome.signature = signature
      outcome.reused = catalog.functions.count * known.reduce(0) { $0 + $1.documents }
      return outcome
    }
    try read(known, signature, functions, shared)
    var outcome = shared.withLock { $0.outcome }
    let documents = outcome.layout.reduce(0) { $0 + $1.documents }
    for staged in shared.withLock({ $0.staged.values.map { $0 } }) {
      outcome.unmatchedRows[staged.source.path] = try staged.unmatchedRows(
        in: corpus, documents: documents)
    }
    outcome.layout.sort { $0.position < $1.position }
    if outcome.layout.isEmpty {
      throw HunchError.corpusEmpty(
        path: corpus.path, source: corpus.configuration.source.description)
    }
    try store.store(zip(functions.map(\.number), outcome.timings).map { ($0, $1) })
    try store.commit(layout: outcome.layout, signature: outcome.signature)
    return outcome
  }

  /// Reads the corpus and evaluates what is missing.
  ///
  /// - Parameters:
  ///   - known: The chunks, where they are known to be those of the last run.
  ///   - signature: What the corpus looked like when that was found out.
  private func read(
    _ known: [StoredChunk]?, _ signature: String?, _ functions: [StoredFunction],
    _ shared: Guarded<Shared>
  ) throws {
    var total = known.map { $0.reduce(0) { $0 + $1.documents } }
    if known == nil {
      if let id = try corpus.duplicateID() {
        throw HunchError.duplicateID(path: corpus.path, id: id)
      }
      total = progress.isHeard ? try corpus.count() : nil
    }
    progress.begin("apply", unit: "documents", total: total)
    defer { progress.end() }
    try corpus.withChunks(wantsTexts: true, wantsFields: true) { reader in
      if known != nil, reader.signature != signature { throw reader.mismatch }
      shared.withLock { $0.outcome.signature = reader.signature }
      try Threads.run(threads) { isStopped in
        var workers: [[Int]: RuleWorker] = [:]
        while !isStopped(), let chunk = try reader.next() {
          try cancellation.check()
          let stored: StoredChunk
          let missing: [Int]
          if let known {
            guard chunk.index < known.count, known[chunk.index].documents == chunk.count else {
              throw reader.mismatch
            }
            stored = known[chunk.index]
            missing = try store.missing(functions, numbers: stored.numbers)
          } else {
            (stored, missing) = try identify(chunk, functions)
          }
          try process(chunk, stored, functions, missing, shared, &workers)
          progress.advance(chunk.count)
        }
      }
    }
  }

  /// Hashes a chunk, gives it its numbers and finds the functions that have no votes on it.
  private func identify(
    _ chunk: CorpusChunk, _ functions: [StoredFunction]
  ) throws -> (stored: StoredChunk, missing: [Int]) {
    let contents = chunk.contents()
    let annotations = chunk.annotations()
    let (numbers, missing) = try store.place(contents, functions)
    let stored = StoredChunk(
      position: chunk.index, documents: chunk.count, numbers: numbers, contents: contents,
      annotations: annotations, repaired: chunk.repaired, withoutText: chunk.withoutText)
    return (stored, missing)
  }

  private func process(
    _ chunk: CorpusChunk, _ stored: StoredChunk, _ functions: [StoredFunction], _ missing: [Int],
    _ shared: Guarded<Shared>, _ workers: inout [[Int]: RuleWorker]
  ) throws {
    var columns: [(key: VoteKey, votes: StoredVotes)] = []
    var failures: [(key: VoteKey, document: Int, reason: String)] = []
    func key(_ index: Int) -> VoteKey {
      VoteKey(functions[index], numbers: stored.numbers, contents: stored.contents)
    }
    let rules = missing.filter { index in
      if case (.rule, nil) = catalog.source(of: index) { true } else { false }
    }
    var votes: RuleVotes?
    if !rules.isEmpty {
      let found = try worker(for: rules, shared, &workers).evaluate(
        DocumentBatch(texts: chunk.texts, fields: chunk.fields))
      for (position, index) in rules.enumerated() {
        columns.append((key(index), .classes(found.columns[position])))
      }
      for failure in found.failures {
        failures.append((key(rules[failure.function]), failure.document, failure.reason))
      }
      votes = found
    }
    if let prompts {
      let asking = missing.compactMap { index in
        catalog.source(of: index).prompt.map { (index: index, prompt: $0) }
      }
      let keys = asking.isEmpty ? [] : PromptVotes.keys(chunk.texts)
      for (index, prompt) in asking {
        let found = try prompts.votes(of: prompt, keys)
        columns.append((key(index), .classes(.dense(found.votes))))
        for document in found.unparsed {
          failures.append((key(index), document, PromptVotes.unparsed))
        }
      }
    }
    for (index, column) in try fileColumns(missing, chunk, shared) {
      columns.append((key(index), .classes(.dense(column))))
    }
    if !columns.isEmpty {
      try store.store(columns, documents: chunk.count, failures: failures)
    }
    shared.withLock { shared in
      shared.outcome.layout.append(stored)
      // Slices are no labeling functions and are not counted.
      let evaluated = missing.filter { $0 < catalog.functions.count }
      shared.outcome.evaluations += evaluated.count * chunk.count
      shared.outcome.reused += (catalog.functions.count - evaluated.count) * chunk.count
      shared.outcome.evaluatedFunctions.formUnion(evaluated)
      guard let votes else { return }
      shared.outcome.scanSeconds += votes.scanSeconds
      for (position, index) in rules.enumerated() {
        shared.outcome.timings[index].seconds += votes.seconds[position]
        shared.outcome.timings[index].documents += chunk.count
      }
    }
  }

  private func worker(
    for rules: [Int], _ shared: Guarded<Shared>, _ workers: inout [[Int]: RuleWorker]
  ) throws -> RuleWorker {
    if let worker = workers[rules] { return worker }
    guard let pack = project.pack else { throw HunchError.noFunctions }
    let program = try shared.withLock { shared in
      if let program = shared.programs[rules] { return program }
      let indices = rules.compactMap { index -> Int? in
        if case .rule(let rule) = catalog.source(of: index).origin { rule } else { nil }
      }
      let program = try RuleProgram(pack, functions: indices, knowledge: catalog.knowledge)
      shared.programs[rules] = program
      return program
    }
    let worker = program.makeWorker()
    workers[rules] = worker
    return worker
  }

  private func fileColumns(
    _ missing: [Int], _ chunk: CorpusChunk, _ shared: Guarded<Shared>
  ) throws -> [(index: Int, votes: [Int16])] {
    var result: [(index: Int, votes: [Int16])] = []
    var answered: [Int: [[Int16]]] = [:]
    for index in missing {
      guard case .file(let file, let column) = catalog.source(of: index).origin else { continue }
      if answered[file] == nil {
        let staged = try shared.withLock { shared in
          if let staged = shared.staged[file] { return staged }
          let staged = try StagedVotes(
            catalog.files[file], labels: project.labels,
            models: ModelStore(workspace: store.workspace), corpus: corpus)
          shared.staged[file] = staged
          return staged
        }
        answered[file] = try staged.columns(for: chunk.ids)
      }
      if let columns = answered[file] { result.append((index, columns[column])) }
    }
    return result
  }
}
