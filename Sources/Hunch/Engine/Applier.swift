import HunchLabeling
import Synchronization

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
  let threads: Int
  let cancellation: Cancellation
  let progress: StepProgress

  /// What a run of ``run()`` did.
  struct Outcome: Sendable {
    var layout: [StoredChunk] = []
    var functions: [StoredFunction] = []
    /// Function × document pairs evaluated in this run.
    var evaluations = 0
    /// Function × document pairs whose stored votes were used.
    var reused = 0
    /// The functions of which anything was evaluated, by index.
    var evaluatedFunctions: Set<Int> = []
    /// For each votes file read in this run, the rows that named no document.
    var unmatchedRows: [String: Int] = [:]
  }

  private struct Shared {
    var outcome = Outcome()
    var programs: [[Int]: RuleProgram] = [:]
    var staged: [Int: StagedVotes] = [:]
  }

  func run() throws -> Outcome {
    if let id = try corpus.duplicateID() {
      throw HunchError.duplicateID(path: corpus.path, id: id)
    }
    let numbers = try store.register(fingerprints: catalog.functions.map(\.fingerprint))
    let functions = zip(numbers, catalog.functions).map {
      StoredFunction(number: $0, aspect: $1.aspect)
    }
    let shared = Mutex(Shared())
    progress.begin(
      "apply", unit: "documents", total: progress.isHeard ? try corpus.count() : nil)
    defer { progress.end() }
    try corpus.withChunks(wantsTexts: true, wantsFields: true) { reader in
      try Threads.run(threads) { isStopped in
        var workers: [[Int]: RuleWorker] = [:]
        while !isStopped(), let chunk = try reader.next() {
          try cancellation.check()
          try process(chunk, functions, shared, &workers)
          progress.advance(chunk.count)
        }
      }
    }
    var outcome = shared.withLock { $0.outcome }
    let documents = outcome.layout.reduce(0) { $0 + $1.documents }
    for staged in shared.withLock({ $0.staged.values.map { $0 } }) {
      outcome.unmatchedRows[staged.file.path] = try staged.unmatchedRows(
        in: corpus, documents: documents)
    }
    outcome.functions = functions
    outcome.layout.sort { $0.position < $1.position }
    if outcome.layout.isEmpty {
      throw HunchError.corpusEmpty(
        path: corpus.path, source: corpus.configuration.source.description)
    }
    try store.commit(layout: outcome.layout)
    return outcome
  }

  private func process(
    _ chunk: CorpusChunk, _ functions: [StoredFunction], _ shared: borrowing Mutex<Shared>,
    _ workers: inout [[Int]: RuleWorker]
  ) throws {
    let (numbers, keys) = try store.locate(contents: chunk.contents())
    let missing = functions.indices.filter { index in
      let function = functions[index]
      return !keys.contains(VoteStore.key(numbers[function.aspect.rawValue], function.number))
    }
    var columns: [(key: Int64, votes: [Int16])] = []
    var failures: [(key: Int64, document: Int, reason: String)] = []
    func key(_ index: Int) -> Int64 {
      VoteStore.key(numbers[functions[index].aspect.rawValue], functions[index].number)
    }
    let rules = missing.filter {
      if case .rule = catalog.functions[$0].origin { true } else { false }
    }
    if !rules.isEmpty {
      let votes = try worker(for: rules, shared, &workers).evaluate(
        DocumentBatch(texts: chunk.texts, fields: chunk.fields))
      for (position, index) in rules.enumerated() {
        columns.append((key(index), votes.columns[position]))
      }
      for failure in votes.failures {
        failures.append((key(rules[failure.function]), failure.document, failure.reason))
      }
    }
    columns += try fileColumns(missing, chunk, shared).map { (key($0.index), $0.votes) }
    if !columns.isEmpty { try store.store(columns, failures: failures) }
    shared.withLock { shared in
      shared.outcome.layout.append(
        StoredChunk(
          position: chunk.index, documents: chunk.count, numbers: numbers,
          repaired: chunk.repaired, withoutText: chunk.withoutText))
      shared.outcome.evaluations += missing.count * chunk.count
      shared.outcome.reused += (functions.count - missing.count) * chunk.count
      shared.outcome.evaluatedFunctions.formUnion(missing)
    }
  }

  private func worker(
    for rules: [Int], _ shared: borrowing Mutex<Shared>, _ workers: inout [[Int]: RuleWorker]
  ) throws -> RuleWorker {
    if let worker = workers[rules] { return worker }
    guard let pack = project.pack else { throw HunchError.noFunctions }
    let program = try shared.withLock { shared in
      if let program = shared.programs[rules] { return program }
      let indices = rules.compactMap { index -> Int? in
        if case .rule(let rule) = catalog.functions[index].origin { rule } else { nil }
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
    _ missing: [Int], _ chunk: CorpusChunk, _ shared: borrowing Mutex<Shared>
  ) throws -> [(index: Int, votes: [Int16])] {
    var result: [(index: Int, votes: [Int16])] = []
    var answered: [Int: [[Int16]]] = [:]
    for index in missing {
      guard case .file(let file, let column) = catalog.functions[index].origin else { continue }
      if answered[file] == nil {
        let staged = try shared.withLock { shared in
          if let staged = shared.staged[file] { return staged }
          let staged = try StagedVotes(catalog.files[file], labels: project.labels)
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
