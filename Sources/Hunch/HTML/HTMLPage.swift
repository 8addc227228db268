import HunchModels
import Mustache

/// Puts facts into words and pictures, and those into the templates.
struct HTMLPage {
  /// The most pairs that are listed.
  static let listedPairs = ReportFacts.judgedPairs

  let facts: HTMLReportFacts

  /// The page.
  ///
  /// - Throws: ``HunchError/internalError(_:)`` where a template is broken.
  func render() throws(HunchError) -> String {
    let library: MustacheLibrary
    do {
      library = try HTMLTemplates.library()
    } catch {
      throw .internalError("a template of the report is broken: \(error)")
    }
    guard let page = library.render(page(), withTemplate: "page") else {
      throw .internalError("the report has no page template")
    }
    return page
  }

  private func page() -> HTMLView.Page {
    HTMLView.Page(
      style: HTMLMarkup(HTMLStyleSheet.text), title: facts.name, lead: facts.packSummary,
      tiles: tiles(), details: details(),
      sections: sections(), findings: findings(), functionTable: functionTable(),
      cardsExplanation: cardsExplanation(), cards: cards(), pairSection: pairSection(),
      classSection: classSection(), labelModel: labelModel(), classifierNote: classifierNote(),
      evaluation: facts.evaluation.map(evaluation), noEvaluation: noEvaluation(),
      strongest: strongest(), errorSection: errorSection(), runSection: runSection(),
      crowdSections: crowdSections(), privacy: privacy())
  }

  private func sections() -> [HTMLView.Section] {
    let sections = [
      ("findings", "Findings", true), ("functions", "Functions", true),
      ("workers", "Workers", facts.workers?.crowds.isEmpty == false),
      ("pairs", "Overlap and disagreement", true), ("classes", "Classes", true),
      ("label-model", "Label model", true), ("evaluation", "Evaluation", true),
      ("errors", "Errors and doubtful documents", facts.errors != nil),
      ("runs", "Last run", facts.runs != nil),
    ]
    return sections.filter(\.2).map { .init(anchor: $0.0, heading: $0.1) }
  }

  static func anchor(_ function: Int) -> String { "function-\(function + 1)" }

  // MARK: - Header

  private func tiles() -> [HTMLView.Fact] {
    var tiles: [HTMLView.Fact] = [
      .init(
        term: "Documents", value: Figures.count(facts.documents),
        tileDetail: facts.hasGold
          ? Figures.count(facts.goldDocuments, "development label") : "no development labels"),
      .init(
        term: "Functions", value: Figures.count(facts.functions.count),
        tileDetail: "for \(Figures.count(facts.classes.count, "class", "classes"))"),
      .init(
        term: "Coverage", value: Figures.percent(facts.analysis.coverage),
        tileDetail: "have a vote"),
      .init(
        term: "Overlaps", value: Figures.percent(facts.analysis.overlaps),
        tileDetail: "have two or more"),
      .init(
        term: "Conflicts", value: Figures.percent(facts.analysis.conflicts),
        tileDetail: "have votes that differ"),
    ]
    guard let evaluation = facts.evaluation else { return tiles }
    let scores = [
      ("Label model", evaluation.labelModelAll), ("Classifier", evaluation.classifier),
    ]
    for case (let name, let metrics?) in scores.map({ ($0.0, $0.1?.metrics) }) {
      tiles.append(
        .init(
          term: name, value: Figures.percent(metrics.accuracy),
          tileDetail: "accuracy on all \(Figures.count(metrics.documents)) of \(evaluation.split), "
            + "95\u{202F}% interval "
            + Figures.interval(metrics.accuracyInterval)))
    }
    return tiles
  }

  private func details() -> [HTMLView.Fact] {
    let details: [HTMLView.Fact?] = [
      facts.pack.map { .init(term: "Rule pack", value: $0) },
      .init(term: "Corpus", value: facts.corpus),
      .init(term: "Classes", value: facts.classes.map(\.name).joined(separator: ", ")),
      .init(term: "Label model", value: modelName), .init(term: "Class balance", value: balance),
      facts.training.map {
        .init(
          term: "Classifier",
          value: "\(Figures.count($0.features, "feature")), learned from "
            + Figures.count($0.documents, "document"))
      },
    ]
    return details.compactMap(\.self)
  }

  var modelName: String {
    facts.fit.labelModel + (facts.fit.isAutomatic ? " (chosen by auto)" : "")
  }

  /// The class balance in words.
  var balance: String { shares(facts.fit.classBalance) }

  /// The shares of the classes in words.
  func shares(_ balance: [Double]) -> String {
    zip(facts.fit.labels, balance).map { "\($0) \(Figures.percent($1))" }
      .joined(separator: ", ")
  }

  // MARK: - Findings

  private func findings() -> [HTMLView.Finding] {
    Findings(facts: facts.report).all().map { finding in
      let word =
        switch finding.weight {
        case .trouble: "Trouble"
        case .look: "Look at"
        case .note: "Note"
        }
      return HTMLView.Finding(
        weight: finding.weight.rawValue, word: word, parts: finding.parts.map(part),
        command: finding.command)
    }
  }

  private func part(_ part: Finding.Part) -> HTMLView.Finding.Part {
    switch part {
    case .text(let words): .init(words: words, link: nil, isLabel: false)
    case .label(let words): .init(words: words, link: nil, isLabel: true)
    case .function(let index, let name):
      .init(words: name, link: Self.anchor(index), isLabel: false)
    }
  }

  // MARK: - Footer

  private func noEvaluation() -> String {
    if let problem = facts.trainingProblem { return "There is no classifier: \(problem)." }
    return
      "No document outside the test split has a gold label, so there is nothing to evaluate against "
      + "while functions are written. Give some with 'hunch label', or name their column with "
      + "'corpus: gold:' in hunch.yaml. 'hunch evaluate' shows the figures of the test split."
  }

  private func classifierNote() -> String? {
    guard let training = facts.training else { return nil }
    return "The classifier learned from the label model's probabilities of "
      + "\(Figures.count(training.documents, "document")), with "
      + "\(Figures.count(training.features, "feature")), in "
      + "\(Figures.count(training.epochs, "round"))."
      + training.sentences.map { " \($0.prefix(1).uppercased())\($0.dropFirst())." }.joined()
  }

  private func privacy() -> String {
    facts.showsTexts
      ? "This page contains the beginnings of documents of the corpus; 'hunch report --no-texts' "
        + "leaves them out. It loads nothing from elsewhere."
      : "This page contains ids of documents but none of their texts. It loads nothing from "
        + "elsewhere."
  }
}
