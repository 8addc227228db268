import HunchModels
import TestSupport
import Testing

struct DeclaredGroupsTests {
  /// Four good functions, a bad one, and three that often do what it does, but not always.
  private static func votes(seed: UInt64) -> (votes: DenseVotes, gold: [Int]) {
    let good = [0.75, 0.8, 0.85, 0.9].map { PlantedVotes.Function(accuracy: $0, coverage: 0.4) }
    let bad = PlantedVotes.Function(accuracy: 0.55, coverage: 0.5)
    let followers = [PlantedVotes.Function](
      repeating: .init(accuracy: 0.55, coverage: 0.5, source: 4, copying: 0.7), count: 3)
    return PlantedVotes(functions: good + [bad] + followers, classes: 2)
      .draw(documents: 4000, seed: seed)
  }

  private static let group = [[4, 5, 6, 7]]

  @Test func weightsOfTheMapEMFamily() throws {
    let counted = Self.votes(seed: 1).votes.compressed().counted()
    let weights: [Double] = [1, 1, 1, 1, 0.25, 0.25, 0.25, 0.25]
    let pairs: [(any LabelModel, any LabelModel)] = [
      (FireOnlyMAPEM(), FireOnlyMAPEM(.init(functionWeights: weights))),
      (WeightedMajority(), WeightedMajority(.init(functionWeights: weights))),
      (DawidSkene(), DawidSkene(.init(fireOnly: .init(functionWeights: weights)))),
    ]
    for (model, weighted) in pairs {
      let grouped = try #require(model.grouping(Self.group, functionCount: 8))
      #expect(grouped.name == model.name)
      let fit = try grouped.fit(counted, classBalance: nil)
      let expected = try weighted.fit(counted, classBalance: nil)
      #expect(fit.rule.parameters == expected.rule.parameters)
      #expect(fit.groups == Self.group)
    }
  }

  @Test func modelsThatCannotSaySo() {
    #expect(MajorityVote().grouping(Self.group, functionCount: 8) == nil)
    #expect(Triplet().grouping(Self.group, functionCount: 8) == nil)
  }

  @Test(arguments: ["adaptive", "map-em", "correlated", "data-programming"])
  func countOnceWhatIsSaidFourTimes(_ name: String) throws {
    let model = try #require(LabelModels.named(name))
    let grouped = try #require(model.grouping(Self.group, functionCount: 8))
    var (plain, better) = (0.0, 0.0)
    for seed in 1..<4 {
      let (votes, gold) = Self.votes(seed: UInt64(seed))
      let compressed = votes.compressed()
      func accuracy(_ model: any LabelModel) throws -> Double {
        let fit = try model.fit(compressed.counted(), classBalance: nil)
        return try compressed.metrics(of: fit, gold: gold).accuracy
      }
      plain += try accuracy(model) / 3
      better += try accuracy(grouped) / 3
    }
    // The last two find the dependence by themselves.
    let gain = ["correlated", "data-programming"].contains(name) ? -0.002 : 0.02
    #expect(better > plain + gain, "\(plain) to \(better)")
  }

  @Test func pairsAreReportedAsDeclared() throws {
    let (votes, _) = DenseVotes.random(documents: 900, functions: 6, classes: 2, seed: 4)
    let counted = votes.compressed().counted()
    for model in [AdaptiveModel(), CorrelatedMAPEM(), DataProgramming()] as [any LabelModel] {
      let grouped = try #require(model.grouping([[0, 3, 5]], functionCount: 6))
      let fit = try grouped.fit(counted, classBalance: nil)
      let pairs = fit.dependencies.filter { $0.kind == .declared }.map { [$0.first, $0.second] }
      #expect(Set(pairs) == [[0, 3], [0, 5], [3, 5]])
      #expect(model is AdaptiveModel ? fit.groups == [[0, 3, 5]] : fit.modelsDependencies)
    }
  }

  /// What adaptive finds and what its user declares are the same to it.
  @Test func declaringCopiesChangesNothing() throws {
    let setting = try #require(SyntheticSetting.named("copies-k2"))
    let counted = setting.draw(seed: 3).votes.compressed().counted()
    let found = try AdaptiveModel().fit(counted, classBalance: nil)
    let declared = try AdaptiveModel(declared: [[4, 5, 6, 7, 8]]).fit(counted, classBalance: nil)
    #expect(found.rule.parameters == declared.rule.parameters)
    #expect(found.groups == declared.groups)
  }

  @Test func aFunctionThatThereIsNot() throws {
    let counted = Self.votes(seed: 1).votes.compressed().counted()
    #expect(throws: FitError.self) {
      try AdaptiveModel(declared: [[0, 8]]).fit(counted, classBalance: nil)
    }
  }
}
