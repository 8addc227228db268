import HunchModels

/// The votes of a corpus, counted: how often each vote pattern occurs in each split and with each
/// gold class. Everything but training and export is computed from this, in memory that does not
/// grow with the corpus.
struct VoteTable: Sendable {
  /// The patterns; their groups are the splits, and again the splits for documents with repair gold
  /// where there may be some.
  let patterns: PatternTable
  /// The hash of the splits, gold labels and their uses of all documents.
  let metadata: String
  /// The hash of the splits of all documents and of their repair gold: what of the metadata models
  /// learn from.
  let learned: String
  /// The hash of the splits of all documents.
  let splits: String
  /// Who gets which gold label.
  let roles: GoldRoles
  /// For each split the gold labels that come from the workspace.
  private let handLabels: [WorkspaceLabels]
  private let labels: HandLabels

  /// Counts all documents of a pass.
  ///
  /// - Parameters:
  ///   - memory: The bytes of patterns to keep in memory.
  ///   - storage: Where patterns go beyond that.
  init(
    _ pass: VotePass, _ roles: GoldRoles, functionCount: Int, classCount: Int, memory: Int,
    storage: any SpillStorage
  ) throws {
    var builder = PatternTableBuilder(
      functionCount: functionCount, classCount: classCount,
      groups: Split.allCases.count * (roles.mayRepair ? 2 : 1), limit: memory, storage: storage,
      checkpoint: { try pass.cancellation.check() })
    var hash = ContentHash("metadata-1")
    var learned = ContentHash("learned-1")
    var splits = ContentHash("splits-1")
    var handLabels = Split.allCases.map { _ in WorkspaceLabels() }
    try pass.run(.votes) { chunk, block in
      let groups = (0..<chunk.count).map { document in
        UInt8(
          Self.group(chunk.splits[document], isRepair: roles.isRepair(document, in: chunk)))
      }
      try builder.add(block, groups: groups, gold: chunk.gold)
      hash.add(chunk.annotationBytes)
      learned.add(groups)
      splits.add(chunk.splits.map(\.rawValue))
      for document in groups.indices where Int(groups[document]) >= Split.allCases.count {
        learned.add(Int(chunk.gold[document]))
      }
      for merged in chunk.handLabels {
        handLabels[Int(chunk.splits[merged.document].rawValue)].add(merged, chunk)
      }
    }
    self.roles = roles
    self.handLabels = handLabels
    self.labels = pass.labels
    self.learned = learned.finish()
    self.splits = splits.finish()
    patterns = try builder.finish()
    metadata = hash.finish()
  }

  /// The patterns with the documents of one split or (`nil`) of all, and the gold labels of them
  /// that measure: of all documents the development labels, since whoever tunes by labels of the
  /// test split has none left to test with.
  func votes(of split: Split?) -> CountedVotes {
    patterns.votes(of: groups(of: split), goldOf: groups(of: split, isRepair: false))
  }

  /// The patterns without documents, with the gold labels that are for the label model.
  func repairGold() -> CountedVotes {
    patterns.votes(of: [], goldOf: groups(of: nil, isRepair: true))
  }

  /// The gold labels that the label model gets.
  ///
  /// - Throws: ``HunchError/noGold(split:)`` if those of a split are asked for that has none.
  func modelGold(_ configuration: ProjectConfiguration) throws(HunchError) -> CountedVotes {
    switch configuration.labelModelGold {
    case .unused: return patterns.votes(of: [], goldOf: [])
    case .valid where gold(of: .valid, isRepair: true).allSatisfy { $0 == 0 }:
      throw .noGold(split: Split.valid.name)
    case .valid, nil: return repairGold()
    }
  }

  /// The number of documents of a split or (`nil`) of all, of those with a vote, and of those with
  /// each gold class, where that measures (of all: development labels).
  func totals(of split: Split?) -> (documents: Int, covered: Int, gold: [Int]) {
    let all = groups(of: split).map { patterns.totals[$0] }
    return (
      all.reduce(0) { $0 + $1.documents }, all.reduce(0) { $0 + $1.covered },
      gold(of: split, isRepair: false)
    )
  }

  /// The number of documents with each gold class of a split or (`nil`) of all.
  ///
  /// - Parameter isRepair: Whether to count those for the label model, those that measure (of all
  ///   splits: development labels), or (`nil`) all.
  func gold(of split: Split?, isRepair: Bool?) -> [Int] {
    var gold = [Int](repeating: 0, count: patterns.classCount)
    for group in groups(of: split, isRepair: isRepair) {
      for label in gold.indices { gold[label] += patterns.totals[group].gold[label] }
    }
    return gold
  }

  /// The gold labels of a split or (`nil`) of all that come from the workspace; `nil` where that
  /// has no labels at all.
  func workspaceLabels(of split: Split?) -> WorkspaceLabels? {
    if labels.isEmpty { return nil }
    var sum = WorkspaceLabels()
    for each in split.map({ [$0] }) ?? Split.allCases { sum.add(handLabels[Int(each.rawValue)]) }
    sum.unknownClass = labels.unknownClass
    sum.damaged = labels.damaged
    sum.notInCorpus = handLabels.reduce(labels.count) { $0 - $1.audit - $1.repair }
    return sum
  }

  /// The number of documents of a split or (`nil`) of all, and of those with gold that measures (of
  /// all: development labels).
  func size(of split: Split?) -> (documents: Int, gold: Int) {
    let totals = totals(of: split)
    return (totals.documents, totals.gold.reduce(0, +))
  }

  private func groups(of split: Split?, isRepair: Bool? = nil) -> [Int] {
    let splits = split.map { [$0] } ?? (isRepair == false ? Split.development : Split.allCases)
    return (roles.mayRepair ? [false, true] : [false]).flatMap { role in
      isRepair == nil || role == isRepair
        ? splits.map { Self.group($0, isRepair: role) } : []
    }
  }

  private static func group(_ split: Split, isRepair: Bool) -> Int {
    Int(split.rawValue) + (isRepair ? Split.allCases.count : 0)
  }
}
