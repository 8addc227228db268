import ComparedModels
import HunchModels
import TestSupport
import Testing

/// What dependencies do to labels, on votes whose truth is known.
struct DependentModelsTests {
  static let models: [any LabelModelAlgorithm] = [CorrelatedMAPEM(), DataProgramming()]

  /// Four good independent functions and a bad one with four copies.
  static func copiesOfABadOne(_ copies: Int, copying: Double, classes: Int) -> PlantedVotes {
    var functions = [PlantedVotes.Function](
      repeating: .init(accuracy: 0.8, coverage: 0.4), count: 4)
    functions.append(.init(accuracy: 0.55, coverage: 0.5))
    for _ in 1..<copies {
      functions.append(.init(accuracy: 0.55, coverage: 0.5, source: 4, copying: copying))
    }
    return PlantedVotes(functions: functions, classes: classes)
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: [2, 4],
    [0.95, 1])
  func copiesOfABadFunctionDoNoHarm(classes: Int, copying: Double) throws {
    var lost = ["map-em": 0.0, "grouped": 0.0]
    for model in Self.models { lost[model.name] = 0 }
    let seeds = 5
    for seed in 0..<UInt64(seeds) {
      let (votes, gold) = Self.copiesOfABadOne(5, copying: copying, classes: classes)
        .draw(documents: 10_000, seed: seed)
      let plain = DenseVotes(
        rows: votes.rows.map { Array($0.prefix(5)) }, functionCount: 5, classCount: classes)
      let (with, without) = (votes.compressed(blockSize: 5000), plain.compressed(blockSize: 5000))
      // Documents with a vote of the five only: others have no label without the copies.
      let scored = zip(plain.rows, gold).map { $0.0.contains { $0 >= 0 } ? $0.1 : -1 }
      func lose(_ name: String, _ fit: (CountedVotes) throws -> FittedLabelModel) throws {
        let reference = try without.figures(
          of: fit(without.counted()), gold: scored
        ).accuracy
        let accuracy = try with.figures(of: fit(with.counted()), gold: scored).accuracy
        lost[name, default: 0] += (reference - accuracy) / Double(seeds)
      }
      try lose("map-em") { try FireOnlyMAPEM().fit($0, classBalance: nil) }
      try lose("grouped") { try FireOnlyMAPEM().fitGroupingCopies($0) }
      for model in Self.models { try lose(model.name) { try model.fit($0, classBalance: nil) } }
    }
    for (name, loss) in lost where name != "map-em" { #expect(loss < 0.005, "\(name)") }
    #expect(lost["map-em", default: 0] > 0.005)
  }

  @Test(arguments: [2, 4], models.map(\.name))
  func independentFunctionsAreLabeledAsByMAPEM(classes: Int, name: String) throws {
    let model = try #require(LabelModel.algorithm(name))
    var lostLogLoss = 0.0
    for seed in 0..<5 as Range<UInt64> {
      let (votes, gold) = PlantedVotes.independent(10, classes: classes, seed: seed)
        .draw(documents: 5000, seed: seed)
      let compressed = votes.compressed(blockSize: 5000)
      let plain = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
      let reference = try compressed.figures(of: plain, gold: gold)
      let fit = try model.fit(compressed.patterns, counts: compressed.counts)
      #expect(fit.converged)
      #expect(fit.dependencies.isEmpty)
      let metrics = try compressed.figures(of: fit, gold: gold)
      #expect(metrics.accuracy > reference.accuracy - 0.005)
      lostLogLoss += (metrics.logLoss - reference.logLoss) / 5
    }
    #expect(lostLogLoss < 0.02)
  }

  /// Edges that are not needed cost little: all pairs of independent functions are declared.
  @Test(arguments: [2, 4])
  func needlessTreesCostLittle(classes: Int) throws {
    var (lostAccuracy, lostLogLoss) = (0.0, 0.0)
    for seed in 0..<5 as Range<UInt64> {
      let (votes, gold) = PlantedVotes.independent(8, classes: classes, seed: seed)
        .draw(documents: 3000, seed: seed)
      let compressed = votes.compressed(blockSize: 5000)
      let plain = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
      let fit = try CorrelatedMAPEM().fit(
        compressed.counted(), groups: [[0, 1, 2, 3, 4, 5, 6, 7]])
      #expect(fit.dependencies.count == 28)
      let reference = try compressed.figures(of: plain, gold: gold)
      let metrics = try compressed.figures(of: fit, gold: gold)
      lostAccuracy += (reference.accuracy - metrics.accuracy) / 5
      lostLogLoss += (metrics.logLoss - reference.logLoss) / 5
    }
    #expect(lostAccuracy < 0.01)
    #expect(lostLogLoss < 0.015)
  }

  @Test func withoutDependenciesCorrelatedIsMAPEM() throws {
    let (votes, _) = PlantedVotes.independent(9, classes: 3, seed: 1).draw(documents: 2000, seed: 1)
    let compressed = votes.compressed()
    let plain = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    let fit = try CorrelatedMAPEM().fit(compressed.patterns, counts: compressed.counts)
    #expect(fit.posteriors(of: compressed.patterns) == plain.posteriors(of: compressed.patterns))
    #expect(fit.functions == plain.functions)
    #expect(fit.history == plain.history)
    #expect(fit.name == "correlated")
  }

  /// What a tree says of all votes of a group, summed over all classes of outcomes, is 1: a pattern
  /// in which a function is silent counts all that it may have done.
  @Test func silenceInATreeIsSummedOver() throws {
    var model = PlantedVotes.independent(4, classes: 2, seed: 11)
    for (copy, source) in [(1, 0), (2, 1), (3, 1)] {
      model.functions[copy].source = source
      model.functions[copy].copying = 0.6
    }
    let (votes, _) = model.draw(documents: 4000, seed: 11)
    let all = (0..<81).map { number in
      [number % 3 - 1, number / 3 % 3 - 1, number / 9 % 3 - 1, number / 27 - 1]
    }
    let compressed = DenseVotes(
      rows: votes.rows + all, functionCount: 4, classCount: 2
    ).compressed()
    var counts = compressed.counts
    for id in compressed.ids.suffix(81) { counts[id] -= 1 }
    let fit = try CorrelatedMAPEM().fit(compressed.patterns, counts: counts)
    #expect(fit.dependencies.count >= 3)
    let offset = votes.rows.count
    var row = [0.5, 0.5]
    /// P(votes | y), with any behaviour of silent functions.
    func marginal(_ votes: [Int]) -> [Double] {
      let index = all.firstIndex(of: votes) ?? 0
      let pattern = compressed.ids[offset + index]
      guard compressed.patterns.isCovered(pattern) else { return [1, 1] }
      let log = fit.rule.posterior(of: pattern, in: compressed.patterns, into: &row)
      return row.map { $0 * exponential(log) / 0.5 }
    }
    /// P(votes, and silence elsewhere | y) by inclusion and exclusion.
    func exact(_ votes: [Int]) -> [Double] {
      guard let silent = votes.firstIndex(of: -1) else { return marginal(votes) }
      return exactFrom(votes, silent)
    }
    func exactFrom(_ votes: [Int], _ place: Int) -> [Double] {
      guard let silent = votes.indices.first(where: { $0 >= place && votes[$0] < 0 }) else {
        return marginal(votes)
      }
      var rest = exactFrom(votes, silent + 1)
      for vote in 0..<2 {
        var other = votes
        other[silent] = vote
        let part = exactFrom(other, silent + 1)
        for label in 0..<2 { rest[label] -= part[label] }
      }
      return rest
    }
    var total = [0.0, 0.0]
    for votes in all {
      let share = exact(votes)
      for label in 0..<2 {
        #expect(share[label] > -1e-6)
        total[label] += share[label]
      }
    }
    for label in 0..<2 { #expect(abs(total[label] - 1) < 1e-6) }
  }
}

/// The public sets that lie beside the repository.
@Suite(.enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"))
struct DependentModelsSharedSetsTests {
  @Test(arguments: ["youtube", "sms", "trec", "yoruba"])
  func notBelowTheMajorityVote(name: String) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(name)))
    let compressed = DenseVotes(
      rows: set.train.votes, functionCount: set.train.votes.first?.count ?? 0,
      classCount: set.labels.count
    ).compressed(blockSize: 1000)
    func metrics(_ model: any LabelModelAlgorithm) throws -> ClassificationMetrics {
      let fit = try model.fit(compressed.patterns, counts: compressed.counts)
      #expect(fit.converged)
      return try compressed.figures(of: fit, gold: set.train.gold)
    }
    let majority = try metrics(MajorityVote())
    for model in DependentModelsTests.models {
      #expect(try metrics(model).macroF1 >= majority.macroF1 - 0.005)
    }
  }
}
