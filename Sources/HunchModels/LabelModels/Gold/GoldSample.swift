/// Gold labels of documents with votes, dealt out to folds for cross-validation.
///
/// What is dealt out depends on the votes and labels alone, not on the order of the corpus, nor on
/// that of functions unless gold labels cannot tell them apart: documents are sorted by class and
/// votes and dealt out in turn, so that each fold has its part of every class and of every common
/// row of votes.
package struct GoldSample: Sendable {
  /// A document with a gold label.
  package struct Document: Sendable, Equatable {
    /// Its pattern, an index of ``GoldSample/patterns``.
    package var pattern: Int
    /// Its gold class.
    package var label: Int
  }

  /// The number of folds.
  package static let folds = GoldPosteriors.folds

  /// The most documents; of more, an even part is taken, which is more than enough.
  package static let mostDocuments = 10_000

  /// The distinct patterns.
  package let patterns: VotePatterns

  /// The documents; those at i, i + 5, … are of fold i.
  package let documents: [Document]

  /// Collects the gold labels of documents with votes.
  ///
  /// - Throws: What going through the votes throws.
  package init(_ counted: CountedVotes, mostDocuments: Int = mostDocuments) throws {
    let gold = try GoldVotes(counted)
    let share = min(1, Double(mostDocuments) / Double(max(gold.documents, 1)))
    let ranks = gold.functionRanks()
    var found: [(key: [Int64], entries: [Int64], label: Int, documents: Int)] = []
    try counted.forEachBlock { block in
      for cell in block.gold where block.patterns.isCovered(Int(cell.pattern)) {
        let pattern = Int(cell.pattern)
        var documents = cell.documents
        if share < 1 {
          // Rounded up as often as its remainder says, by the pattern's hash.
          let hash = block.patterns.hash(of: pattern) &+ UInt64(cell.label) &* 0x9E37_79B9_7F4A_7C15
          documents = Int(Double(documents) * share + Double(hash >> 11) * 0x1p-53)
        }
        guard documents > 0 else { continue }
        let entries = block.patterns.entries(of: pattern).map {
          Int64(block.patterns.functions[$0]) << 32 | Int64(block.patterns.votes[$0])
        }
        // By what is known of the functions, and by their order only where that is the same.
        let key = entries.map { ranks[Int($0 >> 32)] << 32 | $0 & 0xFFFF_FFFF }.sorted()
        found.append((key, entries, Int(cell.label), documents))
      }
    }
    found.sort { one, other in
      if one.key != other.key { return one.key.lexicographicallyPrecedes(other.key) }
      if one.entries != other.entries {
        return one.entries.lexicographicallyPrecedes(other.entries)
      }
      return one.label < other.label
    }
    var patterns = VotePatterns(
      functionCount: counted.functionCount, classCount: counted.classCount)
    var documents: [Document] = []
    for (index, cell) in found.enumerated() {
      if index == 0 || found[index - 1].entries != cell.entries {
        for entry in cell.entries {
          patterns.append(Int32(entry >> 32), Int32(truncatingIfNeeded: entry))
        }
        patterns.endPattern()
      }
      let document = Document(pattern: patterns.count - 1, label: cell.label)
      documents.append(contentsOf: repeatElement(document, count: cell.documents))
    }
    self.patterns = patterns
    // Stable within a class, since the places break ties.
    self.documents = documents.indices.sorted {
      (documents[$0].label, $0) < (documents[$1].label, $1)
    }.map { documents[$0] }
  }

  /// The gold labels outside a fold, as a label model takes them.
  package func gold(outside fold: Int) -> GoldVotes {
    var gold = GoldVotes(functionCount: patterns.functionCount, classCount: patterns.classCount)
    for (index, document) in documents.enumerated() where index % Self.folds != fold {
      gold.add(patterns, document.pattern, label: document.label, documents: 1)
    }
    return gold
  }

  /// The posteriors of each document by a model that knows the gold labels of the other folds,
  /// flat, documents × classes.
  ///
  /// - Parameters:
  ///   - votes: What the model learns from beside gold.
  ///   - evidence: What it is given beside gold.
  /// - Throws: What fitting throws.
  /// - Complexity: That of five fits.
  package func posteriorsOutOfFold(
    _ model: LabelModel, _ votes: CountedVotes, given evidence: Evidence
  ) throws -> GoldPosteriors {
    let classCount = patterns.classCount
    var rows = [Double](repeating: 0, count: documents.count * classCount)
    for fold in 0..<Self.folds {
      var evidence = evidence
      evidence.gold = gold(outside: fold)
      let fit = try model.fit(votes, given: evidence)
      let posteriors = fit.posteriors(of: patterns)
      for index in stride(from: fold, to: documents.count, by: Self.folds) {
        let start = documents[index].pattern * classCount
        for label in 0..<classCount { rows[index * classCount + label] = posteriors[start + label] }
      }
    }
    return GoldPosteriors(
      rows: rows, labels: documents.map(\.label), classCount: classCount)
  }
}
