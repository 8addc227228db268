import Hunch

/// What to do next.
extension ReportText {
  func suggestions(_ report: DocumentSuggestions) -> String {
    let what =
      switch report.choice {
      case .value: "documents without a gold label"
      case .conflicted: "documents on which functions disagree"
      case .uncovered: "documents without a vote"
      }
    let sampled =
      report.sampledOneIn > 1 ? "; one document in \(report.sampledOneIn) was looked at" : ""
    var text =
      "\(heading("Documents to label"))  \(report.documents.count) of "
      + "\(Figures.count(report.candidates)) \(what)\(sampled)\n"
    if report.documents.isEmpty { return text + "there is none\n" }
    let table = TextTable(
      report.documents,
      [
        .text("document", \.id), .number("unsure") { Figures.fixed($0.uncertainty, 2) },
        .text("votes") { $0.votes.isEmpty ? "none" : byClass($0.votes) }.faint,
        .text("why", \.reason),
      ])
    let texts = excerpts(report.documents.map { ($0.id, $0.text) })
    text += table.render(style)
    return text + (texts.isEmpty ? "" : "\n" + texts)
  }

  /// The functions that voted, by class: `card: pin, chip; fees: fee_words`.
  private func byClass(_ votes: [WorstReport.Vote]) -> String {
    var classes: [String] = []
    for vote in votes where !classes.contains(vote.vote) { classes.append(vote.vote) }
    return classes.map { label in
      let names = votes.filter { $0.vote == label }.map(\.function)
      return "\(label): \(names.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  func suggestions(_ report: FunctionSuggestions) -> String {
    var text =
      "\(heading("Functions to add"))  from \(Figures.count(report.searched)) documents, "
      + "\(Figures.count(report.labelled)) of them labelled\n\n"
    for function in report.functions { text += described(function, of: report.documents) + "\n" }
    if report.functions.isEmpty {
      text += "no word tells enough; label what 'hunch suggest documents' lists and ask again\n"
    } else {
      text += wrapped(
        "precision is an estimate: labelled documents count as they are, what models say of the "
          + "others as up to 6 labels. Read before you paste: words of chance look like good ones.")
    }
    if report.labelled == 0 {
      warn(
        "no repair gold: precision is what the models agree on, not what is right; label what "
          + "'hunch suggest documents' lists")
    }
    return text
  }

  private func described(_ function: FunctionSuggestions.Function, of documents: Int) -> String {
    var text = style.paint(function.swift, .heading) + "\n"
    let interval = function.precisionInterval
    text +=
      "  precision about \(Figures.fixed(function.precision, 2)) "
      + "(\(Figures.fixed(interval[0], 2)) to \(Figures.fixed(interval[1], 2)))"
    if function.labelled > 0 {
      text += ": right on \(function.labelledRight) of \(function.labelled) labelled documents"
    }
    if let implied = function.agreementImpliedPrecision {
      text +=
        "\n  agreement-implied precision \(Figures.fixed(implied, 2)) on "
        + "\(Figures.count(function.agreementImpliedDocuments)) documents without a label"
    }
    text +=
      "\n  votes on \(Figures.count(function.documents)) of \(Figures.count(documents)) documents: "
      + "\(Figures.count(function.newlyCovered)) without a vote so far, "
      + "\(Figures.count(function.conflicts)) where another votes otherwise\n"
    for overlap in function.overlapping {
      text +=
        "  overlaps \(overlap.function) on \(Figures.count(overlap.documents)), same class on "
        + "\(Figures.count(overlap.agreements)) (Jaccard \(Figures.fixed(overlap.jaccard, 2)))\n"
    }
    return text
  }
}
