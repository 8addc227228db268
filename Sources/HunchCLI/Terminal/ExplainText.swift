import Hunch
import HunchModels

/// Why a document got its label.
extension ReportText {
  func explain(_ report: ExplainReport, labels: [String]) -> String {
    var text = "\(heading("Document"))  \(Excerpt.visible(report.id)), split \(report.split)"
    text += report.gold.map { ", gold \(Excerpt.visible($0))\n" } ?? ", no gold label\n"
    if let words = report.text { text += wrapped(Excerpt.visible(words), indent: 2) }
    if report.votes.isEmpty { text += "no labeling function votes on it\n" }
    var votes = TextTable(
      columns: [.init(title: "function", isFlexible: true), .init(title: "votes for")]
        + labels.map { .init(title: $0, isNumeric: true, isFlexible: true) })
    for vote in report.votes {
      let weights = labels.map { label in
        TextTable.Cell(vote.weights[label].map { Figures.fixed($0, 2) } ?? "–")
      }
      votes.rows.append([.init(vote.function), .init(vote.vote)] + weights)
    }
    if report.textWeights.values.contains(where: { abs($0) >= 0.005 }) {
      let weights = labels.map { TextTable.Cell(Figures.fixed(report.textWeights[$0] ?? 0, 2)) }
      votes.rows.append([.init("the text", .faint), .init("–")] + weights)
    }
    if !report.votes.isEmpty { text += votes.render(style) }
    var outcome = TextTable(
      columns: [.init(title: "probability", isFlexible: true)]
        + labels.map { .init(title: $0, isNumeric: true, isFlexible: true) })
    for (name, values) in [("label model", report.posterior), ("classifier", report.classifier)] {
      let cells = labels.map { TextTable.Cell(Figures.percent(values[$0])) }
      outcome.rows.append([.init(name)] + cells)
    }
    text += outcome.render(style)
    text +=
      "label model: \(report.label ?? "no label (no votes)"); classifier: \(report.predicted)\n"
    text += features(report.features, "strongest features for \(report.predicted)")
    return text + features(report.against, "strongest features against \(report.predicted)")
  }

  private func features(_ features: [ExplainReport.Feature], _ title: String) -> String {
    if features.isEmpty { return "" }
    return TextTable(
      features,
      [
        .text(title, \.feature), .mark("kind", \.kind).faint, .fixed("weight", \.contribution),
        .text("") { sharing($0) }.faint.when(features.contains(where: \.collides)),
      ]
    ).render(style)
  }

  /// What else has the weight of a feature, in words.
  private func sharing(_ feature: ExplainReport.Feature) -> String {
    if !feature.collides { return "" }
    let named = feature.sharesWith.prefix(3).map { "'\($0)'" }
    let others = feature.sharesWith.count - named.count
    return "shares its weight with " + named.joined(separator: ", ")
      + (others > 0 ? " and \(others) more" : "")
  }
}
