import HunchModels

/// What the votes and gold labels of some documents say; neither model is asked.
public struct Analysis: InSession, Sendable {
  /// The most functions of which pairs are counted; those with the most votes are taken.
  static let pairedFunctions = 400
  private let votes: CountedDocuments
  private let split: Split?
  private(set) var facts: ReportFacts

  /// Looks at the documents of a split; `nil` for all.
  public init(_ votes: CountedDocuments, split: Split?) throws {
    try self.init(votes, split: split, examples: 0)
  }

  /// - Parameter examples: The most documents to name for a pair that disagrees; with 0 the corpus is
  ///   not read.
  /// - Complexity: Four passes over the vote patterns, one of them O(Σ e²) over patterns of e
  ///   entries.
  init(_ votes: CountedDocuments, split: Split?, examples: Int) throws {
    (self.votes, self.split) = (votes, split)
    facts = try FactCounting(votes: votes, counted: votes.table.votes(of: split))
      .facts(split, examples: examples)
  }

  var session: Session { votes.session }

  /// What to fix first, by the votes and gold labels of the documents and, for all documents, by what
  /// the models made of them as far as that is given.
  public func findings(_ fit: FitReport? = nil, _ evaluation: EvaluateReport? = nil) -> [Finding] {
    var facts = facts
    if let fit { facts.add(fit) }
    facts.evaluation = evaluation
    return Findings(facts: facts).all()
  }

  /// How the functions behave.
  public var report: AnalyzeReport {
    let (documents, goldDocuments) = votes.table.size(of: split)
    let (analysis, crowds) = (facts.analysis, facts.crowds)
    return AnalyzeReport(
      split: split?.name ?? "all", documents: documents, goldDocuments: goldDocuments,
      coverage: analysis.coverage, overlaps: analysis.overlaps, conflicts: analysis.conflicts,
      functions: zip(catalog.functions, analysis.functions).map { function, figures in
        AnalyzeReport.Function(
          name: function.name, kind: function.kind, summary: function.summary,
          polarity: figures.polarity.map { project.labels[$0] },
          votes: figures.votesByClass.reduce(0, +),
          coverage: figures.coverage, overlaps: figures.overlaps, conflicts: figures.conflicts,
          gold: goldDocuments == 0 ? nil : AnalyzeReport.GoldFigures(figures))
      }, findings: findings(), workspaceLabels: votes.table.workspaceLabels(of: split),
      alpha: facts.alpha?.value, alphaInterval: facts.alpha?.interval?.bounds,
      crowds: crowds.isEmpty ? nil : crowds)
  }
}

/// Counts what findings are about.
private struct FactCounting: InSession {
  let votes: CountedDocuments
  /// Those of the documents that are looked at.
  let counted: CountedVotes

  var session: Session { votes.session }

  func facts(_ split: Split?, examples: Int) throws -> ReportFacts {
    let table = votes.table
    let analysis = try LabelingAnalysis(counted, hasGold: table.size(of: split).gold > 0)
    let classes = try classes(analysis)
    let (conflicts, conflictPairs) = try conflicts(examples: examples)
    return ReportFacts(
      applied: votes.applied.report, analysis: analysis,
      functions: functions(analysis, classes), classes: classes,
      pairs: try FunctionPairs(
        counted, votes: analysis.functions.map(\.covered), limit: Analysis.pairedFunctions),
      conflicts: conflicts, conflictPairs: conflictPairs,
      alpha: try KrippendorffAlpha.of(counted), crowds: try WorkersReport.summaries(session),
      testLabels: split == nil ? table.size(of: .test).gold : 0,
      learnsFromUncovered: project.configuration.endModel.documents != .covered)
  }

  private func functions(
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
  private func conflicts(
    examples: Int
  ) throws -> (listed: [ReportFacts.Conflict], total: Int) {
    let conflicts = try LabelingAnalysis.conflicts(counted)
    let ids =
      examples > 0 ? try ConflictExamples.ids(votes, conflicts.pairs, limit: examples) : []
    let gold = try verdicts(Array(conflicts.pairs.prefix(ReportFacts.judgedPairs)))
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
    _ pairs: [FunctionConflict]
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

  private func classes(
    _ analysis: LabelingAnalysis
  ) throws -> [ReportFacts.Class] {
    var classes = project.labels.enumerated().map { index, name in
      ReportFacts.Class(
        name: name, functions: analysis.functions.count { $0.votesByClass[index] > 0 })
    }
    try counted.forEachBlock { block in
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

extension AnalyzeReport.GoldFigures {
  init(_ figures: FunctionAnalysis) {
    self.init(
      correct: figures.correct ?? 0, incorrect: figures.incorrect ?? 0,
      empiricalAccuracy: figures.empiricalAccuracy,
      empiricalAccuracyInterval: figures.empiricalAccuracyInterval)
  }
}
