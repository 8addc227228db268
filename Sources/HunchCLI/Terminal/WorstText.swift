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
    typealias Field = TextTable.Field<(value: Double, document: WorstReport.Document)>
    func label(
      _ title: String, _ label: @escaping (WorstReport.Document) -> WorstReport.Label?
    ) -> Field {
      .text(title) { label($0.document)?.label ?? "–" }.toned { _, document in
        guard let gold = document.gold, let label = label(document) else { return nil }
        return label.label == gold ? nil : .doubtful
      }
    }
    func probability(_ label: @escaping (WorstReport.Document) -> WorstReport.Label?) -> Field {
      .number("p %") {
        label($0.document).map { Figures.fixed($0.probability * 100, 1) } ?? "–"
      }
    }
    let table = TextTable(
      documents,
      [
        .text("document", \.document.id), .text("gold") { $0.document.gold ?? "–" },
        .fixed(measure, \.value), label("label model", \.labelModel), probability(\.labelModel),
        label("classifier", \.classifier), probability(\.classifier),
        .text("votes", \.document.votes.words).faint,
      ])
    text += table.render(style)
    return text + excerpts(documents.map { ($0.document.id, $0.document.text) }) + "\n"
  }

  /// The beginnings of documents' texts, where they were asked for.
  func excerpts(_ documents: [(id: String, text: String?)]) -> String {
    if documents.allSatisfy({ $0.text == nil }) { return "" }
    return TextTable(documents, [.text("document", \.id), .text("text") { $0.text ?? "" }])
      .render(style)
  }
}
