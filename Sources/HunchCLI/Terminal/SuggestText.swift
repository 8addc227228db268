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
    var table = TextTable(columns: [
      .init(title: "document", isFlexible: true), .init(title: "unsure", isNumeric: true),
      .init(title: "votes", isFlexible: true), .init(title: "why", isFlexible: true),
    ])
    for document in report.documents {
      table.rows.append([
        .init(Excerpt.visible(document.id)), .init(Figures.fixed(document.uncertainty, 2)),
        .init(document.votes.isEmpty ? "none" : byClass(document.votes), .faint),
        .init(document.reason),
      ])
    }
    text += table.render(style)
    if report.documents.contains(where: { $0.text != nil }) {
      var texts = TextTable(columns: [
        .init(title: "document", isFlexible: true), .init(title: "text", isFlexible: true),
      ])
      for document in report.documents {
        texts.rows.append([.init(Excerpt.visible(document.id)), .init(document.text ?? "")])
      }
      text += "\n" + texts.render(style)
    }
    return text
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
      + "(\(Figures.fixed(interval.lower, 2)) to \(Figures.fixed(interval.upper, 2)))"
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
