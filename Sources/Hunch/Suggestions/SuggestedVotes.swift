import HunchLabeling
import HunchModels

/// What suggested functions would do: they are run on every document, as they would be if they were
/// added, so that coverage, overlaps and conflicts are what an analysis would then show.
struct SuggestedVotes {
  /// The documents, of all splits, on which one function votes.
  struct Counts {
    var documents = 0
    var newlyCovered = 0
    var overlaps = 0
    var conflicts = 0
    /// By existing function: documents on which both vote, and vote for the same class.
    var both: [Int]
    var agreements: [Int]
  }

  private(set) var counts: [Counts]
  /// By existing function, the documents on which it votes.
  private(set) var votesOf: [Int]
  private(set) var documents = 0

  /// - Parameters:
  ///   - labeling: What labels documents for `observe`.
  ///   - observe: Gets each chunk with the votes of the suggestions, and its documents' labels.
  /// - Complexity: O(bytes + documents × (existing functions + suggestions)).
  init(
    _ applied: AppliedVotes, _ definitions: [RuleDefinition],
    labeling: DocumentLabeling? = nil,
    observe: (CorpusChunk, RuleVotes, ChunkPosteriors?) throws -> Void = { _, _, _ in }
  ) throws {
    let existing = applied.catalog.functions.count
    counts = [Counts](
      repeating: Counts(
        both: Array(repeating: 0, count: existing),
        agreements: Array(repeating: 0, count: existing)),
      count: definitions.count)
    votesOf = Array(repeating: 0, count: existing)
    if definitions.isEmpty { return }
    let pack = RulePack(
      name: "suggested", labels: applied.project.labels, functions: definitions)
    let program: RuleProgram
    do {
      program = try RuleProgram(pack, functions: Array(definitions.indices), knowledge: [:])
    } catch {
      throw HunchError.rule(error)
    }
    let worker = program.makeWorker()
    try applied.pass.run(.texts) { chunk, block in
      (chunk: chunk, block: block, posteriors: labeling?.posteriors(chunk, block))
    } take: { chunk, block, posteriors in
      documents += chunk.count
      for (function, column) in block.columns.enumerated() {
        for vote in column where vote >= 0 { votesOf[function] += 1 }
      }
      let votes = worker.evaluate(DocumentBatch(texts: chunk.texts, fields: [:]))
      for (place, column) in votes.columns.enumerated() {
        for document in 0..<chunk.count where column[document] >= 0 {
          count(place, vote: column[document], document, block)
        }
      }
      try observe(chunk, votes, posteriors)
    }
  }

  private mutating func count(_ place: Int, vote: Int16, _ document: Int, _ block: VoteBlock) {
    counts[place].documents += 1
    var (isCovered, isContradicted) = (false, false)
    for (function, column) in block.columns.enumerated()
    where !column.isEmpty && column[document] >= 0 {
      isCovered = true
      counts[place].both[function] += 1
      if column[document] == vote {
        counts[place].agreements[function] += 1
      } else {
        isContradicted = true
      }
    }
    if isCovered { counts[place].overlaps += 1 } else { counts[place].newlyCovered += 1 }
    if isContradicted { counts[place].conflicts += 1 }
  }
}
