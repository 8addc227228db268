import Hunch
import HunchModels

extension ReportText {
  /// The crowds of an analysis, a line or two each.
  func crowds(_ crowds: [WorkersReport.Crowd]) -> String {
    crowds.map { crowd in
      wrapped(
        "crowd \(crowd.name): \(crowd.sentence)"
          + (crowd.trouble.map { "; \($0)" } ?? "") + "; 'hunch workers DIR' lists all", indent: 2)
    }.joined()
  }

  /// Every worker of every crowd, or the first few.
  func workers(_ report: WorkersReport, limit: Int?) -> String {
    if report.crowds.isEmpty {
      return "the project has no crowd: 'votes: - { path: FILE, worker: COLUMN }' names one\n"
    }
    return report.crowds.map { workers($0, limit: limit) }.joined(separator: "\n")
  }

  private func workers(_ crowd: WorkersReport.Crowd, limit: Int?) -> String {
    let all = crowd.workers ?? []
    let hasGold = all.contains { $0.gold != nil }
    func percent(_ share: Double?) -> String { share.map { Figures.fixed($0 * 100, 0) } ?? "–" }
    func range(_ bounds: [Double]?) -> String {
      bounds.map { "\(percent($0[0]))–\(percent($0[1]))" } ?? "–"
    }
    func tone(_ worker: WorkersReport.Worker) -> Style.Tone? {
      worker.isBad ? .bad : worker.isUndecided ? .faint : nil
    }
    let shown = limit.map { Array(all.prefix($0)) } ?? all
    let table = TextTable(
      shown,
      [
        .text("worker", \.worker).toned(tone), .count("answers", \.answers),
        .number("agrees") { percent($0.agreement) }, .number("implied") { percent($0.accuracy) },
        .number("skill") { percent($0.skill) },
        .number("95 %") { "\(percent($0.skillInterval[0])) to \(percent($0.skillInterval[1]))" }
          .faint,
        .number("on gold") { percent($0.gold?.empiricalAccuracy) }.when(hasGold),
        .number("95 %") { range($0.gold?.empiricalAccuracyInterval) }.faint.when(hasGold),
        .text("", \.verdictWords).toned(tone), .text("too often") { $0.bias?.words ?? "" },
      ])
    let rest = all.count - shown.count
    return "\(heading("Crowd"))  \(crowd.name)\n" + wrapped(crowd.sentence, indent: 2)
      + (crowd.trouble.map { wrapped($0, indent: 2) } ?? "") + table.render(style)
      + (rest > 0 ? "and \(Figures.count(rest)) more; --format json lists all\n" : "")
      + wrapped(
        "in percent. agrees: with other workers on the same documents. implied: the accuracy that "
          + "the model of the crowd infers; it is not measured. skill: the share of answers that "
          + "follow the document, not a guess"
          + (hasGold ? ". on gold: the measured accuracy, on development labels" : ""))
      + (crowd.repeatedAnswers > 0
        ? wrapped(
          "\(Figures.count(crowd.repeatedAnswers, "answer")) given again by the same worker about "
            + "the same document; the last one counts") : "")
  }
}
