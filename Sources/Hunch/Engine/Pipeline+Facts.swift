import HunchModels

/// Facts about the votes of some documents, and what they were asked for with.
struct KeptFacts: Sendable {
  var split: Split?
  var examples: Int
  var facts: ReportFacts
}

extension Pipeline {
  /// The most functions of which pairs are counted; those with the most votes are taken.
  static let pairedFunctions = 400
  /// The most pairs for which is counted with which of the two gold sides.
  static let judgedPairs = 100

  /// What the votes and gold labels of some documents say; neither model is asked.
  ///
  /// - Parameters:
  ///   - split: The documents to look at; `nil` for all.
  ///   - examples: The most documents to name for a pair that disagrees; with 0 the corpus is not
  ///     read.
  /// - Complexity: Four passes over the vote patterns, one of them O(Σ e²) over patterns of e
  ///   entries.
  func facts(split: Split?, examples: Int = 0) throws -> ReportFacts {
    if let kept = keptFacts, kept.split == split, kept.examples == examples { return kept.facts }
    let table = try voteTable()
    let votes = table.votes(of: split)
    let analysis = try LabelingAnalysis(votes, hasGold: table.size(of: split).gold > 0)
    let classes = try classFacts(votes, analysis)
    let (conflicts, conflictPairs) = try conflictFacts(votes, examples: examples)
    let facts = ReportFacts(
      applied: try apply(), analysis: analysis, functions: functionFacts(analysis, classes),
      classes: classes,
      pairs: try FunctionPairs(
        votes, votes: analysis.functions.map(\.covered), limit: Self.pairedFunctions),
      conflicts: conflicts, conflictPairs: conflictPairs,
      alpha: try KrippendorffAlpha.of(votes), crowds: try crowdSummaries(),
      testLabels: split == nil ? table.size(of: .test).gold : 0,
      learnsFromUncovered: project.configuration.endModel.documents != .covered)
    keptFacts = KeptFacts(split: split, examples: examples, facts: facts)
    return facts
  }

  /// What to fix first, by the votes and gold labels of some documents and, for all documents, by
  /// what the models made of them as far as they are there already.
  func findings(split: Split?, _ fit: FitReport? = nil, _ evaluation: EvaluateReport? = nil) throws
    -> [Finding]
  {
    var facts = try facts(split: split)
    if let fit { facts.add(fit) }
    facts.evaluation = evaluation
    return Findings(facts: facts).all()
  }

  private func functionFacts(
    _ analysis: LabelingAnalysis, _ classes: [ReportFacts.Class]
  ) -> [ReportFacts.Function] {
    let goldDocuments = classes.reduce(0) { $0 + $1.gold }
    return zip(catalog.functions, analysis.functions).map { function, figures in
      var blind: Double?
      if goldDocuments > 0, figures.covered > 0 {
        blind =
          zip(classes, figures.votesByClass).reduce(0) { $0 + Double($1.0.gold * $1.1) }
          / Double(goldDocuments) / Double(figures.covered)
      }
      return ReportFacts.Function(
        name: function.name, kind: function.kind, summary: function.summary, figures: figures,
        blindAccuracy: blind)
    }
  }

  /// The pairs that disagree most, and how many pairs disagree.
  private func conflictFacts(
    _ votes: CountedVotes, examples: Int
  ) throws -> (listed: [ReportFacts.Conflict], total: Int) {
    let conflicts = try LabelingAnalysis.conflicts(votes)
    let ids = examples > 0 ? try conflictExamples(of: conflicts.pairs, limit: examples) : []
    let gold = try verdicts(Array(conflicts.pairs.prefix(Self.judgedPairs)), votes)
    let listed = conflicts.pairs.enumerated().map { place, conflict in
      ReportFacts.Conflict(
        first: conflict.first, second: conflict.second, disagreements: conflict.disagreements,
        agreements: conflict.agreements, examples: ids.isEmpty ? [] : ids[place],
        gold: place < gold.count ? gold[place] : nil)
    }
    return (listed, conflicts.total)
  }

  /// With which of two functions gold sides where they disagree, for each of some pairs.
  private func verdicts(
    _ pairs: [FunctionConflict], _ counted: CountedVotes
  ) throws -> [(first: Int, second: Int, neither: Int)] {
    var sides = pairs.map { _ in (first: 0, second: 0, neither: 0) }
    var votes = [Int32](repeating: -1, count: catalog.functions.count)
    try counted.forEachBlock { block in
      for cell in block.gold {
        let entries = block.patterns.entries(of: Int(cell.pattern))
        for entry in entries {
          votes[Int(block.patterns.functions[entry])] = block.patterns.votes[entry]
        }
        for (place, pair) in pairs.enumerated() {
          let (first, second) = (votes[pair.first], votes[pair.second])
          if first < 0 || second < 0 || first == second { continue }
          if first == Int32(cell.label) {
            sides[place].first += cell.documents
          } else if second == Int32(cell.label) {
            sides[place].second += cell.documents
          } else {
            sides[place].neither += cell.documents
          }
        }
        for entry in entries { votes[Int(block.patterns.functions[entry])] = -1 }
      }
    }
    return sides
  }

  private func classFacts(
    _ votes: CountedVotes, _ analysis: LabelingAnalysis
  ) throws -> [ReportFacts.Class] {
    var classes = project.labels.enumerated().map { index, name in
      ReportFacts.Class(
        name: name, functions: analysis.functions.count { $0.votesByClass[index] > 0 })
    }
    try votes.forEachBlock { block in
      let patterns = block.patterns
      for pattern in 0..<patterns.count {
        for label in Set(patterns.entries(of: pattern).map { Int(patterns.votes[$0]) }) {
          classes[label].documents += block.counts[pattern]
        }
      }
      for cell in block.gold {
        let label = Int(cell.label)
        let entries = patterns.entries(of: Int(cell.pattern))
        classes[label].gold += cell.documents
        if !entries.isEmpty { classes[label].goldCovered += cell.documents }
        if entries.contains(where: { patterns.votes[$0] == Int32(label) }) {
          classes[label].goldReached += cell.documents
        }
      }
    }
    return classes
  }
}

extension ReportFacts {
  /// Adds how right the label model believes each function to be.
  mutating func add(_ fit: FitReport) {
    for (index, function) in fit.functions.enumerated() {
      functions[index].impliedAccuracy = function.accuracy
      functions[index].impliedInterval = function.accuracyInterval
    }
  }
}
