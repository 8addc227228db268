import Foundation
import Hunch

/// What a model file says of itself.
extension ReportText {
  func model(_ file: String, _ report: ModelReport) -> String {
    var table = TextTable(columns: [
      .init(title: "model file"), .init(title: file, isFlexible: true),
    ])
    func add(_ name: String, _ value: String?) {
      if let value { table.rows.append([.init(name), .init(value)]) }
    }
    add("classes", report.labels.joined(separator: ", "))
    add("features", Figures.count(report.features))
    add("trained on", "\(Figures.count(report.trainingDocuments)) documents")
    if let omitted = report.omittedDocuments {
      add("left out", "\(Figures.count(omitted)) documents, to bound memory")
    }
    add("method", report.method)
    add("step size", report.stepSearch?.words)
    add("numbers", report.numeric?.joined(separator: ", "))
    add("categories", report.categorical?.joined(separator: ", "))
    add("embeddings", report.embeddings)
    add("label model", report.labelModel)
    add("functions", report.functions.map { Figures.count($0.count) })
    add("corpus", report.corpus)
    if let shift = report.classShift {
      add(
        "class odds",
        report.labels.map { "\($0) ×\(Figures.fixed(exp(shift[$0] ?? 0), 2))" }
          .joined(separator: ", "))
    }
    add("temperature", report.temperature.map { Figures.fixed($0, 2) })
    add("gold", report.goldLearning?.words)
    for (name, value) in (report.figures ?? [:]).sorted(by: { $0.key < $1.key }) {
      let isCount = name == "covered" || name.hasSuffix("documents")
      let words = ["documents": "corpus documents", "covered": "with a vote"]
      add(
        words[name] ?? name.replacing("_", with: " "),
        isCount ? Figures.fixed(value, 0) : Figures.fixed(value, 3))
    }
    add("date", report.date)
    let more =
      report.functions == nil
      ? "it was written before model files said where they come from\n" : ""
    return table.render(style) + more
  }
}
