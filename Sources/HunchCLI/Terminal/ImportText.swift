import Hunch

extension ReportText {
  /// An import's account of every row.
  ///
  /// - Parameter isGuess: Whether encodings were found out and not asked for.
  func imported(_ report: ImportReport, isGuess: Bool) -> String {
    var text =
      "\(heading("Import"))  \(Figures.count(report.rows)) rows in table \(report.table) of "
      + "\(report.database)\n"
    let files = TextTable(
      report.files,
      [
        .text("file", \.path), .count("read", \.read), .count("written", \.written),
        .count("rejected", \.rejected).toned { $0.rejected > 0 ? .doubtful : nil },
        .text("because") { reasons($0.reasons) },
      ])
    text += files.render(style)
    if !report.joins.isEmpty { text += joins(report.joins) }
    for file in report.files {
      if isGuess, let encoding = file.encoding {
        warn("\(file.path) is read as \(encoding.lowercased())")
      }
    }
    if let without = report.withoutText, without > 0 {
      warn("\(Figures.count(without)) rows have no text")
    }
    let columns = report.columns.map { "\($0.name) \($0.type.rawValue.lowercased())" }
    return text + "columns: \(columns.joined(separator: ", "))\n"
  }

  private func joins(_ joins: [ImportReport.Join]) -> String {
    TextTable(
      joins,
      [
        .text("joined file") { "\($0.file):\($0.key)=\($0.on)" }, .count("read", \.read),
        .count("rejected", \.rejected).toned { $0.rejected > 0 ? .doubtful : nil },
        .count("used", \.used), .count("unused", \.unused), .count("rows matched", \.matched),
        .count("unmatched", \.unmatched).toned { $0.unmatched > 0 ? .doubtful : nil },
      ]
    ).render(style)
  }

  private func reasons(_ reasons: [ImportReport.Rejection]) -> String {
    reasons.map { "\($0.reason) (\(Figures.count($0.rows)))" }.joined(separator: ", ")
  }
}
