import HunchModels

extension HTMLPage {
  /// How the last recorded run differs from the one before; nil with fewer than two.
  ///
  /// Times are left out, so that a page depends on what runs contain alone.
  func runSection() -> HTMLView.Runs? {
    guard let runs = facts.runs else { return nil }
    let figures = runs.evaluation.map { evaluation in
      [("label model", evaluation.labelModel), ("classifier", evaluation.classifier)]
        .flatMap { name, model in
          [
            figure("\(name), accuracy", model.accuracy),
            figure("\(name), macro-F1", model.macroF1),
            figure("\(name), log-loss", model.logLoss),
          ]
        }
    }
    return HTMLView.Runs(
      runsExplanation: "Run \(runs.after.number), compared with run \(runs.before.number). "
        + (runs.identical ? "Nothing is different." : changes(runs)),
      hasChangedFunctions: !runs.functions.isEmpty, changedFunctions: runs.functions.map(changed),
      hasSettings: !runs.settings.isEmpty,
      settings: runs.settings.map {
        .init(key: $0.key, before: $0.before ?? "–", after: $0.after ?? "–")
      },
      hasFlips: runs.documents.map { $0.flipped > 0 } ?? false, flipsTitle: flipsTitle(runs),
      flips: runs.documents?.flips.map(flip) ?? [], hasFigures: figures != nil,
      figuresCaption: runs.evaluation.map {
        "Figures on \(Figures.count($0.documents, "document")) with gold that both runs scored, with "
          + "the 95 % interval of the difference (paired)"
      } ?? "", figures: figures ?? [])
  }

  private func changes(_ runs: RunComparison) -> String {
    var words: [String] = []
    for change in [RunComparison.Change.added, .removed, .changed, .renamed] {
      let count = runs.functions.count { $0.change == change }
      if count > 0 { words.append("\(Figures.count(count, "function")) \(change.rawValue)") }
    }
    if !runs.settings.isEmpty { words.append(Figures.count(runs.settings.count, "other setting")) }
    if runs.data.contains("documents") { words.append("other documents") }
    if runs.data.contains("gold") { words.append("other splits or gold labels") }
    let flipped = runs.documents.map { Figures.count($0.flipped, "label") + " flipped" }
    return ([(words + [flipped].compactMap(\.self)).joined(separator: ", ")] + runs.moved.sentences)
      .map { $0 + "." }.joined(separator: " ")
  }

  private func changed(_ function: RunComparison.Function) -> HTMLView.Runs.Function {
    func pair(_ figure: (RunRecord.Figures) -> String) -> String {
      let (before, after) = (function.before.map(figure), function.after.map(figure))
      return before == after
        ? after ?? "–" : [before ?? "–", after ?? "–"].joined(separator: " → ")
    }
    return HTMLView.Runs.Function(
      name: function.name,
      change: function.change.rawValue
        + (function.previousName.map { ", before: \($0)" } ?? ""),
      coverage: pair { Figures.percent($0.coverage) },
      conflicts: pair { Figures.percent($0.conflicts) },
      implied: pair { Figures.percent($0.impliedAccuracy) },
      flipped: function.flipped.map { Figures.count($0) } ?? "–")
  }

  private func flipsTitle(_ runs: RunComparison) -> String {
    guard let documents = runs.documents else { return "" }
    let listed = documents.flips.count
    let moves = documents.transitions.prefix(4).map {
      "\($0.before ?? "none") → \($0.after ?? "none") \(Figures.count($0.documents))"
    }
    return "\(Figures.count(documents.flipped, "flipped label")): "
      + moves.joined(separator: ", ") + (documents.transitions.count > 4 ? ", …" : "")
      + (listed < documents.flipped ? "; the first \(Figures.count(listed))" : "")
  }

  private func flip(_ flip: RunComparison.Flip) -> HTMLView.Runs.Flip {
    let why: String
    switch flip.cause {
    case .votes:
      why = flip.votes.map { vote in
        let before = vote.isBeforeKnown ? vote.before ?? "–" : "?"
        return "\(vote.function): \(before) → \(vote.after ?? "–")"
      }.joined(separator: ", ")
    case .weights: why = "votes count, or the text speaks, otherwise"
    case .content: why = "its text or columns, or those of its neighbours, were edited"
    case .unknown: why = "the votes of the earlier run are no longer known"
    }
    return HTMLView.Runs.Flip(
      id: flip.id, before: flip.before ?? "none", after: flip.after ?? "none",
      gold: flip.gold ?? "–", why: why)
  }

  private func figure(_ name: String, _ figure: RunComparison.Figure) -> HTMLView.Runs.Figure {
    func signed(_ value: Double) -> String {
      (value > 0 ? "+" : "") + Figures.fixed(value, 3)
    }
    let verdict =
      switch figure.verdict {
      case .better: "better"
      case .worse: "worse"
      case .noise: "no more than noise"
      case .unchanged: "unchanged"
      }
    return HTMLView.Runs.Figure(
      name: name, before: Figures.fixed(figure.before, 3), after: Figures.fixed(figure.after, 3),
      difference: signed(figure.difference),
      interval: figure.interval.map(signed).joined(separator: " to "), verdict: verdict,
      isWorse: figure.verdict == .worse)
  }
}
