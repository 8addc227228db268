import HunchModels

extension HTMLPage {
  /// How the last recorded run differs from the one before; nil with fewer than two.
  ///
  /// Times are left out, so that a page depends on what runs contain alone.
  func runSection() -> HTMLView.Runs? {
    guard let runs = facts.runs else { return nil }
    return HTMLView.Runs(
      runsExplanation: "Run \(runs.after.number), compared with run \(runs.before.number). "
        + (runs.identical ? "Nothing is different." : changes(runs)),
      runTables: [
        runs.functions.isEmpty ? nil : changed(runs.functions),
        runs.settings.isEmpty ? nil : settings(runs.settings), runs.evaluation.map(figures),
      ].compactMap(\.self),
      flipsTitle: flipsTitle(runs),
      flipTable: runs.documents.flatMap { $0.flipped > 0 ? flips($0.flips) : nil })
  }

  private func changes(_ runs: RunComparison) -> String {
    let words = runs.changes + [runs.flippedWords].compactMap(\.self)
    return ([words.joined(separator: ", ")] + runs.moved.sentences)
      .map { $0 + "." }.joined(separator: " ")
  }

  private func changed(_ functions: [RunComparison.Function]) -> HTMLTable {
    func pair(
      _ heading: String, _ figure: @escaping (RunRecord.Figures) -> Double?
    ) -> HTMLTable.Field<RunComparison.Function> {
      .number(heading) { function in
        let words = [function.before, function.after].map { $0.map { Figures.percent(figure($0)) } }
        return words[0] == words[1]
          ? words[1] ?? "–" : words.map { $0 ?? "–" }.joined(separator: " → ")
      }
    }
    return HTMLTable(
      id: "changed",
      caption: "Functions that are not the same; in flips: documents with a flipped label on "
        + "which its vote is another one",
      functions,
      [
        .text("function", \.name),
        .text("change") { function in
          function.change.rawValue + (function.previousName.map { ", before: \($0)" } ?? "")
        },
        pair("coverage", \.coverage), pair("conflicts", \.conflicts),
        pair("implied accuracy", \.impliedAccuracy),
        .number("in flips") { $0.flipped.map { Figures.count($0) } ?? "–" },
      ])
  }

  private func settings(_ settings: [RunComparison.Setting]) -> HTMLTable {
    HTMLTable(
      id: "settings", caption: "Settings that are not the same", settings,
      [
        .text("setting", \.key), .text("before") { $0.before ?? "–" },
        .text("now") { $0.after ?? "–" },
      ])
  }

  private func figures(_ evaluation: RunComparison.Evaluation) -> HTMLTable {
    HTMLTable(
      id: "figures",
      caption: "Figures on \(Figures.count(evaluation.documents, "document")) with gold that both "
        + "runs scored, with the 95 % interval of the difference (paired)",
      evaluation.figures,
      [
        .text("figure", \.name), .fixed("before", \.figure.before),
        .fixed("now", \.figure.after), .number("difference", \.figure.signedDifference),
        .number("95 % interval", \.figure.intervalWords),
        .text("verdict", \.figure.verdict.words).bad { $0.figure.verdict == .worse },
      ])
  }

  private func flipsTitle(_ runs: RunComparison) -> String {
    guard let documents = runs.documents else { return "" }
    let listed = documents.flips.count
    return "\(Figures.count(documents.flipped, "flipped label")): \(documents.transitionWords)"
      + (listed < documents.flipped ? "; the first \(Figures.count(listed))" : "")
  }

  private func flips(_ flips: [RunComparison.Flip]) -> HTMLTable {
    HTMLTable(
      id: "flips", caption: "Documents to which the label model gives another label", flips,
      [
        .code("document", \.id), .text("before") { $0.before ?? "none" },
        .text("now") { $0.after ?? "none" }, .text("gold") { $0.gold ?? "–" },
        .text("why", \.why),
      ])
  }
}
