import Hunch

extension ReportText {
  /// An import's account of every row.
  ///
  /// - Parameter isGuess: Whether encodings were found out and not asked for.
  func imported(_ report: ImportReport, isGuess: Bool) -> String {
    var text =
      "\(heading("Import"))  \(Figures.count(report.rows)) rows in table \(report.table) of "
      + "\(report.database)\n"
    var files = TextTable(columns: [
      .init(title: "file", isFlexible: true), .init(title: "read", isNumeric: true),
      .init(title: "written", isNumeric: true), .init(title: "rejected", isNumeric: true),
      .init(title: "because", isFlexible: true),
    ])
    for file in report.files {
      files.rows.append([
        .init(file.path), .init(Figures.count(file.read)), .init(Figures.count(file.written)),
        .init(Figures.count(file.rejected), file.rejected > 0 ? .doubtful : nil),
        .init(reasons(file.reasons)),
      ])
    }
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
    var table = TextTable(columns: [
      .init(title: "joined file", isFlexible: true), .init(title: "read", isNumeric: true),
      .init(title: "rejected", isNumeric: true), .init(title: "used", isNumeric: true),
      .init(title: "unused", isNumeric: true), .init(title: "rows matched", isNumeric: true),
      .init(title: "unmatched", isNumeric: true),
    ])
    for join in joins {
      table.rows.append([
        .init("\(join.file):\(join.key)=\(join.on)"), .init(Figures.count(join.read)),
        .init(Figures.count(join.rejected), join.rejected > 0 ? .doubtful : nil),
        .init(Figures.count(join.used)), .init(Figures.count(join.unused)),
        .init(Figures.count(join.matched)),
        .init(Figures.count(join.unmatched), join.unmatched > 0 ? .doubtful : nil),
      ])
    }
    return table.render(style)
  }

  private func reasons(_ reasons: [ImportReport.Rejection]) -> String {
    reasons.map { "\($0.reason) (\(Figures.count($0.rows)))" }.joined(separator: ", ")
  }
}
