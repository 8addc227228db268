import HunchModels
import TestSupport
import Testing

/// The settings that label models are measured in are what they are said to be.
struct SyntheticSettingTests {
  @Test func namesAreUniqueAndTellTheClasses() {
    let names = SyntheticSetting.all.map(\.name)
    #expect(Set(names).count == names.count)
    for setting in SyntheticSetting.all {
      #expect(setting.name.hasSuffix("-k\(setting.classCount)"))
      #expect(SyntheticSetting.named(setting.name)?.summary == setting.summary)
    }
    #expect(SyntheticSetting.named("unknown") == nil)
  }

  @Test func aSeedGivesTheSameVotes() throws {
    let setting = try #require(SyntheticSetting.named("dependent-k4"))
    let (one, other) = (setting.draw(seed: 3), setting.draw(seed: 3))
    #expect(one.votes.rows == other.votes.rows)
    #expect(one.gold == other.gold)
    #expect(one.votes.rows != setting.draw(seed: 4).votes.rows)
    #expect(one.votes.rows.count == setting.documents)
  }

  @Test func trueAccuraciesAreThoseAskedFor() throws {
    let balance = [0.7, 0.2, 0.1]
    let setting = SyntheticSetting(
      "by hand", "", balance: balance,
      functions: [
        .multipolar(accuracy: 0.8, coverage: 0.5, classes: 3),
        .unipolar(for: 2, accuracy: 0.6, coverage: 0.1, balance: balance),
        .blind([0.1, 0.2, 0.1]),
        SyntheticFunction.blind([0, 0, 0.2]).imitating(0, share: 0.5),
      ])
    // The imitator: half of 0.5 votes right with 0.8, half of 0.2 votes right with 0.1.
    let expected = [0.8, 0.6, 0.1 * 0.7 / 0.4 + 0.2 * 0.2 / 0.4 + 0.1 * 0.1 / 0.4, 0.21 / 0.35]
    for (found, expected) in zip(setting.accuracies, expected) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(abs(setting.tables[1][2][2] - 0.6) < 1e-12)
    #expect(abs(setting.tables[1][0][2] - 0.04 / 0.9) < 1e-12)
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: SyntheticSetting.all.indices)
  func drawsFollowTheTables(index: Int) {
    let setting = SyntheticSetting.all[index]
    var votes = setting.tables.map { $0.map { $0.map { _ in 0 } } }
    var ofClass = setting.balance.map { _ in 0 }
    var imitations = setting.functions.map { _ in 0 }
    var documents = 0
    for seed in SyntheticDraws.seeds {
      let (drawn, gold) = setting.draw(seed: seed)
      documents += gold.count
      for (row, label) in zip(drawn.rows, gold) {
        ofClass[label] += 1
        for (function, vote) in row.enumerated() {
          if vote >= 0 { votes[function][label][vote] += 1 }
          if let model = setting.functions[function].model {
            imitations[function] += vote == row[model.function] ? 1 : 0
          }
        }
      }
    }
    /// Five standard deviations, and a little for what is nearly certain.
    func tolerance(_ share: Double, _ trials: Int) -> Double {
      5 * (share * (1 - share) / Double(trials)).squareRoot() + 1e-9
    }
    for (label, share) in setting.balance.enumerated() {
      let found = Double(ofClass[label]) / Double(documents)
      #expect(abs(found - share) <= tolerance(share, documents))
      for function in setting.functions.indices {
        for vote in setting.balance.indices {
          let expected = setting.tables[function][label][vote]
          let found = Double(votes[function][label][vote]) / Double(ofClass[label])
          #expect(abs(found - expected) <= tolerance(expected, ofClass[label]))
        }
      }
    }
    for (function, count) in imitations.enumerated() {
      guard let share = setting.functions[function].model?.share else { continue }
      #expect(Double(count) / Double(documents) >= share - tolerance(share, documents))
    }
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: SyntheticSetting.all.indices)
  func noModelBeatsTheOracleInLogLoss(index: Int) throws {
    let setting = SyntheticSetting.all[index]
    let draws = SyntheticDraws(setting)
    let best = try draws.score(oracleKnowing: .dependencies).figures
    #expect(best.ece < 0.02, "true probabilities are calibrated, up to sampling")
    let naive = try draws.score(oracleKnowing: .functions).figures
    if setting.hasDependencies {
      #expect(best.logLoss < naive.logLoss)
    } else {
      #expect(best == naive)
    }
    let learned = try draws.score(MajorityVote()).figures
    #expect(best.logLoss < learned.logLoss)
    #expect(best.accuracy >= learned.accuracy)
    #expect(best.documents == learned.documents)
  }
}
