import ComparedModels
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
    let pairs: [(any LabelModelAlgorithm, any LabelModelAlgorithm)] = [
      (FireOnlyMAPEM(), FireOnlyMAPEM(.init(functionWeights: weights))),
      (WeightedMajority(), WeightedMajority(.init(priorAccuracy: 0.8, functionWeights: weights))),
      (DawidSkene(), DawidSkene(.init(fireOnly: .init(functionWeights: weights)))),
    ]
    for (model, weighted) in pairs {
      let fit = try model.fit(counted, groups: Self.group)
      #expect(model.takesGroups && fit.name == model.name)
      let expected = try weighted.fit(counted, classBalance: nil)
      #expect(fit.rule.parameters == expected.rule.parameters)
      #expect(fit.groups == Self.group)
    }
  }

  @Test func modelsThatCannotSaySo() {
    #expect(!MajorityVote().takesGroups)
    #expect(!Triplet().takesGroups)
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: ["adaptive", "map-em", "correlated", "data-programming"])
  func countOnceWhatIsSaidFourTimes(_ name: String) throws {
    let model = try #require(LabelModel.algorithm(name))
    var (plain, better) = (0.0, 0.0)
    for seed in 1..<4 {
      let (votes, gold) = Self.votes(seed: UInt64(seed))
      let compressed = votes.compressed()
      func accuracy(_ groups: [[Int]]) throws -> Double {
        let fit = try model.fit(compressed.counted(), groups: groups)
        return try compressed.metrics(of: fit, gold: gold).accuracy
      }
      plain += try accuracy([]) / 3
      better += try accuracy(Self.group) / 3
    }
    // The last two find the dependence by themselves.
    let gain = ["correlated", "data-programming"].contains(name) ? -0.002 : 0.02
    #expect(better > plain + gain, "\(plain) to \(better)")
  }

  @Test func pairsAreReportedAsDeclared() throws {
    let (votes, _) = DenseVotes.random(documents: 900, functions: 6, classes: 2, seed: 4)
    let counted = votes.compressed().counted()
    for model in [AdaptiveModel(), CorrelatedMAPEM(), DataProgramming()]
      as [any LabelModelAlgorithm]
    {
      let fit = try model.fit(counted, groups: [[0, 3, 5]])
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
    let declared = try AdaptiveModel().fit(counted, groups: [[4, 5, 6, 7, 8]])
    #expect(found.rule.parameters == declared.rule.parameters)
    #expect(found.groups == declared.groups)
  }

  @Test func aFunctionThatThereIsNot() throws {
    let counted = Self.votes(seed: 1).votes.compressed().counted()
    for model in LabelModel.compared where model.algorithm.takesGroups {
      #expect(throws: FitError.hyperParameter(name: "declared", value: 8, range: "0 to 7")) {
        try model.algorithm.fit(counted, groups: [[0, 8]])
      }
    }
  }
}
