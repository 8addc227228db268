/// What a label model learned.
///
/// It computes the posteriors of any patterns of the same functions and classes; it keeps none.
public struct FittedLabelModel: Sendable, Equatable {
  /// How posteriors are found.
  public enum Method: Sendable, Equatable {
    /// Votes are counted; nothing is learned.
    case voteCounts
    /// In rounds of EM.
    case rounds
    /// In closed form from triplets of functions.
    case triplets
    /// By what was known before, since no other function votes.
    case knownVotes
  }

  /// The name of the model.
  public package(set) var name: String

  /// How posteriors are found.
  public internal(set) var method = Method.rounds

  /// The class balance it was fitted with, summing to 1.
  public let classBalance: [Double]

  /// How it labels votes.
  package internal(set) var rule: any PosteriorRule

  /// What it learned of each labeling function, in the functions' order.
  public internal(set) var functions: [FunctionEstimate]

  /// The logarithm of the (composite) likelihood of the votes, natural, over all documents with
  /// votes; nil for a model without a likelihood. Compare it between fits of one model on the same
  /// votes only.
  public internal(set) var logLikelihood: Double?

  /// The largest change of a posterior in each round.
  public internal(set) var history: [Double] = []

  /// The number of rounds.
  public var iterations: Int { history.count }

  /// Whether the change fell below the tolerance before the rounds ran out.
  public internal(set) var converged = true

  /// What the user should know about the votes or the fit.
  public internal(set) var warnings: [FitWarning]

  /// What was learned of the votes before the fit; nil for a model that assumes it.
  public internal(set) var learnedPrior: LearnedPrior?

  /// Functions that depend on each other, as far as the fit looked for them; see
  /// ``detectDependencies(in:declared:memory:)`` for models that do not.
  public internal(set) var dependencies: [FunctionDependency] = []

  /// Whether votes of functions in ``dependencies`` have a joint probability in this model; a model
  /// that takes functions for independent only reports them.
  public internal(set) var modelsDependencies = false

  /// Groups of functions that count as one: copies that the fit found, and groups that the user
  /// declared.
  public internal(set) var groups: [[Int]] = []

  /// Which functions the fit set aside, since they never meet another; empty where it looked for
  /// none.
  package internal(set) var solitary: [Bool] = []

  /// The name of the model that found what is known of votes, where no other function votes.
  public internal(set) var chosenModel: String?

  /// The number of classes.
  public var classCount: Int { classBalance.count }

  package init(
    name: String, method: Method = .rounds, classBalance: [Double], rule: any PosteriorRule,
    functions: [FunctionEstimate], logLikelihood: Double? = nil, history: [Double] = [],
    converged: Bool = true, warnings: [FitWarning], chosenModel: String? = nil
  ) {
    (self.name, self.method, self.classBalance, self.rule) = (name, method, classBalance, rule)
    (self.functions, self.logLikelihood) = (functions, logLikelihood)
    (self.history, self.converged) = (history, converged)
    (self.warnings, self.chosenModel) = (warnings, chosenModel)
  }

  /// Writes the probabilities of the classes for one pattern; the class balance where it has no
  /// vote.
  ///
  /// - Parameter row: Overwritten; one value for each class afterwards.
  package func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) {
    if row.count != classCount { row = classBalance }
    if patterns.isCovered(pattern) {
      _ = rule.posterior(of: pattern, in: patterns, into: &row)
    } else {
      for label in row.indices { row[label] = classBalance[label] }
    }
  }

  /// The probabilities of the classes for each of some patterns, flat, patterns × classes; every
  /// row sums to 1.
  ///
  /// - Complexity: O((entries + patterns) × classes).
  package func posteriors(of patterns: VotePatterns) -> [Double] {
    var all: [Double] = []
    all.reserveCapacity(patterns.count * classCount)
    var row = classBalance
    for pattern in 0..<patterns.count {
      posterior(of: pattern, in: patterns, into: &row)
      all.append(contentsOf: row)
    }
    return all
  }

  /// What a function's vote adds to the log weight of each class; nil for a vote that did not
  /// occur.
  ///
  /// The values have mean 0, since only differences between classes matter: the posterior is
  /// proportional to the class balance times e to the sum of these rows over the votes, the balance
  /// taken to the power of 1/T after a ``Calibration`` with the temperature T. For
  /// ``MajorityVote``, which adds no log weights, it is 1 for the class voted for and 0 otherwise.
  public func logEvidence(function: Int, vote: Int) -> [Double]? {
    rule.logEvidence(function: function, vote: vote)
  }

  /// The same fit with another value of a property.
  func with<Value>(
    _ property: WritableKeyPath<FittedLabelModel, Value>, _ value: Value
  ) -> FittedLabelModel {
    var fit = self
    fit[keyPath: property] = value
    return fit
  }

  /// Whether two fits are the same, bit for bit.
  public static func == (one: FittedLabelModel, other: FittedLabelModel) -> Bool {
    one.name == other.name && one.classBalance == other.classBalance
      && one.rule.parameters == other.rule.parameters && one.functions == other.functions
      && one.method == other.method && one.logLikelihood == other.logLikelihood
      && one.history == other.history && one.converged == other.converged
      && one.warnings == other.warnings && one.learnedPrior == other.learnedPrior
      && one.dependencies == other.dependencies
      && one.modelsDependencies == other.modelsDependencies && one.groups == other.groups
      && one.chosenModel == other.chosenModel && one.solitary == other.solitary
  }
}

