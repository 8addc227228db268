import Hunch
import HunchModels

/// Where errors come from: slices and buckets.
extension ReportText {
  func slices(_ report: EvaluateReport) -> String {
    if report.slices.isEmpty { return "" }
    var table = TextTable(columns: [
      .init(title: "slice", isFlexible: true), .init(title: "documents", isNumeric: true),
      .init(title: "label model, all", isNumeric: true),
      .init(title: "classifier", isNumeric: true),
      .init(title: "95 %", isNumeric: true), .init(title: "macro-F1", isNumeric: true),
      .init(title: "log-loss", isNumeric: true), .init(title: "ECE", isNumeric: true),
    ])
    for slice in report.slices {
      let metrics = slice.classifier?.metrics
      table.rows.append([
        .init(slice.name), .init(Figures.count(slice.documents)),
        .init(fixed(slice.labelModelAll?.metrics.accuracy)),
        .init(fixed(metrics?.accuracy), slice.isWorse(than: report) ? .doubtful : nil),
        .init(interval(metrics?.accuracyInterval), .faint), .init(fixed(metrics?.macroF1)),
        .init(fixed(metrics?.logLoss)), .init(fixed(metrics?.ece)),
      ])
    }
    return "\n" + table.render(style)
      + "label model, classifier: accuracy on the slice's documents with gold\n"
  }

  private func fixed(_ value: Double?) -> String { value.map { Figures.fixed($0, 3) } ?? "–" }

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
