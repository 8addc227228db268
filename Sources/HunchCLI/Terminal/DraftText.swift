import Hunch

/// Drafted labeling functions.
extension ReportText {
  func draft(_ report: DraftReport) -> String {
    let accepted = report.accepted
    var text =
      "\(heading("Drafted functions"))  \(accepted.count) of \(report.functions.count) by "
      + "\(Excerpt.visible(report.source)) pass what was checked on "
      + "\(Figures.count(report.documents)) documents\n"
    let unjudged = accepted.count { ($0.figures?.labelled ?? 0) == 0 }
    if unjudged > 0 {
      text += wrapped(
        "\(unjudged) of them vote on no document with a label, so that nothing says whether they are "
          + "right: read them, or give labels with 'hunch label'")
    }
    if report.functions.isEmpty { text += "the answer has no function\n" }
    for function in accepted { text += "\n" + described(function) }
    let rejected = report.functions.filter { !$0.isAccepted }
    if !rejected.isEmpty {
      let table = TextTable(
        rejected,
        [
          .text("rejected") { $0.name.isEmpty ? "(no name)" : $0.name },
          .text("class") { $0.label ?? "" },
          .text("why") { ($0.problem ?? "").split(separator: "\n").joined(separator: " ") },
        ])
      text += "\n" + table.render(style)
    }
    if report.ignored > 0 { warn("\(report.ignored) more functions were not looked at") }
    if let file = report.file {
      let files = [file] + report.nameFiles
      text +=
        "\nwritten: \(files.map(Excerpt.visible).joined(separator: ", "))\n"
        + wrapped(
          "nothing uses it yet: read every function, name the file among the 'rules:' of hunch.yaml, "
            + "and write 'draftedRules()' into the pack's list")
    }
    return text
  }

  private func described(_ function: DraftReport.Function) -> String {
    var text = style.paint(function.swift ?? function.name, .heading) + "\n"
    guard let figures = function.figures else { return text }
    text +=
      "  votes on \(Figures.count(figures.documents)) documents: "
      + "\(Figures.count(figures.newlyCovered)) without a vote so far, "
      + "\(Figures.count(figures.conflicts)) where another votes otherwise\n"
    if let interval = figures.precisionInterval, interval.count == 2 {
      text +=
        "  right on \(figures.labelledRight) of \(figures.labelled) documents with gold "
        + "(\(Figures.fixed(interval[0], 2)) to \(Figures.fixed(interval[1], 2)))\n"
    }
    if let implied = figures.agreementImpliedPrecision {
      text +=
        "  agreement-implied precision \(Figures.fixed(implied, 2)) on "
        + "\(Figures.count(figures.agreementImpliedDocuments)) documents without gold\n"
    }
    return text
  }
}
