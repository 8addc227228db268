import HunchModels

/// Finds, for pairs of functions, the first documents of the corpus on which they disagree.
///
/// They are looked for when asked for, so that nothing need be remembered of every pattern.
struct ConflictExamples {
  /// For each pair what was found so far.
  private(set) var ids: [[DocumentID]]
  /// The pairs that want more.
  private var wanting: Int
  private let places: [Int: Int]
  private let functionCount: Int
  private let classCount: Int
  private let limit: Int

  private init(_ pairs: [FunctionConflict], functionCount: Int, classCount: Int, limit: Int) {
    ids = [[DocumentID]](repeating: [], count: pairs.count)
    wanting = limit > 0 ? pairs.count : 0
    places = Dictionary(
      uniqueKeysWithValues: pairs.enumerated().map { place, pair in
        (pair.first * functionCount + pair.second, place)
      })
    self.functionCount = functionCount
    self.classCount = classCount
    self.limit = limit
  }

  /// The first documents of the corpus on which each of some pairs disagrees.
  static func ids(
    _ votes: CountedDocuments, _ pairs: [FunctionConflict], limit: Int
  ) throws -> [[DocumentID]] {
    var examples = ConflictExamples(
      pairs, functionCount: votes.catalog.functions.count, classCount: votes.project.labels.count,
      limit: limit)
    try votes.pass.run(.votes, until: { examples.isComplete }) { chunk, block in
      examples.add(chunk, block)
    }
    return examples.ids
  }

  /// Whether every pair has its examples.
  var isComplete: Bool { wanting == 0 }

  /// Looks at the next chunk of the corpus.
  ///
  /// - Complexity: O(documents × functions + Σ e²) over the chunk's distinct patterns of e entries
  ///   and the documents that become an example.
  mutating func add(_ chunk: CorpusChunk, _ block: VoteBlock) {
    var counter = VotePatternCounter(functionCount: functionCount, classCount: classCount)
    let patternIDs = counter.add(block)
    let patterns = counter.patterns()
    // Once a document of a pattern was of no use, no later one is: pairs never want again.
    var isOfUse = [Bool](repeating: true, count: patterns.count)
    for (document, id) in patternIDs.enumerated() where isOfUse[Int(id)] {
      isOfUse[Int(id)] = take(chunk.ids[document], patterns, Int(id))
      if isComplete { return }
    }
  }

  private mutating func take(
    _ id: DocumentID, _ patterns: VotePatterns, _ pattern: Int
  ) -> Bool {
    var isTaken = false
    let entries = patterns.entries(of: pattern)
    for entry in entries {
      for other in entry + 1..<max(entry + 1, entries.upperBound)
      where patterns.votes[entry] != patterns.votes[other] {
        let pair =
          Int(patterns.functions[entry]) * functionCount + Int(patterns.functions[other])
        guard let place = places[pair], ids[place].count < limit else { continue }
        ids[place].append(id)
        isTaken = true
        if ids[place].count == limit { wanting -= 1 }
      }
    }
    return isTaken
  }
}

extension ConflictsReport {
  /// The pairs of functions that disagree, most documents first, with example documents.
  ///
  /// - Parameters:
  ///   - split: The documents to look at; `nil` for all. Examples come from all documents.
  ///   - limit: The most example ids per pair.
  public init(_ votes: CountedDocuments, split: Split?, examples limit: Int = 5) throws {
    let (table, catalog) = (votes.table, votes.catalog)
    let conflicts = try LabelingAnalysis.conflicts(table.votes(of: split))
    let examples = try ConflictExamples.ids(votes, conflicts.pairs, limit: limit)
    self.init(
      split: split?.name ?? "all", documents: table.size(of: split).documents,
      pairs: zip(conflicts.pairs, examples).map { conflict, ids in
        ConflictsReport.Pair(
          functions: [
            catalog.functions[conflict.first].name, catalog.functions[conflict.second].name,
          ],
          documents: conflict.disagreements, agreements: conflict.agreements,
          exampleIds: ids.map(\.description))
      },
      omittedPairs: conflicts.total > conflicts.pairs.count
        ? conflicts.total - conflicts.pairs.count : nil)
  }
}
