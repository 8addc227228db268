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
    let overall = report.classifier?.metrics.accuracy ?? 0
    for slice in report.slices {
      let metrics = slice.classifier?.metrics
      let isWorse = (metrics?.accuracyInterval?.upper ?? 1) < overall
      table.rows.append([
        .init(slice.name), .init(Figures.count(slice.documents)),
        .init(fixed(slice.labelModelAll?.metrics.accuracy)),
        .init(fixed(metrics?.accuracy), isWorse ? .doubtful : nil),
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
    let errors = report.buckets.filter { $0.gold != $0.predicted }
    let wrong = errors.reduce(0) { $0 + $1.documents }
    var text =
      "\(heading("Buckets"))  \(Figures.count(wrong)) of \(Figures.count(report.documents)) "
      + "documents with gold are classified wrong\n"
    for bucket in errors {
      let share = Double(bucket.documents) / Double(max(1, wrong))
      text +=
        style.paint("\(bucket.gold) taken for \(bucket.predicted)", .heading)
        + "  \(Figures.count(bucket.documents)), \(Figures.percent(share)) of errors\n"
      text += "  votes:" + wrapped(" " + votes(bucket), indent: 8)
      for pattern in bucket.patterns.prefix(Self.listedPatterns) {
        let ids = pattern.exampleIds.map(Excerpt.visible).joined(separator: ", ")
        let more = pattern.documents > pattern.exampleIds.count ? ", …" : ""
        text += "  " + wrapped("\(words(pattern.votes)): \(ids)\(more)", indent: 6)
      }
      let rest = bucket.patterns.count - Self.listedPatterns
      if rest > 0 { text += "  and \(rest) more vote patterns; --format json lists all\n" }
    }
    text += errors.isEmpty ? "no errors\n" : "in brackets: on how many of all a function votes so\n"
    warnOfTestDocuments(report.split)
    return text + "'hunch explain DIR ID' shows why a document got its labels\n"
  }

  private static let listedPatterns = 4

  /// Who voted what on a bucket's documents, and how many of all documents with that vote those are.
  private func votes(_ bucket: BucketReport.Bucket) -> String {
    var parts = bucket.functions.prefix(6).map {
      "\($0.function): \($0.vote) \($0.documents) (\($0.documentsOverall))"
    }
    if bucket.functions.count > 6 { parts.append("\(bucket.functions.count - 6) more") }
    if bucket.withoutVotes > 0 { parts.append("none on \(bucket.withoutVotes)") }
    return parts.joined(separator: ", ")
  }

  private func words(_ votes: [WorstReport.Vote]) -> String {
    votes.isEmpty
      ? "no votes" : votes.map { "\($0.function) \($0.vote)" }.joined(separator: ", ")
  }

  /// Rules must not be made for the documents that measure them.
  func warnOfTestDocuments(_ split: String) {
    guard split == "test" else { return }
    warn(
      "rules that are fitted to documents of the test split make its scores too good; "
        + "--split valid lists others")
  }
}
