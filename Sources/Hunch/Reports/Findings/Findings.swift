package import HunchModels

/// Turns figures into findings: what never works first, then what to look at, then what to know.
struct Findings {
  /// The most findings of one sort; the rest is counted.
  static let perSort = 6

  let facts: ReportFacts

  /// All findings, most important first.
  func all() -> [Finding] {
    let found =
      failures() + silentFunctions() + wrongFunctions() + contradictedFunctions() + silentClasses()
      + misjudgedFunctions() + workers() + copies() + disagreements() + thinClasses() + uncovered()
      + calibration() + slices() + warnings() + models() + missingGold()
    return Finding.Weight.allCases.flatMap { weight in
      found.filter { $0.weight == weight }
    }
  }

  // MARK: - Functions

  private func failures() -> [Finding] {
    facts.applied.failures.map { failure in
      let index = facts.functions.firstIndex { $0.name == failure.function }
      return Finding(
        kind: .failing, weight: .trouble,
        parts: [
          index.map { named($0) } ?? .label(failure.function),
          .text(
            " could not be evaluated on \(Figures.count(failure.documents, "document")) and "
              + "abstains there: \(failure.reasons.joined(separator: ", "))."),
        ])
    }
  }

  private func silentFunctions() -> [Finding] {
    let silent = facts.functions.indices.filter {
      // A band of a crowd or of scores may be empty.
      facts.functions[$0].figures.covered == 0
        && !["crowd", "model"].contains(facts.functions[$0].kind)
    }
    guard !silent.isEmpty else { return [] }
    let shown = silent.prefix(4 * Self.perSort)
    let rest = silent.count - shown.count
    let verb = silent.count == 1 ? " never votes" : " never vote"
    return [
      Finding(
        kind: .silent, weight: .trouble,
        parts: list(shown) + [
          .text(
            (rest > 0 ? " (and \(rest) more)" : "") + verb + ": check the words, or delete "
              + (silent.count == 1 ? "it." : "them."))
        ])
    ]
  }

  /// Functions that do more harm than good, most harm first.
  private func wrongFunctions() -> [Finding] {
    let wrong = facts.functions.indices.compactMap { index -> (Int, Finding)? in
      let function = facts.functions[index]
      // What votes of a crowd's bands are worth is known, however often they are wrong.
      guard function.kind != "crowd", let accuracy = function.figures.empiricalAccuracy,
        let interval = function.figures.empiricalAccuracyInterval,
        let correct = function.figures.correct, let incorrect = function.figures.incorrect
      else { return nil }
      let verdict: String
      var weight = Finding.Weight.trouble
      if interval.upper < 0.5, let blind = function.blindAccuracy, interval.lower > blind {
        // With many classes a function may err more often than not and still tell something.
        verdict =
          "wrong more often than right, though better than voting blindly "
          + "(\(Figures.percent(blind)))"
        weight = .look
      } else if interval.upper < 0.5 {
        verdict = "wrong more often than right"
      } else if let blind = function.blindAccuracy, interval.upper < blind {
        verdict = "worse than voting blindly, which would be right on \(Figures.percent(blind))"
      } else {
        return nil
      }
      let measured =
        " is right on \(Figures.count(correct)) of "
        + "\(Figures.count(correct + incorrect, "document")) with gold "
        + "(\(Figures.percent(accuracy)), 95 % interval \(Figures.interval(interval))): "
        + verdict + "."
      return (
        incorrect - correct,
        Finding(
          kind: .wrong, weight: weight, parts: [named(index), .text(measured)],
          command: shows(index))
      )
    }
    let sorted = wrong.sorted { $1.0 < $0.0 }.map(\.1)
    return limited(sorted.filter { $0.weight == .trouble }, "functions are like that")
      + limited(sorted.filter { $0.weight == .look }, "functions are like that", to: 3)
  }

