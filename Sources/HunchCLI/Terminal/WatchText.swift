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
    var table = TextTable(columns: [
      .init(title: ""), .init(title: "function", isFlexible: true),
      .init(title: "covers", isNumeric: true), .init(title: "conflict", isNumeric: true),
    ])
    if hasGold {
      table.columns += [
        .init(title: "right", isNumeric: true), .init(title: "wrong", isNumeric: true),
        .init(title: "accuracy", isNumeric: true),
      ]
    }
    let old = Dictionary((before?.functions ?? []).map { ($0.name, $0) }) { first, _ in first }
    var (changed, same): ([[TextTable.Cell]], [[TextTable.Cell]]) = ([], [])
    for function in functions {
      let known = old[function.name]
      let isSame = known?.fingerprint == function.fingerprint || before == nil
      func pair(_ value: (RunRecord.Figures) -> String?) -> TextTable.Cell {
        let new = value(function.figures) ?? "–"
        guard !isSame, let known, let past = value(known.figures), past != new else {
          return .init(new)
        }
        return .init("\(past) → \(new)")
      }
      var cells: [TextTable.Cell] = [
        isSame ? .init("") : known == nil ? .init("+", .good) : .init("~", .doubtful),
        .init(function.name), pair { Figures.fixed($0.coverage * 100, 1) },
        pair { Figures.fixed($0.conflicts * 100, 1) },
      ]
      if hasGold {
        cells += [
          pair { figures in figures.correct.map { "\($0)" } },
          pair { figures in figures.incorrect.map { "\($0)" } },
          pair { figures in
            guard let right = figures.correct, let wrong = figures.incorrect, right + wrong > 0
            else { return nil }
            return Figures.fixed(Double(right) / Double(right + wrong) * 100, 1)
          },
        ]
      }
      if isSame { same.append(cells) } else { changed.append(cells) }
    }
    let names = Set(functions.map(\.name))
    for function in before?.functions ?? [] where !names.contains(function.name) {
      let empty = [TextTable.Cell](repeating: "", count: table.columns.count - 2)
      changed.append([.init("−", .bad), .init(function.name, .faint)] + empty)
    }
    table.rows = changed + same
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
