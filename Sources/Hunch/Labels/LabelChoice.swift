import HunchModels

/// Which documents somebody is asked to label.
package struct LabelRequest: Sendable, Equatable {
  /// What the labels are for.
  package var use: GoldUse
  /// The most documents.
  package var count: Int
  /// The split that they are from; `nil` for what suits the use.
  package var split: Split?
  /// The ids of documents that were asked for; empty to have some chosen.
  package var documents: [String]

  /// Asks for documents.
  package init(use: GoldUse, count: Int, split: Split? = nil, documents: [String] = []) {
    (self.use, self.count, self.split, self.documents) = (use, count, split, documents)
  }
}

extension LabelRequest {
  /// Draws documents without gold labels uniformly from a split: from the one asked for, else from
  /// the first of test, valid and train that has such documents, as `evaluate` looks at them.
  ///
  /// Documents come in the order of a hash of seed and id. Those that got a label drop out, so the
  /// next draw goes on where this one ended, also after documents were added.
  ///
  /// - Complexity: One pass without texts.
  func auditDocuments(_ votes: AppliedVotes) throws -> [DocumentID] {
    let seed = votes.project.configuration.seed
    var drawn = Split.allCases.map { _ in Largest<DocumentID>(limit: count) }
    try votes.pass.run(.votes) { chunk, _ in
      for document in 0..<chunk.count where chunk.gold[document] < 0 {
        let drawer = Int(chunk.splits[document].rawValue)
        let id = chunk.ids[document]
        // 53 bits, which a floating-point number holds.
        let rank = -Double(id.rank(seed: seed) >> 11)
        if drawn[drawer].wants(rank) { drawn[drawer].add(rank, id) }
      }
    }
    let splits = split.map { [$0] } ?? [.test, .valid, .train]
    for split in splits {
      let found = drawn[Int(split.rawValue)].sorted()
      if !found.isEmpty { return found.map(\.element) }
    }
    return []
  }

  /// The documents of which a label teaches most, as ``DocumentSuggestions`` has
  /// them: of the train split, or of valid where that has no documents.
  func repairDocuments(_ votes: AppliedVotes) throws -> [DocumentID] {
    let votes = try votes.counted()
    let hasTraining = votes.table.size(of: .train).documents > 0
    let split = split ?? (hasTraining ? .train : .valid)
    if split == .test { return [] }
    let pool = try SuggestionPool(FittedLabels(votes), .documents(split))
    let chooser = DocumentChooser(pool.evidence, isEligible: pool.isEligible)
    return chooser.choose(.value, count: count).map { pool.ids[$0.document] }
  }
}
