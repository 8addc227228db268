import ComparedModels
import HunchModels
import TestSupport
import Testing

struct DataProgrammingTests {
  /// Textbook models fall to one class where each function knows one class only.
  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: [2, 4])
  func oneSidedFunctionsDoNotCollapse(classes: Int) throws {
    for seed in 0..<5 as Range<UInt64> {
      let (votes, gold) = PlantedVotes.oneSided(12, classes: classes, documents: 4000, seed: seed)
      let compressed = votes.compressed(blockSize: 5000)
      let fit = try DataProgramming().fit(compressed.patterns, counts: compressed.counts)
      let plain = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
      let metrics = try compressed.figures(of: fit, gold: gold)
      let reference = try compressed.figures(of: plain, gold: gold)
      #expect(fit.converged)
      #expect(metrics.accuracy > reference.accuracy - 0.025)
      let largest = metrics.classes.map(\.predictions).max() ?? 0
      #expect(Double(largest) < 1.5 * Double(metrics.documents) / Double(classes))
    }
  }

  /// One function that is alone: its accuracy is the prior's.
  @Test func oneFunctionKeepsThePrior() throws {
    let votes = DenseVotes(
      rows: (0..<200).map { [$0 % 4 == 0 ? 0 : -1, $0 % 4 == 1 ? 1 : -1] }, functionCount: 2,
      classCount: 2
    ).compressed()
    let fit = try DataProgramming().fit(votes.patterns, counts: votes.counts)
    for (place, value) in fit.posteriors(of: votes.patterns).enumerated()
    where votes.patterns.isCovered(place / 2) && value > 0.5 {
      #expect(abs(value - 0.85) < 0.02)
    }
  }

  /// Fifteen copies are more than one group holds; what is left out counts as independent.
  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func groupsThatAreTooLargeAreCut() throws {
    var model = PlantedVotes.independent(20, classes: 2, seed: 3)
    for copy in 5..<20 {
      model.functions[copy] = model.functions[0]
      model.functions[copy].source = 0
      model.functions[copy].copying = 0.98
    }
    let compressed = model.draw(documents: 1500, seed: 3).votes.compressed()
    let fit = try DataProgramming().fit(compressed.patterns, counts: compressed.counts)
    #expect(fit.dependencies.count { $0.kind == .copy } == 120)
    #expect(fit.posteriors(of: compressed.patterns).allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test func goldLabelsAreThePriorOfTheirFunctions() throws {
    let (votes, gold) = PlantedVotes.independent(6, classes: 2, seed: 4)
      .draw(documents: 2400, seed: 4)
    let compressed = votes.compressed()
    let wrong = gold.map { 1 - $0 }
    for model in DependentModelsTests.models {
      let plain = try model.fit(compressed.patterns, counts: compressed.counts)
      let informed = try model.fit(
        compressed.counted(), given: Evidence(gold: GoldVotes(compressed.counted(gold: gold))))
      let misled = try model.fit(
        compressed.counted(), given: Evidence(gold: GoldVotes(compressed.counted(gold: wrong))))
      let figures = try [informed, plain, misled].map {
        try compressed.figures(of: $0, gold: gold).accuracy
      }
      #expect(figures[0] > figures[1] - 0.02)
      #expect(figures[2] < 0.5)
      #expect(informed.name == model.name)
    }
  }

  @Test func rejectsParametersOutsideTheirRange() {
    let votes = DenseVotes(rows: [[0, 1]], functionCount: 2, classCount: 2).compressed()
    let bad: [(DataProgramming.HyperParameters, FitError)] = [
      (
        .init(priorAccuracy: 1),
        .hyperParameter(name: "priorAccuracy", value: 1, range: "between 0 and 1")
      ),
      (
        .init(priorStrength: 0),
        .hyperParameter(name: "priorStrength", value: 0, range: "above 0")
      ),
      (.init(tolerance: 0), .hyperParameter(name: "tolerance", value: 0, range: "above 0")),
      (
        .init(maximumRounds: 0),
        .hyperParameter(name: "maximumRounds", value: 0, range: "1 or more")
      ),
    ]
    for (parameters, error) in bad {
      #expect(throws: error) {
        try DataProgramming(parameters).fit(votes.patterns, counts: votes.counts)
      }
    }
    #expect(throws: FitError.hyperParameter(name: "declared", value: 2, range: "0 to 1")) {
      try DataProgramming().fit(votes.counted(), groups: [[0, 2]])
    }
  }
}