  /// Without gold for a function, only the other functions can speak against it.
  private func contradictedFunctions() -> [Finding] {
    let contradicted = facts.functions.indices.compactMap { index -> (Double, Finding)? in
      let function = facts.functions[index]
      guard function.figures.empiricalAccuracy == nil, let implied = function.impliedAccuracy,
        let interval = function.impliedInterval, interval.upper < 0.5
      else { return nil }
      let text =
        " is contradicted by the other functions: its agreement-implied accuracy is "
        + "\(Figures.percent(implied)). Either it or they vote for the wrong class."
      return (
        implied,
        Finding(
          kind: .contradicted, weight: .trouble, parts: [named(index), .text(text)],
          command: shows(index))
      )
    }
    return limited(
      contradicted.sorted { $0.0 < $1.0 }.map(\.1), "functions are contradicted as much")
  }

  /// Functions of which the label model's belief and the measurement lie far apart.
  private func misjudgedFunctions() -> [Finding] {
    let misjudged = facts.functions.indices.compactMap { index -> (Double, Finding)? in
      let function = facts.functions[index]
      guard let implied = function.impliedAccuracy, let belief = function.impliedInterval,
        let accuracy = function.figures.empiricalAccuracy,
        let interval = function.figures.empiricalAccuracyInterval, interval.upper >= 0.5,
        belief.upper + 0.1 < interval.lower || interval.upper + 0.1 < belief.lower
      else { return nil }
      let text =
        " is right on \(Figures.percent(accuracy)) of its votes with gold, but the label model "
        + "trusts it \(implied < accuracy ? "less" : "more"): its agreement-implied accuracy is "
        + "\(Figures.percent(implied))."
      return (
        Double(function.figures.covered) * abs(implied - accuracy),
        Finding(
          kind: .misjudged, weight: .look, parts: [named(index), .text(text)],
          command: shows(index))
      )
    }
    return limited(misjudged.sorted { $1.0 < $0.0 }.map(\.1), "functions are misjudged", to: 3)
  }

  // MARK: - Pairs

  /// Sets of functions that vote on the same documents and for the same classes.
  private func copies() -> [Finding] {
    let sets = FunctionCopies(facts: facts).sets.map { set in
      Finding(
        kind: .copies, weight: .look,
        parts: list(set.functions) + [
          .text(
            " vote on nearly the same documents: of those on which either of two votes, both vote "
              + "on \(Self.floor(set.overlap)), and then agree on \(Self.floor(set.agreement)). "
              + "Keep one, or the label model counts one opinion "
              + (set.functions.count == 2 ? "twice." : "\(set.functions.count) times."))
        ])
    }
    return limited(sets, "sets of functions are as alike")
  }

  /// A lower bound in words; never rounded up to all.
  private static func floor(_ share: Double) -> String {
    share == 1 ? "all" : "at least \(Figures.fixed((share * 100).rounded(.down), 0))\u{202F}%"
  }

  private func disagreements() -> [Finding] {
    let documents = Double(max(1, facts.documents))
    let worst = facts.conflicts.filter { conflict in
      let common = conflict.disagreements + conflict.agreements
      return conflict.disagreements >= 5
        && Double(conflict.disagreements) >= max(0.2 * Double(common), 0.002 * documents)
    }
    return worst.prefix(3).map { conflict in
      let common = conflict.disagreements + conflict.agreements
      let share = Double(conflict.disagreements) / Double(common)
      let example = conflict.examples.first.map { ", for instance document \($0)" } ?? ""
      return Finding(
        kind: .disagreement, weight: .look,
        parts: [
          named(conflict.first), .text(" and "), named(conflict.second),
          .text(
            " disagree on \(Figures.count(conflict.disagreements)) of the "
              + "\(Figures.count(common, "document")) that they share "
              + "(\(Figures.percent(share)))\(example)."),
        ] + verdict(conflict), command: "hunch conflicts DIR")
    }
  }

