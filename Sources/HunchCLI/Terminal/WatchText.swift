import Hunch
import HunchModels

/// What `hunch watch` prints of a run: what changed against the run before.
extension ReportText {
  func watched(_ report: ApplyReport) -> String {
    _ = apply(report)  // for its warnings
    return report.evaluations == 0
      ? ""
      : "\(Figures.count(report.evaluations)) votes evaluated "
        + "(\(Figures.seconds(report.seconds)))\n"
  }

  /// The functions, those first that are not as in the run before.
  func watched(
    _ report: AnalyzeReport, _ functions: [RunRecord.Function], _ before: RunRecord?
  ) -> String {
    let hasGold = report.goldDocuments > 0
    let old = Dictionary((before?.functions ?? []).map { ($0.name, $0) }) { first, _ in first }
    func isSame(_ function: RunRecord.Function) -> Bool {
      before == nil || old[function.name]?.fingerprint == function.fingerprint
    }
    func pair(
      _ title: String, _ value: @escaping (RunRecord.Figures) -> String?
    ) -> TextTable.Field<RunRecord.Function> {
      .number(title) { function in
        let new = value(function.figures) ?? "–"
        guard !isSame(function), let known = old[function.name],
          let past = value(known.figures), past != new
        else { return new }
        return "\(past) → \(new)"
      }
    }
    let changed = functions.filter { !isSame($0) }
    var table = TextTable(
      changed + functions.filter(isSame),
      [
        .mark("") { isSame($0) ? "" : old[$0.name] == nil ? "+" : "~" }.toned {
          isSame($0) ? nil : old[$0.name] == nil ? .good : .doubtful
        },
        .text("function", \.name), pair("covers") { Figures.fixed($0.coverage * 100, 1) },
        pair("conflict") { Figures.fixed($0.conflicts * 100, 1) },
        pair("right") { figures in figures.correct.map { "\($0)" } }.when(hasGold),
        pair("wrong") { figures in figures.incorrect.map { "\($0)" } }.when(hasGold),
        pair("accuracy") { figures in
          guard let right = figures.correct, let wrong = figures.incorrect, right + wrong > 0
          else { return nil }
          return Figures.fixed(Double(right) / Double(right + wrong) * 100, 1)
        }.when(hasGold),
      ])
    let names = Set(functions.map(\.name))
    let empty = [TextTable.Cell](repeating: "", count: table.columns.count - 2)
    table.rows.insert(
      contentsOf: (before?.functions ?? []).filter { !names.contains($0.name) }.map {
        [.init("−", .bad), .init($0.name, .faint)] + empty
      }, at: changed.count)
    func total(_ share: Double, _ past: Double?) -> String {
      let new = Figures.percent(share)
      guard let past, Figures.percent(past) != new else { return new }
      return "\(Figures.percent(past)) → \(new)"
    }
    return table.render(style)
      + "together: coverage \(total(report.coverage, before?.totals.coverage)), overlaps "
      + "\(total(report.overlaps, before?.totals.overlaps)), conflicts "
      + "\(total(report.conflicts, before?.totals.conflicts))\n"
  }

  func watched(_ report: TrainReport) -> String {
    report.reused ? "" : "classifier trained (\(Figures.seconds(report.seconds)))\n"
  }

  /// The figures of both models, before and after.
  func watched(_ report: EvaluateReport, _ before: RunRecord?) -> String {
    let past = before?.totals.split == report.split ? before?.totals : nil
    func line(
      _ name: String, _ scored: EvaluateReport.Scored?, _ old: RunRecord.Scores?
    ) -> String {
      guard let metrics = scored?.metrics else { return "" }
      func pair(_ value: Double, _ past: Double?) -> String {
        let new = Figures.fixed(value, 3)
        guard let past, Figures.fixed(past, 3) != new else { return new }
        return "\(Figures.fixed(past, 3)) → \(new)"
      }
      return "\(name): accuracy \(pair(metrics.accuracy, old?.accuracy)), macro-F1 "
        + "\(pair(metrics.macroF1, old?.macroF1)) on \(Figures.count(metrics.documents)) documents "
        + "of split \(report.split)\n"
    }
    return line(EvaluateReport.coveredName, report.labelModel, past?.labelModelScores)
      + line("classifier", report.classifier, past?.classifierScores)
  }
}
