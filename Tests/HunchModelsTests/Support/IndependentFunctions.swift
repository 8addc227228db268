import TestSupport

extension DenseVotes {
  /// Votes of independent functions of given accuracies; classes are equally common, and errors are
  /// spread evenly over the other classes.
  static func independent(
    seed: UInt64, documents: Int, accuracies: [Double], classes: Int, coverage: Double
  ) -> (votes: DenseVotes, gold: [Int]) {
    SyntheticSetting(
      "independent", "functions of given accuracies",
      balance: [Double](repeating: 1 / Double(classes), count: classes),
      functions: accuracies.map {
        .multipolar(accuracy: $0, coverage: coverage, classes: classes)
      },
      documents: documents
    ).draw(seed: seed)
  }
}