  /// With which of two functions gold sides where they disagree.
  private func verdict(_ conflict: ReportFacts.Conflict) -> [Finding.Part] {
    guard let gold = conflict.gold, gold.first + gold.second + gold.neither > 0 else { return [] }
    let neither = ", with neither on \(Figures.count(gold.neither))."
    if gold.first == gold.second {
      return [.text(" Gold sides with each on \(Figures.count(gold.first))\(neither)")]
    }
    let isFirst = gold.first > gold.second
    return [
      .text(" Gold sides with "), named(isFirst ? conflict.first : conflict.second),
      .text(
        " on \(Figures.count(max(gold.first, gold.second))), with the other on "
          + Figures.count(min(gold.first, gold.second)) + neither),
    ]
  }

  // MARK: - Classes

  private func silentClasses() -> [Finding] {
    let silent = facts.classes.filter { $0.functions == 0 }
    if silent.count > Self.perSort {
      let names = silent.prefix(Self.perSort).map(\.name).joined(separator: ", ")
      return [
        Finding(
          kind: .silentClass, weight: .trouble,
          parts: [
            .text("No function votes for "), .label(names),
            .text(
              " and \(Figures.count(silent.count - Self.perSort)) more classes: nothing can be "
                + "learned of them."),
          ])
      ]
    }
    return silent.map { label in
      let gold =
        label.gold > 0
        ? ", which is the gold label of \(Figures.count(label.gold, "document"))" : ""
      return Finding(
        kind: .silentClass, weight: .trouble,
        parts: [
          .text("No function votes for "), .label(label.name),
          .text("\(gold): nothing can be learned of it."),
        ])
    }
  }

  private func thinClasses() -> [Finding] {
    let overall = Double(facts.classes.reduce(0) { $0 + $1.goldCovered })
    let share = overall / Double(max(1, facts.goldDocuments))
    return facts.classes.compactMap { label in
      guard label.functions > 0 else { return nil }
      if facts.hasGold {
        let interval = Wilson.interval(
          successes: Double(label.goldCovered), trials: Double(label.gold))
        guard let interval, interval.upper < 0.8 * share else { return nil }
        return Finding(
          kind: .thinClass, weight: .look,
          parts: [
            .text(
              "Only \(Figures.percent(Double(label.goldCovered) / Double(label.gold))) of "),
            .label(label.name),
            .text(
              " documents have a vote, against \(Figures.percent(share)) of all with gold: "
                + "write functions for it."),
          ])
      }
      guard Double(label.documents) < 0.01 * Double(facts.documents) else { return nil }
      return Finding(
        kind: .thinClass, weight: .look,
        parts: [
          .text("Only \(Figures.count(label.documents, "document")) have a vote for "),
          .label(label.name), .text("."),
        ])
    }
  }

  private func uncovered() -> [Finding] {
    let missing = facts.documents - facts.analysis.covered
    guard missing > 0 else { return [] }
    let share = Double(missing) / Double(facts.documents)
    return [
      Finding(
        kind: .uncovered, weight: share > 0.5 ? .look : .note,
        text: "\(Figures.count(missing)) of \(Figures.count(facts.documents, "document")) "
          + "(\(Figures.percent(share))) have no vote."
          + (facts.learnsFromUncovered ? "" : " The classifier does not learn from them."),
        command: "hunch suggest functions DIR")
    ]
  }

  // MARK: - Models

  private func calibration() -> [Finding] {
    guard let metrics = facts.evaluation?.classifier?.metrics, metrics.ece > 0.1 else { return [] }
    let confidence = metrics.reliability.reduce(0) {
      $0 + ($1.meanConfidence ?? 0) * Double($1.count)
    }
    let mean = confidence / Double(metrics.documents)
    let isOver = mean > metrics.accuracy
    // The bins of a few documents miss it by chance.
    guard let interval = metrics.accuracyInterval, mean < interval.lower || mean > interval.upper
    else { return [] }
    return [
      Finding(
        kind: .calibration, weight: .look,
        text:
          "The classifier's probabilities are \(isOver ? "too high" : "too low"): they miss its "
          + "accuracy by \(Figures.percent(metrics.ece)) on average (ECE).")
    ]
  }

