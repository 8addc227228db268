import HunchModels
import Testing

struct FitWarningTests {
  private func sentences(_ warnings: [FitWarning]) -> [String] {
    FitWarning.sentences(warnings, functions: ["short", "long"], labels: ["ham", "spam", "other"])
  }

  static let cases: [(FitWarning, String)] = [
    (.functionNeverVotes(0), "short never votes: correct what it looks for, or drop it"),
    (.functionNeverVotes(3), "function 3 never votes: correct what it looks for, or drop it"),
    (
      .classWithoutVotes(0),
      "no labeling function votes for ham: add a function that does, or remove the class"
    ),
    (
      .classWithoutVotes(7),
      "no labeling function votes for class 7: add a function that does, or remove the class"
    ),
    (
      .noVotes,
      "no labeling function votes on any document; every label is the class balance: see 'hunch "
        + "analyze DIR' and correct what functions look for"
    ),
    (
      .tooFewFunctions(2),
      "only 2 of the labeling functions vote; with fewer than 3, accuracies are assumed, not "
        + "learned: add functions that vote on the same documents"
    ),
    (
      .littleOverlap(0.0123),
      "only 1.2 % of the covered documents have two votes; accuracies are mostly assumed, not "
        + "learned: add functions that vote on the same documents, or give gold labels "
        + "('label_model_gold: valid')"
    ),
    (
      .votesWithoutTriplets(3, of: 40),
      "3 of the 40 pairs of a function and a class it votes for overlap with too few other "
        + "functions; their accuracies are assumed, not learned: add functions that vote on the "
        + "same documents"
    ),
    (
      .worseThanChance(function: 0, accuracy: 0.25),
      "short (agreement-implied accuracy 25.0 %) agrees with the other functions no better than "
        + "chance: see 'hunch conflicts DIR', then correct or drop it"
    ),
    (
      .notConverged(rounds: 500, change: 0.004),
      "stopped after 500 rounds while labels still changed by up to 0.4 %: compare 'hunch fit DIR "
        + "--label-model triplet', which has no rounds"
    ),
    (
      .differsFromMajority(0.254),
      "labels differ from the majority vote on 25.4 % of the covered documents, more than 20.0 %: "
        + "see in 'hunch conflicts DIR' which functions overrule which, and 'hunch explain DIR ID' "
        + "for one document"
    ),
    (
      .poorFit(4.21),
      "functions vote together far more, or less, often than the model expects (rms 4.2), so its "
        + "probabilities may be too sure: merge functions that look for the same thing, or compare "
        + "'hunch fit DIR --label-model correlated'"
    ),
    (
      .classBalanceAssumed([1, 2]),
      "with fewer than two functions for spam and other the votes hardly tell how frequent they "
        + "are, and shares between equal ones and those of the votes are taken: add functions, or "
        + "state 'class_balance' in hunch.yaml"
    ),
  ]

  @Test(arguments: cases.indices)
  func saysWhatAndWhatToDo(_ index: Int) {
    let (warning, text) = Self.cases[index]
    #expect(sentences([warning]) == [text])
  }

  @Test func warningsOfOneKindMakeOneSentence() {
    #expect(
      sentences([
        .functionNeverVotes(0), .classWithoutVotes(1), .functionNeverVotes(1),
        .classWithoutVotes(2), .worseThanChance(function: 1, accuracy: 0.3), .functionNeverVotes(5),
        .worseThanChance(function: 0, accuracy: 0.1),
      ]) == [
        "short, long and function 5 never vote: correct what they look for, or drop them",
        "no labeling function votes for spam and other: add a function that does, or remove these "
          + "classes",
        "long (agreement-implied accuracy 30.0 %) and short (agreement-implied accuracy 10.0 %) "
          + "agree with the other functions no better than chance: see 'hunch conflicts DIR', then "
          + "correct or drop them",
      ])
  }

  @Test func longListsAreCut() {
    let silent = (10..<30).map { FitWarning.functionNeverVotes($0) }
    let text = sentences(silent)
    #expect(text.count == 1)
    #expect(text[0].contains("function 10, function 11"))
    #expect(text[0].contains("function 15 and 14 more never vote"))
  }
}
