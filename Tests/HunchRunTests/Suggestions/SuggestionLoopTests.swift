import Foundation
import Hunch
import Testing

/// Whether suggestions help: ten rounds of ten labels and at most three functions each, answered by
/// hidden gold labels, measured on the test split of the support messages.
@Suite struct SuggestionLoopTests {
  private static let rounds = 10

  private func lastAndFirst(
    _ names: [String], _ way: SuggestionRounds.Way
  ) throws -> (first: Double, last: Double, rounds: SuggestionRounds) {
    let (project, pack) = try SuggestionProject.supportMessages(names)
    let loop = try SuggestionRounds(project, pack, askedSplit: .valid)
    let figures = try loop.run(Self.rounds, way) { $0 == 0 || $0 == Self.rounds }
    return (
      try #require(figures.first).macroF1, try #require(figures.last).macroF1, loop
    )
  }

  @Test func suggestionsRaiseMacroF1AndBeatRandomLabels() throws {
    let names = SuggestionProject.secondOfEachClass
    let suggested = try lastAndFirst(names, .suggested)
    #expect(suggested.last - suggested.first >= 0.1)
    let random = try (1...5).map {
      try lastAndFirst(names, .randomDocuments(seed: UInt64($0))).last
    }
    #expect(suggested.last > random.reduce(0, +) / Double(random.count))
    #expect(suggested.rounds.labelled == 100)
    #expect(!suggested.rounds.added.isEmpty)
  }
}
