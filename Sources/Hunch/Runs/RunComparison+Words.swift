package import HunchModels

extension RunComparison {
  /// What is not the same in both runs, in a few words each.
  package var changes: [String] {
    var parts: [String] = []
    for (change, sign) in [
      (Change.added, "+"), (.removed, "−"), (.changed, "~"), (.renamed, "renamed "),
    ] {
      let names = functions.filter { $0.change == change }.map(\.name)
      if names.isEmpty { continue }
      parts.append(
        sign + Figures.count(names.count, "function")
          + (names.count <= 3 ? " (\(names.joined(separator: ", ")))" : ""))
    }
    if reordered { parts.append("functions in another order") }
    parts += settings.map(\.key)
    for (part, words) in [
      ("documents", "other documents"), ("gold", "other splits or gold labels"),
      ("label_model", "another label model taken"),
    ] where data.contains(part) { parts.append(words) }
    return parts.isEmpty ? ["nothing changed"] : parts
  }

  /// How many labels are others; nil where documents are no longer kept.
  package var flippedWords: String? {
    documents.map {
      $0.flipped == 0 ? "no label flipped" : Figures.count($0.flipped, "label") + " flipped"
    }
  }
}

extension RunComparison.Documents {
  /// Which labels became which others, most documents first.
  package var transitionWords: String {
    let listed = transitions.prefix(8).map {
      "\($0.before ?? "none") → \($0.after ?? "none") \(Figures.count($0.documents))"
    }
    return (listed + (transitions.count > 8 ? ["…"] : [])).joined(separator: ", ")
  }
}

extension RunComparison.Flip {
  /// Why the label is another one, as far as it is known.
  package var why: String {
    let votes = votes.map { vote in
      vote.isBeforeKnown
        ? "\(vote.function): \(vote.before ?? "–") → \(vote.after ?? "–")"
        : "\(vote.function): now \(vote.after ?? "–")"
    }
    switch cause {
    case .votes: return votes.joined(separator: ", ")
    case .weights: return "the same votes count, or the text speaks, otherwise"
    case .content: return (["maybe edited"] + votes).joined(separator: ", ")
    case .unknown: return votes.isEmpty ? "not kept" : votes.joined(separator: ", ")
    }
  }
}

extension RunComparison.Evaluation {
  /// The models by name.
  package var models: [(name: String, model: RunComparison.Model)] {
    [("label model", labelModel), ("classifier", classifier)]
  }

  /// All figures by name.
  package var figures: [(name: String, figure: RunComparison.Figure)] {
    models.flatMap { name, model in
      [
        ("\(name), accuracy", model.accuracy), ("\(name), macro-F1", model.macroF1),
        ("\(name), log-loss", model.logLoss),
      ]
    }
  }
}

extension RunComparison.Figure {
  /// The difference with its sign.
  package var signedDifference: String { Self.signed(difference) }

  /// The interval of the difference; "–" where nothing changed.
  package var intervalWords: String {
    verdict == .unchanged ? "–" : interval.map(Self.signed).joined(separator: " to ")
  }

  private static func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + Figures.fixed(value, 3)
  }
}

extension FigureDifference.Verdict {
  /// What a difference amounts to.
  package var words: String {
    switch self {
    case .better: "better"
    case .worse: "worse"
    case .noise: "no more than noise"
    case .unchanged: "unchanged"
    }
  }
}
