import Hunch
import HunchModels

/// From which probability on the classifier is right often enough.
extension ReportText {
  /// How sure the classifier has to be, and what that leaves.
  func precision(_ report: PrecisionReport, of evaluation: EvaluateReport) -> String {
    let isMeasured = report.chosenOn != evaluation.split
    typealias Row = (
      name: String, threshold: Double?, chosen: PrecisionReport.Answers,
      evaluated: PrecisionReport.Answers
    )
    func fields(
      _ split: String, _ answers: @escaping (Row) -> PrecisionReport.Answers
    ) -> [TextTable.Field<Row>] {
      [
        .number(split) { Figures.count(answers($0).documents) },
        .number("answered") { Figures.percent(answers($0).coverage) },
        .fixed("precision") { answers($0).precision },
        .number("95 %") { row in
          interval(answers(row).precisionInterval.map { Interval(lower: $0[0], upper: $0[1]) })
        }.faint,
      ]
    }
    let classes: [Row] = report.classes.map { ($0.label, $0.threshold, $0.chosen, $0.evaluated) }
    let table = TextTable(
      classes + [("all", nil, report.chosen, report.evaluated)],
      [.text("class", \.name), .fixed("from", \.threshold)]
        + fields(report.chosenOn, \.chosen)
        + (isMeasured ? fields(evaluation.split, \.evaluated) : []))
    let goal =
      "the classifier is right in \(Figures.percent(report.precision)) of its answers"
      + (report.certain ? " by the lower end of the 95 % interval" : "")
    let caution =
      isMeasured
      ? "chosen on the gold labels of \(report.chosenOn), measured on those of \(evaluation.split)"
      : "chosen and measured on the same gold labels of \(report.chosenOn): expect less of others"
    let fewest =
      report.certain
      ? Wilson.fewestTrials(toReach: report.precision).map {
        "; a class needs at least \(Figures.count($0, "answer")), all right, to be that certain"
      } : nil
    return "\(heading("Precision"))  from which probability on \(goal)\n" + table.render(style)
      + wrapped("\(caution); a class without a probability is never answered\(fewest ?? "")")
  }
}
