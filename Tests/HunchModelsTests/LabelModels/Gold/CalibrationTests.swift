import Foundation
import HunchModels
import TestSupport
import Testing

/// Temperatures against a search of all of them, and posteriors against powers.
struct CalibrationTests {
  /// Posteriors whose labels were drawn from them to the power of 1/T.
  private func planted(_ temperature: Double, documents: Int, seed: Int) -> GoldPosteriors {
    var random = SplitMix64(seed: seed)
    var rows: [Double] = []
    var labels: [Int] = []
    for _ in 0..<documents {
      let weights = (0..<3).map { _ in exp(3 * random.uniform()) }
      rows += weights.map { $0 / weights.reduce(0, +) }
      let truth = weights.map { pow($0, 1 / temperature) }
      var place = random.uniform() * truth.reduce(0, +)
      var label = 0
      while label < 2, place >= truth[label] {
        place -= truth[label]
        label += 1
      }
      labels.append(label)
    }
    return GoldPosteriors(rows: rows, labels: labels, classCount: 3)
  }

  /// The smoothed loss of all documents with the prior, computed slowly.
  private func objective(_ posteriors: GoldPosteriors, _ temperature: Double) -> Double {
    let count = posteriors.labels.count
    let smoothing = 1 / Double(count + 2)
    var sum = pow(log(temperature) / 0.25, 2) / 2
    for document in 0..<count {
      let powers = (0..<3).map { pow(posteriors.rows[document * 3 + $0], 1 / temperature) }
      let total = powers.reduce(0, +)
      for label in 0..<3 {
        let target =
          smoothing / 3 + (label == posteriors.labels[document] ? 1 - smoothing : 0)
        sum -= target * log(powers[label] / total)
      }
    }
    return sum
  }

  @Test(arguments: [(0.5, 1), (1, 2), (2, 3), (0.7, 4), (1.6, 5)])
  func theTemperatureIsTheBestOfAll(_ planted: Double, _ seed: Int) throws {
    let posteriors = self.planted(planted, documents: 120, seed: seed)
    let found = posteriors.temperature()
    let value = objective(posteriors, found)
    for step in -400...400 {
      #expect(objective(posteriors, exp(Double(step) / 200)) >= value - 1e-6)
    }
  }

  @Test(arguments: [0.5, 1, 2])
  func aPlantedTemperatureIsFound(planted: Double) {
    let found = self.planted(planted, documents: 20_000, seed: 3).temperature()
    #expect(abs(log(found / planted)) < 0.05)
  }

  @Test func fewOrAgreeingLabelsAreNotOverdone() {
    // All right: without smoothing and prior the coldest temperature would be taken.
    let rows = (0..<100).flatMap { _ in [0.9, 0.05, 0.05] }
    let posteriors = GoldPosteriors(
      rows: rows, labels: [Int](repeating: 0, count: 100), classCount: 3)
    #expect(posteriors.temperature() > 0.5)
    #expect(posteriors.temperature() < 0.95)
  }

  @Test func aTemperatureIsTakenOnlyIfItPays() {
    let cold = Calibration(planted(0.5, documents: 300, seed: 5), goldDocuments: 300)
    #expect(cold.temperature < 0.8)
    #expect((cold.logLossAfter ?? 9) < (cold.logLossBefore ?? 0))
    let right = Calibration(planted(1, documents: 300, seed: 6), goldDocuments: 300)
    #expect(right.temperature == 1)
    #expect(right.logLossAfter == right.logLossBefore)
  }

  /// The temperature of a fold's documents comes from the other folds.
  @Test func lossesAreCrossValidated() {
    let posteriors = planted(0.6, documents: 101, seed: 8)
    let losses = posteriors.calibratedLosses()
    let temperature = posteriors.temperature(outside: 2)
    for document in stride(from: 2, to: 101, by: 5) {
      let powers = (0..<3).map { pow(posteriors.rows[document * 3 + $0], 1 / temperature) }
      let expected = -log(powers[posteriors.labels[document]] / powers.reduce(0, +))
      #expect(abs(losses[document] - expected) < 1e-9)
    }
    #expect(temperature != posteriors.temperature())
  }

  @Test(arguments: [0.5, 2])
  func posteriorsAreTakenToThePower(temperature: Double) throws {
    let (votes, _) = DenseVotes.random(documents: 300, functions: 6, classes: 3, seed: 4)
    let compressed = votes.compressed()
    let plain = try FireOnlyMAPEM().fit(compressed.counted(), classBalance: [0.5, 0.3, 0.2])
    let fit = try plain.tempered(temperature, compressed.counted())
    #expect(fit.rule.parameters == plain.rule.parameters + [temperature])
    #expect(fit != plain)
    var agreeing = [Double](repeating: 0, count: 6)
    for pattern in 0..<compressed.patterns.count {
      let row = fit.posterior(of: pattern, in: compressed.patterns)
      let before = plain.posterior(of: pattern, in: compressed.patterns)
      guard compressed.patterns.isCovered(pattern) else {
        #expect(row == [0.5, 0.3, 0.2])
        continue
      }
      let powers = before.map { pow($0, 1 / temperature) }
      for (value, power) in zip(row, powers) {
        #expect(abs(value - power / powers.reduce(0, +)) < 1e-12)
      }
      for entry in compressed.patterns.entries(of: pattern) {
        agreeing[Int(compressed.patterns.functions[entry])] +=
          row[Int(compressed.patterns.votes[entry])] * Double(compressed.counts[pattern])
      }
    }
    for (function, estimate) in fit.functions.enumerated() where estimate.votes > 0 {
      #expect(
        abs((estimate.accuracy ?? 0) - agreeing[function] / Double(estimate.votes)) < 1e-9)
    }
    let weights = try #require(fit.logEvidence(function: 0, vote: 1))
    let before = try #require(plain.logEvidence(function: 0, vote: 1))
    for (one, other) in zip(weights, before) { #expect(abs(one - other / temperature) < 1e-12) }
  }

