import Foundation
import Hunch
import HunchModels

/// Runs and how they differ.
extension ReportText {
  // MARK: - List

  func runs(_ listing: RunListing) -> String {
    if listing.runs.isEmpty { return "no run is recorded; 'hunch run' records one\n" }
    let table = TextTable(
      listing.runs,
      [
        .number("run") { "\($0.number)" }, .mark("when") { Self.time($0.started) },
        .number("functions") { "\($0.functions)" }, .text("changed") { changes($0) },
        .number("covers") { Figures.fixed($0.coverage * 100, 1) },
        .fixed("label model", \.labelModelScores?.accuracy),
        .fixed("classifier", \.classifierScores?.accuracy),
        .fixed("macro-F1", \.classifierScores?.macroF1),
      ])
    let splits = Set(listing.runs.compactMap(\.split)).sorted()
    let note =
      splits.isEmpty
      ? "" : "; accuracies and macro-F1 of split \(splits.joined(separator: " or "))"
    return table.render(style)
      + wrapped(
        "covers: percent of documents with a vote\(note); 'hunch compare DIR A B' says what differs"
      )
  }

  private func changes(_ run: RunListing.Run) -> String {
    var parts: [String] = []
    if let changes = run.changes {
      let counts = [
        ("+", changes.added), ("−", changes.removed), ("~", changes.changed + changes.renamed),
      ].filter { !$0.1.isEmpty }
      if !counts.isEmpty {
        let names = counts.flatMap(\.1)
        parts.append(
          counts.map { "\($0.0)\($0.1.count)" }.joined(separator: " ")
            + (names.count == 1
              ? " function (\(names[0]))"
              : names.count <= 3 ? " (\(names.joined(separator: ", ")))" : " functions"))
      }
      parts += changes.settings
      if changes.corpus { parts.append("corpus") }
      if parts.isEmpty { parts.append("nothing") }
    } else {
      parts.append("–")
    }
    if let sameAs = run.sameAs { parts.append("same as run \(sameAs)") }
    if run.times > 1 { parts.append("\(run.times) times") }
    return parts.joined(separator: ", ")
  }

  /// A time as people read it, here and now: without seconds and without a zone.
  static func time(_ text: String) -> String {
    guard let date = try? Date(text, strategy: .iso8601) else { return text }
    let parts = Calendar(identifier: .gregorian).dateComponents(
      in: .current, from: date)
    func two(_ value: Int?) -> String { (value ?? 0) < 10 ? "0\(value ?? 0)" : "\(value ?? 0)" }
    return "\(two(parts.month))-\(two(parts.day)) \(two(parts.hour)):\(two(parts.minute))"
  }

  // MARK: - The end of a run

  /// The line that ends a run.
  ///
  /// - Parameter directory: The project, as the user named it.
  func record(_ outcome: RunOutcome, directory: String) -> String {
    let run = outcome.run
    guard let comparison = outcome.comparison else {
      return run.times > 1
        ? "the same as run \(run.number), for the \(ordinal(run.times)) time\n"
        : "recorded as run \(run.number)\n"
    }
    var parts: [String] = []
    if let sameAs = run.sameAs { parts.append("the same as run \(sameAs)") }
    parts += comparison.changes
    if let words = comparison.flippedWords { parts.append(words) }
    if let evaluation = comparison.evaluation {
      parts.append("classifier macro-F1 " + words(evaluation.classifier.macroF1, 3))
    }
    return wrapped(
      "run \(run.number), against run \(comparison.before.number): "
        + parts.joined(separator: ", ")
        + "; 'hunch compare \(ShellWord.quoted(directory)) \(comparison.before.number) \(run.number)'",
      indent: 2)
  }

  private func ordinal(_ number: Int) -> String {
    let ending =
      switch (number % 10, number % 100) {
      case (1, let rest) where rest != 11: "st"
      case (2, let rest) where rest != 12: "nd"
      case (3, let rest) where rest != 13: "rd"
      default: "th"
      }
    return "\(number)\(ending)"
  }

  /// A figure before and after, with what the difference amounts to.
  private func words(_ figure: RunComparison.Figure, _ decimals: Int) -> String {
    if figure.verdict == .unchanged { return "\(Figures.fixed(figure.after, decimals)) as before" }
    return "\(Figures.fixed(figure.before, decimals)) → \(Figures.fixed(figure.after, decimals)) "
      + "(\(figure.verdict.words))"
  }

  // MARK: - Comparison

  func comparison(_ comparison: RunComparison) -> String {
    let (before, after) = (comparison.before, comparison.after)
    var text =
      "\(heading("Runs"))  \(before.number) (\(Self.time(before.started))) → \(after.number) "
      + "(\(Self.time(after.started)))\n"
    if comparison.identical { return text + "the two runs are the same\n" }
    text += functions(comparison)
    text += settings(comparison)
    let moved = comparison.moved.sentences
    if !moved.isEmpty {
      text += "\n\(heading("What moved"))  beside votes, in what labels come from\n"
      text += moved.map { wrapped($0, indent: 2) }.joined()
    }
    if let documents = comparison.documents {
      text += "\n" + flips(documents, comparison.functions)
    } else {
      text += "\nthe documents of one of the runs are no longer kept\n"
    }
    text += "\n" + figures(comparison)
    return text
  }

