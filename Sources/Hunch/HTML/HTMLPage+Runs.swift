import HunchModels

extension HTMLPage {
  /// How the last recorded run differs from the one before; nil with fewer than two.
  ///
  /// Times are left out, so that a page depends on what runs contain alone.
  func runSection() -> HTMLView.Runs? {
    guard let runs = facts.runs else { return nil }
    let figures = runs.evaluation?.figures.map(figure)
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
    let words = runs.changes + [runs.flippedWords].compactMap(\.self)
    return ([words.joined(separator: ", ")] + runs.moved.sentences)
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
    return "\(Figures.count(documents.flipped, "flipped label")): \(documents.transitionWords)"
      + (listed < documents.flipped ? "; the first \(Figures.count(listed))" : "")
  }

  private func flip(_ flip: RunComparison.Flip) -> HTMLView.Runs.Flip {
    return HTMLView.Runs.Flip(
      id: flip.id, before: flip.before ?? "none", after: flip.after ?? "none",
      gold: flip.gold ?? "–", why: flip.why)
  }

  private func figure(_ name: String, _ figure: RunComparison.Figure) -> HTMLView.Runs.Figure {
    HTMLView.Runs.Figure(
      name: name, before: Figures.fixed(figure.before, 3), after: Figures.fixed(figure.after, 3),
      difference: figure.signedDifference, interval: figure.intervalWords,
      verdict: figure.verdict.words, isWorse: figure.verdict == .worse)
  }
}