  @Test func fewLabelsChangeNothingButThePriors() throws {
    let (votes, gold) = DenseVotes.random(documents: 400, functions: 6, classes: 2, seed: 5)
    let compressed = votes.compressed()
    let known = gold.enumerated().map { $0.offset < 60 ? $0.element : -1 }
    let labeled = compressed.counted(gold: known)
    let fit = try GoldFit(.auto, compressed.counted(), gold: labeled, given: Evidence())
    let expected = try AdaptiveModel().fit(
      compressed.counted(), given: Evidence(gold: GoldVotes(labeled)))
    #expect(fit.model == expected)
    #expect(fit.choice.isEmpty && fit.calibration.temperature == 1)
    #expect(fit.calibration.logLossBefore == nil)
    let without = try GoldFit(
      .auto, compressed.counted(), gold: compressed.counted(), given: Evidence())
    #expect(without.model == (try AdaptiveModel().fit(compressed.counted(), classBalance: nil)))
    #expect(without.calibration == Calibration(goldDocuments: 0))
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func aNamedModelIsKept() throws {
    let (votes, gold) = DenseVotes.random(documents: 900, functions: 6, classes: 2, seed: 6)
    let compressed = votes.compressed()
    let labeled = compressed.counted(gold: gold)
    for choice in LabelModel.all {
      let fit = try GoldFit(choice, compressed.counted(), gold: labeled, given: Evidence())
      #expect(fit.taken.name == choice.name && fit.model.name == choice.algorithm.name)
      #expect(fit.choice.isEmpty)
      let before = try #require(fit.calibration.logLossBefore)
      #expect(try #require(fit.calibration.logLossAfter) <= before)
    }
    let auto = try GoldFit(.auto, compressed.counted(), gold: labeled, given: Evidence())
    #expect(auto.choice.first?.labelModel == auto.model.name)
    #expect(auto.choice.count == 2)
    let adaptive = try #require(auto.choice.first { $0.labelModel == "adaptive" })
    #expect(adaptive.gain == 0 && adaptive.standardError == 0)
    for score in auto.choice {
      #expect(abs(adaptive.logLoss - score.logLoss - score.gain) < 1e-12)
    }
  }
}

/// Gold labels in the priors of models with one accuracy or a confusion matrix per function.
struct GoldInformedTests {
  @Test func accuraciesOfAFunctionAreCountedOverItsClasses() throws {
    let (votes, gold) = DenseVotes.random(documents: 500, functions: 4, classes: 3, seed: 11)
    let compressed = votes.compressed()
    let counted = try GoldVotes(compressed.counted(gold: gold))
    var (accuracies, diagonals): ([Double], [Double]) = ([], [])
    for function in 0..<4 {
      let fired = votes.rows.indices.filter { votes.rows[$0][function] >= 0 }
      let right = fired.count { votes.rows[$0][function] == gold[$0] }
      let count = Double(100 + fired.count)
      let accuracy = (100 * 0.8 + Double(right)) / count
      let diagonal = (100 * 0.75 + Double(right)) / count
      accuracies.append(accuracy)
      diagonals.append(diagonal)
    }
    let fireOnly = EMPrior().informed(by: counted)
    let informed: [(any LabelModelAlgorithm, any LabelModelAlgorithm)] = [
      (
        WeightedMajority(),
        WeightedMajority(.init(priorAccuracy: 0.8, functionPriorAccuracies: accuracies))
      ),
      (DawidSkene(), DawidSkene(.init(fireOnly: fireOnly, functionPriorDiagonals: diagonals))),
    ]
    for (model, expected) in informed {
      #expect(
        try model.fit(compressed.counted(), given: Evidence(gold: counted))
          == expected.fit(compressed.counted(), classBalance: nil))
    }
    let same = WeightedMajority(
      .init(priorAccuracy: 0.8, functionPriorAccuracies: [0.8, 0.8, 0.8, 0.8]))
    #expect(
      try same.fit(compressed.counted(), classBalance: nil)
        == WeightedMajority().fit(compressed.counted(), classBalance: nil))
    let alike = DawidSkene(.init(functionPriorDiagonals: [0.75, 0.75, 0.75, 0.75]))
    #expect(
      try alike.fit(compressed.counted(), classBalance: nil)
        == DawidSkene().fit(compressed.counted(), classBalance: nil))
  }
}