  private func functions(_ comparison: RunComparison) -> String {
    if comparison.functions.isEmpty {
      return comparison.reordered
        ? "the functions are the same, in another order\n" : "the functions are the same\n"
    }
    let hasGold = comparison.functions.contains {
      $0.before?.correct != nil || $0.after?.correct != nil
    }
    func pair(
      _ title: String, _ value: @escaping (RunRecord.Figures) -> String?
    ) -> TextTable.Field<RunComparison.Function> {
      .number(title) { function in
        let (old, new) = (function.before.flatMap(value), function.after.flatMap(value))
        if let old, let new, old != new { return "\(old) → \(new)" }
        return new ?? old ?? "–"
      }
    }
    let table = TextTable(
      comparison.functions,
      [
        .text("function") { function in
          function.previousName.map { "\($0) → \(function.name)" } ?? function.name
        },
        .mark("", \.change.rawValue).toned { tone($0.change) },
        pair("covers") { Figures.fixed($0.coverage * 100, 1) },
        pair("conflict") { Figures.fixed($0.conflicts * 100, 1) },
        pair("implied accuracy") { $0.impliedAccuracy.map { Figures.fixed($0 * 100, 1) } },
        pair("right/wrong") { figures in
          figures.correct.map { "\($0)/\(figures.incorrect ?? 0)" }
        }.when(hasGold),
        .number("in flips") { $0.flipped.map { Figures.count($0) } ?? "?" },
      ])
    return table.render(style)
      + "in flips: documents with a flipped label on which its vote is another one\n"
      + (comparison.reordered ? "the other functions stand in another order\n" : "")
  }

  private func tone(_ change: RunComparison.Change) -> Style.Tone? {
    switch change {
    case .added: .good
    case .removed: .bad
    case .changed: .doubtful
    case .renamed: .faint
    }
  }

  private func settings(_ comparison: RunComparison) -> String {
    comparison.settings.map {
      wrapped("\($0.key): \($0.before ?? "not set") → \($0.after ?? "not set")", indent: 2)
    }.joined()
      + comparison.data.map { part in
        part == "label_model"
          ? "label model taken: \(comparison.before.labelModel) → \(comparison.after.labelModel)\n"
          : part == "documents"
            ? "the documents are not the same\n" : "splits or gold labels are not the same\n"
      }.joined()
  }

  private func flips(
    _ documents: RunComparison.Documents, _ functions: [RunComparison.Function]
  ) -> String {
    var text =
      "\(heading("Flipped labels"))  of the label model, on \(Figures.count(documents.shared)) "
      + "documents of both runs"
    if documents.onlyBefore > 0 {
      text += "; \(Figures.count(documents.onlyBefore)) are gone"
    }
    if documents.onlyAfter > 0 { text += "; \(Figures.count(documents.onlyAfter)) are new" }
    text += "\n"
    if documents.flipped == 0 { return text + "none\n" }
    text += wrapped(
      "\(Figures.count(documents.flipped)): \(documents.transitionWords)", indent: 2)
    if let causes = documents.causes { text += wrapped(words(causes), indent: 2) }
    if documents.flips.isEmpty { return text }
    let table = TextTable(
      documents.flips,
      [
        .text("document", \.id), .text("before") { $0.before ?? "–" },
        .text("after") { $0.after ?? "–" }.toned { flip in
          flip.gold.map { $0 == flip.after ? .good : $0 == flip.before ? .bad : .doubtful }
        },
        .text("gold") { $0.gold ?? "–" }, .text("why", \.why).faint,
      ])
    text += table.render(style)
    if documents.flipped > documents.flips.count {
      text +=
        "and \(Figures.count(documents.flipped - documents.flips.count)) more; --count lists them\n"
    }
    return text + excerpts(documents.flips.map { ($0.id, $0.text) })
  }

  private func words(_ causes: RunComparison.Causes) -> String {
    let parts = [
      (causes.votes, "where a changed function votes differently"),
      (causes.weights, "where none does: the same votes count, or texts speak, otherwise"),
      (causes.content, "in chunks that were edited"),
      (causes.unknown, "unknown: the votes of the earlier run are no longer kept"),
    ]
    return parts.filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
      .joined(separator: "; ")
  }

  private func figures(_ comparison: RunComparison) -> String {
    let (before, after) = (comparison.before, comparison.after)
    var text = heading("Figures")
    guard let evaluation = comparison.evaluation else {
      return text + "  coverage \(coverage(before, after))\n"
        + "no document with gold was scored in both runs\n"
    }
    text += "  on \(Figures.count(evaluation.documents, "document")) with gold in both runs\n"
    let table = TextTable(
      evaluation.figures,
      [
        .mark("", \.name), .fixed("before", \.figure.before), .fixed("after", \.figure.after),
        .number("difference", \.figure.signedDifference),
        .number("95 %", \.figure.intervalWords).faint,
        .mark("", \.figure.verdict.words).toned { _, figure in
          figure.verdict == .better ? .good : figure.verdict == .worse ? .bad : .faint
        },
      ])
    text += table.render(style)
    for (name, model) in evaluation.models where model.becameRight + model.becameWrong > 0 {
      text += "\(name): \(model.becameRight) became right, \(model.becameWrong) became wrong\n"
    }
    text += "coverage \(coverage(before, after)), counted on all documents\n"
    if evaluation.changedGold > 0 {
      text +=
        "\(Figures.count(evaluation.changedGold, "gold label")) changed; those of run "
        + "\(after.number) count\n"
    }
    return text
  }

  private func coverage(_ before: RunComparison.Run, _ after: RunComparison.Run) -> String {
    "\(Figures.fixed(before.coverage * 100, 1)) → \(Figures.fixed(after.coverage * 100, 1)) %"
  }
}
