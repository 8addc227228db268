import Hunch

/// The documents that deserve a look.
extension ReportText {
  func worst(_ report: WorstReport, split: String) -> String {
    var text = ""
    if let losses = report.worst {
      text += list(
        "Worst documents", "the largest losses of the classifier, −log p(gold)", "loss",
        losses.map { ($0.loss, $0.document) })
    }
    text += list(
      "Disagreements", "where label model and classifier differ most (Jensen-Shannon divergence)",
      "differ", report.disagreements.map { ($0.divergence, $0.document) })
    warnOfTestDocuments(split)
    return text + "'hunch explain DIR ID' shows why a document got its labels\n"
  }

  private func list(
    _ title: String, _ subtitle: String, _ measure: String,
    _ documents: [(value: Double, document: WorstReport.Document)]
  ) -> String {
    var text = "\(heading(title))  \(subtitle)\n"
    if documents.isEmpty { return text + "no document has a vote\n\n" }
    var table = TextTable(columns: [
      .init(title: "document", isFlexible: true), .init(title: "gold", isFlexible: true),
      .init(title: measure, isNumeric: true), .init(title: "label model", isFlexible: true),
      .init(title: "p %", isNumeric: true), .init(title: "classifier", isFlexible: true),
      .init(title: "p %", isNumeric: true), .init(title: "votes", isFlexible: true),
    ])
    for (value, document) in documents {
      let labels = [document.labelModel, document.classifier].flatMap { label in
        let isWrong = document.gold != nil && label != nil && label?.label != document.gold
        return [
          TextTable.Cell(label?.label ?? "–", isWrong ? .doubtful : nil),
          TextTable.Cell(label.map { Figures.fixed($0.probability * 100, 1) } ?? "–"),
        ]
      }
      table.rows.append(
        [
          .init(Excerpt.visible(document.id)), .init(document.gold ?? "–"),
          .init(Figures.fixed(value, 3)),
        ] + labels + [.init(document.votes.words, .faint)])
    }
    text += table.render(style)
    return text + excerpts(documents.map(\.document)) + "\n"
  }

  /// The beginnings of the texts, where they were asked for.
  private func excerpts(_ documents: [WorstReport.Document]) -> String {
    if documents.allSatisfy({ $0.text == nil }) { return "" }
    var table = TextTable(columns: [
      .init(title: "document", isFlexible: true), .init(title: "text", isFlexible: true),
    ])
    for document in documents {
      table.rows.append([.init(Excerpt.visible(document.id)), .init(document.text ?? "")])
    }
    return table.render(style)
  }
}
