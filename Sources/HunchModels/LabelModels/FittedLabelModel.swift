/// What a label model learned.
public struct FittedLabelModel: Sendable, Equatable {
  /// The name of the model.
  public let name: String

  /// The class balance it was fitted with, summing to 1.
  public let classBalance: [Double]

  /// The probability of each class for each pattern, flat, patterns × classes; every row sums to
  /// 1. A pattern without votes has the class balance.
  public let posteriors: [Double]

  /// What it learned of each labeling function, in the functions' order.
  public let functions: [FunctionEstimate]

  /// The logarithm of the (composite) likelihood of the votes, natural, over all documents with
  /// votes; nil for a model without a likelihood. Compare it between fits of one model on the same
  /// votes only.
  public let logLikelihood: Double?

  /// The largest change of a posterior in each round.
  public let history: [Double]

  /// The number of rounds.
  public let iterations: Int

  /// Whether the change fell below the tolerance before the rounds ran out.
  public let converged: Bool

  /// What the user should know about the votes or the fit.
  public let warnings: [FitWarning]

  /// The number of classes.
  public var classCount: Int { classBalance.count }

  /// The probabilities of the classes for a pattern.
  public func posterior(of pattern: Int) -> ArraySlice<Double> {
    posteriors[pattern * classCount..<(pattern + 1) * classCount]
  }
}

/// What a label model learned of one labeling function.
public struct FunctionEstimate: Sendable, Equatable {
  /// The agreement-implied accuracy: the mean posterior probability of the classes it voted for,
  /// over its votes; nil when it never votes.
  ///
  /// It tells how far the function agrees with the model's own labels. It is not an accuracy
  /// measured on gold labels and must not be reported as one.
  public let accuracy: Double?

  /// The 95 % ``Wilson`` interval of ``accuracy`` with the posterior-weighted number of its
  /// agreeing votes as successes and its votes as trials.
  ///
  /// It covers the sampling of documents only, not the model being wrong, so it is too narrow.
  public let interval: Interval?

  /// The number of documents on which it votes.
  public let votes: Int

  /// What a vote adds to the log weight of each class, flat, classes × classes: index
  /// `vote * classes + class`.
  ///
  /// Rows have mean 0, since only differences between classes matter: the posterior is
  /// proportional to the class balance times e to the sum of the rows of the votes. Votes that
  /// never occur have a row of zeros. For ``MajorityVote``, which adds no log weights, a row is 1
  /// for the class voted for and 0 otherwise.
  public let logEvidence: [Double]

  /// Estimates of all functions from posteriors and tables of evidence.
  static func all(
    _ patterns: VotePatterns, counts: [Int], posteriors: [Double], evidence: [[Double]]
  ) -> [FunctionEstimate] {
    var votes = [Int](repeating: 0, count: patterns.functionCount)
    var agreeing = [Double](repeating: 0, count: patterns.functionCount)
    for pattern in 0..<patterns.count where counts[pattern] > 0 {
      for entry in patterns.entries(of: pattern) {
        let function = Int(patterns.functions[entry])
        let vote = Int(patterns.votes[entry])
        votes[function] += counts[pattern]
        agreeing[function] +=
          posteriors[pattern * patterns.classCount + vote] * Double(counts[pattern])
      }
    }
    return votes.indices.map { function in
      let trials = Double(votes[function])
      return FunctionEstimate(
        accuracy: trials > 0 ? min(1, agreeing[function] / trials) : nil,
        interval: Wilson.interval(successes: agreeing[function], trials: trials),
        votes: votes[function], logEvidence: evidence[function])
    }
  }

  /// Warnings about functions whose accuracy is no better than guessing among the classes.
  static func warnings(_ estimates: [FunctionEstimate], classCount: Int) -> [FitWarning] {
    guard classCount > 1 else { return [] }
    return estimates.enumerated().compactMap { function, estimate in
      guard let accuracy = estimate.accuracy, accuracy <= 1 / Double(classCount) else { return nil }
      return .worseThanChance(function: function, accuracy: accuracy)
    }
  }
}
