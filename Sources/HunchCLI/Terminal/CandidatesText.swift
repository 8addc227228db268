import Hunch

extension ReportText {
  /// An account of the candidates made of sentences.
  func candidates(_ report: CandidateReport) -> String {
    let place = report.output == "-" ? "" : " in \(report.output)"
    var text =
      "\(heading("Candidates"))  \(Figures.count(report.candidates)) from "
      + "\(Figures.count(report.sentences, "sentence"))\(place)\n"
    text += "\(Figures.count(report.mentions, "mention")) of entities"
    if report.ambiguousMentions > 0 {
      text +=
        ", \(Figures.count(report.ambiguousMentions)) left out because they may be one of "
        + "several"
    }
    text += "\n"
    if report.tooFar > 0 { text += "\(Figures.count(report.tooFar, "pair")) too far apart\n" }
    if report.withoutPair > 0 {
      text += "\(Figures.count(report.withoutPair, "sentence")) without a pair\n"
    }
    return text
  }
}