  /// Slices on which the classifier is worse than on all documents, by more than chance explains.
  private func slices() -> [Finding] {
    guard let evaluation = facts.evaluation, let all = evaluation.classifier?.metrics else {
      return []
    }
    return evaluation.slices.compactMap { slice in
      guard let metrics = slice.classifier?.metrics, let interval = metrics.accuracyInterval,
        interval.upper < all.accuracy
      else { return nil }
      return Finding(
        kind: .slice, weight: .look,
        parts: [
          .text("On the slice "), .label(slice.name),
          .text(
            " the classifier is right on \(Figures.percent(metrics.accuracy)) of "
              + "\(Figures.count(metrics.documents, "document")) (95 % interval "
              + "\(Figures.interval(interval))), against \(Figures.percent(all.accuracy)) of all."),
        ])
    }
  }

  private func warnings() -> [Finding] {
    (facts.applied.warnings + (facts.trainingProblem.map { ["no classifier: \($0)"] } ?? [])).map {
      Finding(kind: .warning, weight: .look, text: "\($0).")
    }
  }

  private func models() -> [Finding] {
    guard let evaluation = facts.evaluation, let classifier = evaluation.classifier?.metrics,
      let model = evaluation.labelModelAll?.metrics
    else { return [] }
    func words(_ metrics: ClassificationMetrics) -> String {
      "\(Figures.percent(metrics.accuracy)) (95 % interval "
        + "\(Figures.interval(metrics.accuracyInterval)))"
    }
    return [
      Finding(
        kind: .models, weight: .note,
        text: "On the \(Figures.count(classifier.documents, "document")) with gold of the "
          + "\(evaluation.split) split, the classifier is right on \(words(classifier)), the "
          + "label model on \(words(model)).",
        command: "hunch evaluate DIR --split \(evaluation.split)")
    ]
  }

  private func missingGold() -> [Finding] {
    guard !facts.hasGold else { return [] }
    let reason =
      facts.testLabels == 0
      ? "No document has a gold label"
      : "All gold labels (\(Figures.count(facts.testLabels))) are of the test split, which is for the "
        + "end of the work"
    return [
      Finding(
        kind: .noGold, weight: .note,
        text: "\(reason), so nothing here is measured against the truth. A hundred labelled "
          + "documents of the other splits, given with 'hunch label' or 'corpus: gold:' in "
          + "hunch.yaml, would change that.",
        command: "hunch label DIR")
    ]
  }

  // MARK: - Words

  /// The command that shows the documents of a function.
  private func shows(_ function: Int) -> String {
    "hunch analyze DIR --function \(ShellWord.quoted(facts.functions[function].name))"
  }

  private func named(_ function: Int) -> Finding.Part {
    .function(function, name: facts.functions[function].name)
  }

  private func list(_ functions: some Collection<Int>) -> [Finding.Part] {
    functions.enumerated().flatMap { place, function -> [Finding.Part] in
      let isLast = place == functions.count - 1
      return place == 0
        ? [named(function)] : [.text(isLast ? " and " : ", "), named(function)]
    }
  }

  private func limited(
    _ findings: [Finding], _ what: String, to limit: Int = perSort
  ) -> [Finding] {
    let rest = findings.count - limit
    guard rest > 0 else { return findings }
    return findings.prefix(limit) + [
      Finding(
        kind: .more, weight: findings[0].weight,
        text: "\(rest) more \(what); see the table of functions.")
    ]
  }
}

extension ClassificationMetrics {
  /// Wilson's 95 % interval of the accuracy.
  package var accuracyInterval: Interval? {
    Wilson.interval(successes: accuracy * Double(documents), trials: Double(documents))
  }
}
