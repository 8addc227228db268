extension FitWarning {
  /// Warnings in words, each with what to do next; warnings of one kind make one sentence.
  ///
  /// - Parameters:
  ///   - functions: The names of the functions; a missing one is called by its index.
  ///   - labels: The names of the classes; likewise.
  package static func sentences(
    _ warnings: [FitWarning], functions: [String], labels: [String]
  ) -> [String] {
    let names = Names(functions: functions, labels: labels)
    var said: Set<String> = []
    return warnings.compactMap { warning in
      guard let kind = warning.kind else { return names.sentence(warning) }
      return said.insert(kind).inserted ? names.sentence(warnings.filter { $0.kind == kind }) : nil
    }
  }

  /// A few things as a list of words.
  ///
  /// - Parameter limit: The most that are listed; the others are counted.
  package static func list(_ items: [String], limit: Int = 6) -> String {
    guard items.count > 1 else { return items.first ?? "" }
    if items.count > limit {
      return "\(items.prefix(limit).joined(separator: ", ")) and \(items.count - limit) more"
    }
    return "\(items.dropLast().joined(separator: ", ")) and \(items[items.count - 1])"
  }

  /// What warnings have in common that make one sentence; nil for one that makes its own.
  private var kind: String? {
    switch self {
    case .functionNeverVotes: "silent"
    case .classWithoutVotes: "class"
    case .worseThanChance: "chance"
    default: nil
    }
  }
}

/// The names that warnings are worded with.
private struct Names {
  let functions: [String]
  let labels: [String]

  private func function(_ index: Int) -> String {
    functions.indices.contains(index) ? functions[index] : "function \(index)"
  }

  private func label(_ index: Int) -> String {
    labels.indices.contains(index) ? labels[index] : "class \(index)"
  }

  /// Warnings of one kind.
  func sentence(_ warnings: [FitWarning]) -> String {
    var (silent, missing, worse): ([String], [String], [String]) = ([], [], [])
    for warning in warnings {
      switch warning {
      case .functionNeverVotes(let index): silent.append(function(index))
      case .classWithoutVotes(let index): missing.append(label(index))
      case .worseThanChance(let index, let accuracy):
        worse.append("\(function(index)) (agreement-implied accuracy \(percent(accuracy)))")
      default: break
      }
    }
    if !silent.isEmpty {
      let several = silent.count > 1
      return "\(FitWarning.list(silent)) never \(several ? "vote" : "votes"): correct what "
        + "\(several ? "they look" : "it looks") for, or drop \(several ? "them" : "it")"
    }
    if !missing.isEmpty {
      return "no labeling function votes for \(FitWarning.list(missing)): add a function that "
        + "does, or remove \(missing.count > 1 ? "these classes" : "the class")"
    }
    let several = worse.count > 1
    return "\(FitWarning.list(worse)) \(several ? "agree" : "agrees") with the other functions no "
      + "better than chance: see 'hunch conflicts DIR', then correct or drop "
      + (several ? "them" : "it")
  }

  func sentence(_ warning: FitWarning) -> String {
    switch warning {
    case .functionNeverVotes, .classWithoutVotes, .worseThanChance: return sentence([warning])
    case .noVotes:
      return "no labeling function votes on any document; every label is the class balance: see "
        + "'hunch analyze DIR' and correct what functions look for"
    case .tooFewFunctions(let count):
      return "only \(count) of the labeling functions \(count == 1 ? "votes" : "vote"); with fewer "
        + "than 3, accuracies are assumed, not learned: add functions that vote on the same "
        + "documents"
    case .littleOverlap(let share):
      return "only \(percent(share)) of the covered documents have two votes; accuracies are "
        + "mostly assumed, not learned: add functions that vote on the same documents, or give "
        + "gold labels ('label_model_gold: valid')"
    case .votesWithoutTriplets(let count, let total):
      return "\(count) of the \(total) pairs of a function and a class it votes for overlap with "
        + "too few other functions; their accuracies are assumed, not learned: add functions that "
        + "vote on the same documents"
    case .notConverged(let rounds, let change):
      return "stopped after \(rounds) rounds while labels still changed by up to "
        + "\(percent(change)): compare 'hunch fit DIR --label-model triplet', which has no rounds"
    case .differsFromMajority(let share):
      return "labels differ from the majority vote on \(percent(share)) of the covered documents, "
        + "more than \(percent(FitDiagnostics.mostDiffering)): see in 'hunch conflicts DIR' which "
        + "functions overrule which, and 'hunch explain DIR ID' for one document"
    case .poorFit(let figure):
      return "functions vote together far more, or less, often than the model expects (rms "
        + "\(tenths(figure))), so its probabilities may be too sure: merge functions that look for "
        + "the same thing, or compare 'hunch fit DIR --label-model correlated'"
    case .classBalanceAssumed(let classes):
      return "with fewer than two functions for \(FitWarning.list(classes.map(label))) the votes "
        + "hardly tell how frequent \(classes.count > 1 ? "they are" : "it is"), and shares between "
        + "equal ones and those of the votes are taken: add functions, or state 'class_balance' in "
        + "hunch.yaml"
    }
  }

  /// A share as a percentage with one decimal, rounded half up, without Foundation.
  private func percent(_ share: Double) -> String { "\(tenths(share * 100)) %" }

  private func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }
}
