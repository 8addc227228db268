import Hunch
import HunchModels

/// Where errors come from: slices and buckets.
extension ReportText {
  func slices(_ report: EvaluateReport) -> String {
    if report.slices.isEmpty { return "" }
    let table = TextTable(
      report.slices,
      [
        .text("slice", \.name), .count("documents", \.documents),
        .fixed("label model, all", \.labelModelAll?.metrics.accuracy),
        .fixed("classifier", \.classifier?.metrics.accuracy)
          .toned { $0.isWorse(than: report) ? .doubtful : nil },
        .number("95 %") { interval($0.classifier?.metrics.accuracyInterval) }.faint,
        .fixed("macro-F1", \.classifier?.metrics.macroF1),
        .fixed("log-loss", \.classifier?.metrics.logLoss),
        .fixed("ECE", \.classifier?.metrics.ece),
      ])
    return "\n" + table.render(style)
      + "label model, classifier: accuracy on the slice's documents with gold\n"
  }

  /// The buckets of errors, each with who voted there and the documents behind it.
  func buckets(_ report: BucketReport) -> String {
    var text = "\(heading("Buckets"))  \(report.errorWords)\n"
    for bucket in report.errors {
      text +=
        style.paint("\(bucket.gold) taken for \(bucket.predicted)", .heading)
        + "  \(Figures.count(bucket.documents)), \(Figures.percent(report.share(bucket))) of errors\n"
      text += "  votes:" + wrapped(" " + bucket.voters, indent: 8)
      for pattern in bucket.patterns.prefix(Self.listedPatterns) {
        let ids = pattern.exampleIds.map(Excerpt.visible).joined(separator: ", ")
        let more = pattern.documents > pattern.exampleIds.count ? ", …" : ""
        text += "  " + wrapped("\(pattern.votes.words) (\(ids)\(more))", indent: 6)
      }
      let rest = bucket.patterns.count - Self.listedPatterns
      if rest > 0 { text += "  and \(rest) more vote patterns; --format json lists all\n" }
    }
    text += report.errors.isEmpty ? "no errors\n" : BucketReport.bracketWords + "\n"
    warnOfTestDocuments(report.split)
    return text + "'hunch explain DIR ID' shows why a document got its labels\n"
  }

  private static let listedPatterns = 4

  /// Rules must not be made for the documents that measure them.
  func warnOfTestDocuments(_ split: String) {
    if let caution = BucketReport.caution(split: split) {
      warn("\(caution); --split valid lists others")
    }
  }
}
