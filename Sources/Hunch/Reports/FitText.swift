import HunchModels

extension FitReport {
  /// How the fit came about, in a few words.
  package var course: String {
    if iterations > 0 { return Figures.count(iterations, "round") }
    switch method {
    case .voteCounts: return "votes are counted"
    case .triplets: return "accuracies from triplets"
    case .knownVotes: return KnownVotes.modelName
    case .rounds: return "nothing to learn from"
    }
  }

  /// How votes of crowds joined the fit, a sentence for each.
  package var crowdSentences: [String] {
    crowds.map {
      "crowd \($0.name): \($0.model) on \(Figures.count($0.workers, "worker")); \($0.reason)"
    }
  }

  /// The class balances in words: a line, or two where labels are chosen for another balance.
  package var balanceSentences: [String] {
    let learned = learnedPrior?.isBalanceLearned == true
    func shares(_ balance: [Double]) -> String {
      zip(labels, balance).map { "\($0) \(Figures.fixed($1 * 100, 1)) %" }.joined(separator: ", ")
    }
    if decisionBalance == classBalance {
      return [
        "class balance (\(learned ? "learned, " : "")for training and decisions): "
          + shares(classBalance)
      ]
    }
    return [
      "class balance for training\(learned ? " (learned)" : ""): \(shares(classBalance))",
      "class balance for decisions: \(shares(decisionBalance))",
    ]
  }
}

extension FitReport.Text {
  /// What the texts say, in words.
  package var sentence: String {
    if documents < UnseenFolds.fewestDocuments {
      return
        "texts: not taken into account; \(Figures.count(documents, "document")) with votes are "
        + "too few to learn from"
    }
    let share = Figures.fixed(100 * max(0, explained), 0)
    if strength == 0 {
      return
        "texts: not taken into account; what a classifier learns where some functions vote does "
        + "not carry over to others"
    }
    return "texts: those of other documents predict \(share) % of what the votes say, and count "
      + "\(Figures.fixed(strength, 2)) of a vote"
  }
}

extension FitReport.Goodness {
  private func words(_ pair: Pair) -> String {
    let votes =
      pair.labels[0] == pair.labels[1]
      ? "both vote \(pair.labels[0])" : "vote \(pair.labels[0]) and \(pair.labels[1])"
    return "\(pair.functions[0]) and \(pair.functions[1]) \(votes) on "
      + "\(Figures.count(pair.observed)) documents instead of \(Figures.fixed(pair.expected, 1))"
  }

  /// How well pairs are explained, in words.
  package var sentence: String {
    guard let rms else {
      return "too few functions vote together to compare with what the model expects"
    }
    let figure = "(rms \(Figures.fixed(rms, 1)))"
    if rms <= 1.5 {
      return "pairs of functions vote together about as often as the model expects \(figure); that "
        + "is necessary, not sufficient"
    }
    let degree = rms > GoodnessOfFit.poor ? "far " : ""
    return "pairs of functions vote together \(degree)more or less often than the model expects "
      + figure + (worst.first.map { ": " + words($0) } ?? "")
  }
}