/// What the agreements and conflicts of pairs of functions say before a fit; see
/// ``AdaptiveModel``.
public struct LearnedPrior: Sendable, Equatable {
  /// The accuracy of a vote that the prior gives on average over all votes, if there were pairs of
  /// functions to learn it from; otherwise it is assumed.
  public let accuracy: Double?

  /// How much more the numbers of documents of pairs of functions scatter than those of functions
  /// that are independent given the class: about 1 for such functions; nil without pairs to learn
  /// from.
  public let overdispersion: Double?

  /// Whether pairs of functions told the class balance, and it is not that of equal shares.
  public let isBalanceLearned: Bool

  /// Whether the class balance was given.
  public let isBalanceGiven: Bool

  /// The documents with a gold label that entered the prior, with a vote.
  public let goldDocuments: Int

  init(
    accuracy: Double?, overdispersion: Double?, balance: [Double], isGiven: Bool,
    goldDocuments: Int
  ) {
    self.accuracy = accuracy
    self.overdispersion = overdispersion
    let equal = 1 / Double(balance.count)
    isBalanceGiven = isGiven
    isBalanceLearned =
      !isGiven && overdispersion != nil && balance.contains { abs($0 - equal) > 0.001 }
    self.goldDocuments = goldDocuments
  }

  /// s: how far pairs are trusted to behave as functions that are independent given the class, and
  /// to tell the accuracies of votes; the rest is left to triplets. Nil without pairs.
  package var trust: Double? { overdispersion.map(Self.trust) }

  /// s = 1/φ² for the overdispersion φ, at most 1.
  static func trust(_ overdispersion: Double) -> Double {
    let dispersion = max(1, overdispersion)
    return 1 / (dispersion * dispersion)
  }

  /// The same with another class balance.
  func with(balance: [Double], isGiven: Bool) -> LearnedPrior {
    LearnedPrior(
      accuracy: accuracy, overdispersion: overdispersion, balance: balance, isGiven: isGiven,
      goldDocuments: goldDocuments)
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

  /// Warnings about functions whose accuracy is no better than guessing among the classes.
  package static func warnings(_ estimates: [FunctionEstimate], classCount: Int) -> [FitWarning] {
    guard classCount > 1 else { return [] }
    return estimates.enumerated().compactMap { function, estimate in
      guard let accuracy = estimate.accuracy, accuracy <= 1 / Double(classCount) else { return nil }
      return .worseThanChance(function: function, accuracy: accuracy)
    }
  }
}

/// Sums up how far the functions' votes agree with posteriors.
struct FunctionAgreement: EMSums {
  /// The documents on which each function votes.
  private(set) var votes: [Int]
  /// Σ_i q_{i,λ_ij}, by function.
  private(set) var agreeing: [Double]

  init(functionCount: Int) {
    votes = [Int](repeating: 0, count: functionCount)
    agreeing = [Double](repeating: 0, count: functionCount)
  }

  mutating func clear() { self = FunctionAgreement(functionCount: votes.count) }

  mutating func add(_ patterns: VotePatterns, _ pattern: Int, count: Int, posterior: [Double]) {
    for entry in patterns.entries(of: pattern) {
      let function = Int(patterns.functions[entry])
      votes[function] += count
      agreeing[function] += posterior[Int(patterns.votes[entry])] * Double(count)
    }
  }

  var estimates: [FunctionEstimate] {
    votes.indices.map { function in
      let trials = Double(votes[function])
      return FunctionEstimate(
        accuracy: trials > 0 ? min(1, agreeing[function] / trials) : nil,
        interval: Wilson.interval(successes: agreeing[function], trials: trials),
        votes: votes[function])
    }
  }
}
