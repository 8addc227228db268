import Hunch

/// One labeling function with documents behind its figures.
extension ReportText {
  func function(_ report: FunctionReport, directory: String) -> String {
    var text =
      "\(heading(report.function.name))  \(report.function.kind)"
      + (report.function.summary.map { ", \($0)" } ?? "") + "\n" + figures(report)
    if !report.neighbours.isEmpty {
      let words = report.neighbours.map {
        "\($0.function) \(Figures.count($0.documents)) (differ on \(Figures.count($0.disagreements)))"
      }
      text += wrapped("votes together with \(words.joined(separator: ", "))", indent: 2)
    }
    for finding in report.findings { text += line(finding, directory: nil) }
    text += list("Mistakes", "gold says that it is wrong", report.mistakes)
    text += list("Overruled", "the label model gives another label", report.overruled)
    text += list("Hits", "nothing says that it is wrong", report.hits)
    if report.split == "test" { warnOfTestDocuments(report.split) }
    return text
      + "\n'hunch explain \(ShellWord.quoted(directory)) ID' shows why a document got its labels\n"
  }

  private func figures(_ report: FunctionReport) -> String {
    let function = report.function
    let who = report.split == "all" ? "documents" : "documents of split \(report.split)"
    var text =
      "votes for \(function.polarity.isEmpty ? "nothing" : function.polarity.joined(separator: ", "))"
      + " on \(Figures.count(function.votes)) \(who) (\(Figures.percent(function.coverage))), "
      + "overlaps \(Figures.percent(function.overlaps)), "
      + "conflicts \(Figures.percent(function.conflicts))"
    if let gold = function.gold, gold.correct + gold.incorrect > 0 {
      text +=
        "; right on \(gold.correct) of \(gold.correct + gold.incorrect) with gold "
        + "(\(Figures.percent(gold.empiricalAccuracy)), 95 % interval "
        + "\(interval(gold.empiricalAccuracyInterval)))"
    }
    return wrapped(text, indent: 2)
  }

  private func list(
    _ title: String, _ subtitle: String, _ documents: [FunctionReport.Document]
  ) -> String {
    if documents.isEmpty { return "" }
    var text = "\n\(heading(title))  \(subtitle)\n"
    for document in documents {
      var facts = "\(Excerpt.visible(document.id))  votes \(document.vote)"
      if let gold = document.gold { facts += ", gold \(gold)" }
      facts +=
        ", label model \(document.labelModel.label) "
        + Figures.percent(document.labelModel.probability)
      if !document.others.isEmpty {
        facts += "; " + document.others.map { "\($0.function): \($0.vote)" }.joined(separator: ", ")
      }
      text += wrapped(facts, indent: 4)
      if let passage = document.passage { text += "    " + shown(passage) }
    }
    return text
  }

  /// A passage with its matched words in bold, broken into lines.
  private func shown(_ passage: Passage) -> String {
    var lines = [""]
    var used = 4
    var word = ""
    var width = 0
    func endWord() {
      if used > 4, used + 1 + width > style.width {
        lines.append("    " + word)
        used = 4 + width
      } else {
        lines[lines.count - 1] += (used > 4 ? " " : "") + word
        used += width + (used > 4 ? 1 : 0)
      }
      (word, width) = ("", 0)
    }
    for part in passage.parts {
      let pieces = Excerpt.visible(part.text).split(
        separator: " ", omittingEmptySubsequences: false)
      for (place, piece) in pieces.enumerated() {
        if place > 0 { endWord() }
        word += style.paint(String(piece), part.isMatch ? .heading : nil)
        width += TextTable.width(String(piece))
      }
    }
    endWord()
    return lines.joined(separator: "\n") + "\n"
  }
}
