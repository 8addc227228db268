import Hunch

/// What language models were asked.
extension ReportText {
  func ask(_ report: AskReport) -> String {
    var text = "\(heading(report.dryRun ? "Questions, none of them asked" : "Questions"))  "
    let models = report.functions.reduce(into: [String]()) { models, function in
      if !models.contains(function.model) { models.append(function.model) }
    }
    text += "\(report.functions.count) labeling functions ask \(models.joined(separator: ", "))\n"
    if !report.functions.isEmpty { text += table(report) }
    for function in report.functions {
      guard let unusable = function.unusable else { continue }
      text += wrapped(
        "not usable, for example by \(function.name): "
          + (unusable.isEmpty ? "an empty answer" : "'\(Excerpt.visible(unusable))'"), indent: 2)
    }
    if report.unanswered > 0 || report.dryRun {
      let left = report.functions
      text +=
        "left to ask: \(Figures.count(left.reduce(0) { $0 + $1.requests })) requests, about "
        + "\(Figures.count(left.reduce(0) { $0 + $1.estimatedTokens })) tokens"
        + money(left.compactMap(\.estimatedMoney)) + ", at most "
        + "\(Figures.count(left.reduce(0) { $0 + $1.mostTokens }))"
        + money(left.compactMap(\.mostMoney)) + "\n"
    }
    text += report.dryRun ? "" : "this run: \(words(report.spent))\n"
    text += "all runs: \(words(report.total)); budget: \(words(report.budget))\n"
    for message in report.warnings { warn(message) }
    return text
  }

  private func table(_ report: AskReport) -> String {
    TextTable(
      report.functions,
      [
        .text("function", \.name), .count("documents", \.documents),
        .count("answered", \.answered),
        .count("not usable", \.unparsed).toned { $0.unparsed > 0 ? nil : .faint },
        .count("left", \.unanswered).toned { $0.unanswered > 0 ? nil : .faint },
        .mark("calibrated") { $0.calibrated ? "yes" : "no" }.faint,
      ]
    ).render(style)
  }

  private func money(_ amounts: [Double]) -> String {
    amounts.isEmpty ? "" : " (\(Figures.fixed(amounts.reduce(0, +), 4)))"
  }

  private func words(_ amount: AskReport.Amount) -> String {
    "\(Figures.count(amount.requests)) requests, \(Figures.count(amount.tokens)) tokens"
      + (amount.money.map { ", \(Figures.fixed($0, 4)) of money" } ?? "")
  }

  private func words(_ budget: LanguageModelConfiguration.Budget) -> String {
    let parts = [
      budget.requests.map { "\(Figures.count($0)) requests" },
      budget.tokens.map { "\(Figures.count($0)) tokens" },
      budget.money.map { "\(Figures.fixed($0, 4)) of money" },
    ].compactMap(\.self)
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}
