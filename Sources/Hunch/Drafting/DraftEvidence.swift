import HunchLabeling
import HunchModels

/// What gold labels, the label model and other drafts say of drafted functions.
struct DraftEvidence {
  /// What is known of one function.
  struct Counts: Sendable, Equatable {
    /// The documents that it votes on whose gold label may be looked at, and those of them whose
    /// label it votes for.
    var labelled = 0
    var labelledRight = 0
    /// Other documents that it votes on and that functions of the project vote on, and the sum of
    /// the label model's posteriors of its class on them.
    var judged = 0
    var posteriorSum = 0.0
    /// The documents on which it could not be evaluated.
    var failures = 0
    /// By drafted function: documents on which both vote, and vote for the same class.
    var both: [Int]
    var agreements: [Int]
  }

  private(set) var counts: [Counts]

  /// - Parameter functions: The number of drafted functions.
  init(functions: Int) {
    let none = Array(repeating: 0, count: functions)
    counts = Array(repeating: Counts(both: none, agreements: none), count: functions)
  }

  /// Adds the documents of a chunk.
  ///
  /// Gold labels of the test split and those that are marked as audit gold measure, and are not
  /// looked at.
  ///
  /// - Complexity: O(documents × (functions + pairs of them that vote on one)).
  mutating func add(_ chunk: CorpusChunk, _ votes: RuleVotes, _ posteriors: ChunkPosteriors) {
    for failure in votes.failures { counts[failure.function].failures += 1 }
    for document in 0..<chunk.count {
      let voting = votes.columns.indices.filter { votes.columns[$0][document] >= 0 }
      if voting.isEmpty { continue }
      let mayBeSeen = chunk.splits[document] != .test
      let isAudit = !chunk.goldUses.isEmpty && chunk.goldUses[document] == .audit
      let hasGold = chunk.gold[document] >= 0
      for function in voting {
        let vote = votes.columns[function][document]
        if mayBeSeen, hasGold, !isAudit {
          counts[function].labelled += 1
          if chunk.gold[document] == vote { counts[function].labelledRight += 1 }
        } else if mayBeSeen, posteriors.isCovered(document) {
          let row = posteriors.posterior(document)
          counts[function].judged += 1
          counts[function].posteriorSum += row[row.startIndex + Int(vote)]
        }
        for other in voting where other != function {
          counts[function].both[other] += 1
          if votes.columns[other][document] == vote { counts[function].agreements[other] += 1 }
        }
      }
    }
  }
}
