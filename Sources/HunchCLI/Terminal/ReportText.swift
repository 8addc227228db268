import Foundation
import Hunch
import HunchModels

/// Reports as people read them. What deserves a warning is collected on the way and written to
/// standard error behind the report.
struct ReportText {
  var style: Style
  private let warnings = Warnings()

  init(style: Style) { self.style = style }

  private final class Warnings {
    var lines: [String] = []
  }

  /// Writes the warnings collected so far, unless they are not wanted.
  func flushWarnings(quiet: Bool) {
    if !quiet { for line in warnings.lines { Console.error(line) } }
    warnings.lines = []
  }

  // MARK: - Apply

  func apply(_ report: ApplyReport) -> String {
    var text =
      "\(heading("Apply"))  \(Figures.count(report.documents)) documents, "
      + "\(report.functions) labeling functions  (\(Figures.seconds(report.seconds)))\n"
    if report.evaluations == 0 {
      text += "nothing to evaluate: all votes are known\n"
    } else {
      let names = report.evaluatedFunctions
      let which = names.count <= 3 ? names.joined(separator: ", ") : "\(names.count) functions"
      text += "\(Figures.count(report.evaluations)) votes evaluated (\(which)), "
      text += "\(Figures.count(report.reused)) known already\n"
    }
    for timing in slowFunctions(report) {
      let each = timing.seconds / Double(timing.documents)
      text +=
        "slow: \(timing.function) took \(Figures.seconds(timing.seconds)), "
        + "\(Figures.microseconds(each)) per document\n"
    }
    for failure in report.failures {
      warn(
        "\(failure.function) could not be evaluated on \(failure.documents) documents and "
          + "abstains there: \(failure.reasons.joined(separator: ", "))")
    }
    if let asked = report.languageModel, asked.spent.requests > 0 {
      text += "language model: \(Figures.count(asked.spent.requests)) requests in this run\n"
    }
    for message in report.warnings { warn(message) }
    return text
  }

  /// The functions that took most of the time of this run, if that was enough to be felt.
  private func slowFunctions(_ report: ApplyReport) -> [ApplyReport.Timing] {
    let evaluated = Set(report.evaluatedFunctions)
    let timings = report.timings.filter { evaluated.contains($0.function) && $0.documents > 0 }
    let total = report.scanSeconds + timings.reduce(0) { $0 + $1.seconds }
    return timings.filter { $0.seconds > 0.5 && $0.seconds > total / 4 }
  }

  func plan(_ plan: ApplyPlan) -> String {
    var text =
      "\(heading("Plan"))  \(Figures.count(plan.documents)) documents, "
      + "\(plan.functions.count) labeling functions\n"
    if plan.corpusIsUnchanged {
      text += "the corpus is as the last run saw it\n"
    } else {
      text += "\(plan.newChunks) of \(plan.chunks) runs of documents are new or were edited\n"
    }
    text += "\(Figures.count(plan.evaluations)) votes to evaluate, "
    text += "\(Figures.count(plan.reused)) known already\n\n"
    var table = TextTable(columns: [
      .init(title: "function", isFlexible: true), .init(title: "documents", isNumeric: true),
      .init(title: "why", isFlexible: true),
    ])
    for function in plan.functions + plan.slices {
      table.rows.append([
        .init(function.function), .init(Figures.count(function.documents)),
        .init(function.reason, function.documents == 0 ? .faint : nil),
      ])
    }
    return text + table.render(style)
  }

  // MARK: - Analysis

  /// The functions that findings name come first, the others in the order of the project.
  func analyze(_ report: AnalyzeReport) -> String {
    let hasGold = report.goldDocuments > 0
    let attention = report.attention
    let order = [Finding.Weight.trouble, .look, nil].flatMap { weight in
      report.functions.indices.filter { attention[$0] == weight }
    }
    var table = TextTable(columns: [
      .init(title: ""), .init(title: "function", isFlexible: true),
      .init(title: "votes for", isFlexible: true),
      .init(title: "covers", isNumeric: true), .init(title: ""),
      .init(title: "overlap", isNumeric: true), .init(title: "conflict", isNumeric: true),
    ])
    if hasGold {
      table.columns += [
        .init(title: "right", isNumeric: true), .init(title: "wrong", isNumeric: true),
        .init(title: "accuracy", isNumeric: true), .init(title: "95 %", isNumeric: true),
      ]
    }
    for index in order {
      let function = report.functions[index]
      let tone = Self.tone(attention[index])
      var cells: [TextTable.Cell] = [
        .init(Self.mark(attention[index]), tone), .init(function.name, tone),
        .init(polarity(function)),
        .init(percent(function.coverage), function.votes == 0 ? .bad : nil),
        .init(Figures.bar(function.coverage, width: 5), .faint),
        .init(percent(function.overlaps)),
        .init(
          percent(function.conflicts),
          function.conflicts > function.coverage / 2 && function.votes > 0 ? .doubtful : nil),
      ]
      if let gold = function.gold { cells += goldCells(gold) }
      table.rows.append(cells)
    }
    warnOfUnusedLabels(report.workspaceLabels)
    let who = report.split == "all" ? "" : " of split \(report.split)"
    return "\(heading("Labeling functions"))  in percent of \(Figures.count(report.documents)) "
      + "documents\(who)"
      + (hasGold
        ? "; right and wrong on "
          + Figures.count(
            report.goldDocuments, report.split == "all" ? "development label" : "gold label")
          + "\n" : "\n")
      + table.render(style)
      + "together: coverage \(Figures.percent(report.coverage)), overlaps "
      + "\(Figures.percent(report.overlaps)), conflicts \(Figures.percent(report.conflicts))\n"
      + crowds(report.crowds ?? []) + workspaceLabels(report.workspaceLabels)
  }

  /// The classes that a function votes for, shortened where they are many.
  private func polarity(_ function: AnalyzeReport.Function) -> String {
    function.polarity.count > 2
      ? "\(function.polarity.count) classes" : function.polarity.joined(separator: ", ")
  }

  private func percent(_ share: Double?) -> String {
    share.map { Figures.fixed($0 * 100, 1) } ?? "–"
  }

  func interval(_ bounds: Interval?) -> String {
    bounds.map { "\(Figures.fixed($0.lower * 100, 0))–\(Figures.fixed($0.upper * 100, 0))" } ?? "–"
  }

  private func goldCells(_ gold: AnalyzeReport.GoldFigures) -> [TextTable.Cell] {
    let tone: Style.Tone? = gold.empiricalAccuracy.map {
      $0 < 0.5 ? .bad : $0 < 0.7 ? .doubtful : .good
    }
    return [
      .init("\(gold.correct)"), .init("\(gold.incorrect)"),
      .init(percent(gold.empiricalAccuracy), tone),
      .init(interval(gold.empiricalAccuracyInterval), .faint),
    ]
  }

  // MARK: - Conflicts

  func conflicts(_ report: ConflictsReport) -> String {
    if report.pairs.isEmpty { return "no two functions disagree\n" }
    var table = TextTable(columns: [
      .init(title: "function", isFlexible: true), .init(title: "against", isFlexible: true),
      .init(title: "disagree", isNumeric: true), .init(title: "agree", isNumeric: true),
      .init(title: "documents, for instance", isFlexible: true),
    ])
    for pair in report.pairs {
      table.rows.append([
        .init(pair.functions[0]), .init(pair.functions[1]),
        .init(Figures.count(pair.documents)), .init(Figures.count(pair.agreements)),
        .init(pair.exampleIds.joined(separator: ", "), .faint),
      ])
    }
    let omitted = report.omittedPairs.map { "and \(Figures.count($0)) further pairs\n" } ?? ""
    return table.render(style) + omitted
      + "'hunch explain DIR ID' shows the votes on a document\n"
  }

  // MARK: - Label model

  func fit(_ report: FitReport) -> String {
    let chosen = report.isAutomatic ? " (chosen by auto)" : ""
    let hasGold = report.functions.contains { $0.gold != nil }
    var table = TextTable(columns: [
      .init(title: "function", isFlexible: true), .init(title: "votes", isNumeric: true),
      .init(title: "implied accuracy", isNumeric: true), .init(title: ""),
      .init(title: "95 %", isNumeric: true),
    ])
    if hasGold {
      table.columns += [
        .init(title: "on gold", isNumeric: true), .init(title: "95 %", isNumeric: true),
      ]
    }
    table.columns += [
      .init(title: "changes", isNumeric: true), .init(title: "loses", isNumeric: true),
    ]
    for function in report.functions {
      var cells: [TextTable.Cell] = [
        .init(function.name), .init(Figures.count(function.votes)),
        .init(percent(function.accuracy)),
        .init(Figures.bar(function.accuracy ?? 0, width: hasGold ? 5 : 10), .faint),
        .init(interval(function.accuracyInterval), .faint),
      ]
      if let gold = function.gold { cells += goldCells(gold).suffix(2) }
      cells += [
        .init(Figures.fixed(function.changedLabels * 100, 1)),
        .init(Figures.fixed(function.coverageLost * 100, 1)),
      ]
      table.rows.append(cells)
    }
    let text =
      "\(heading("Label model"))  \(report.labelModel)\(chosen), \(report.course)\n"
      + "\(Figures.count(report.covered)) of \(Figures.count(report.documents)) documents have a "
      + "vote, in \(Figures.count(report.patterns)) patterns\n"
      + report.crowdSentences.map { wrapped($0, indent: 2) }.joined()
      + report.balanceSentences.map { wrapped($0, indent: 2) }.joined()
      + (report.learnedPrior.map(words) ?? "")
      + report.goldSentences.map { wrapped($0, indent: 2) }.joined()
      + (report.text.map { wrapped($0.sentence, indent: 2) } ?? "") + table.render(style)
      + "implied accuracy: what the agreement of the functions suggests; it is not measured "
      + "against gold\n"
      + (hasGold ? "on gold: the measured accuracy, on development labels\n" : "")
      + "changes, loses: percent of labels that would be others, or none, without the function\n"
      + wrapped(report.goodnessOfFit.sentence, indent: 2)
    for message in report.warnings { warn(message) }
    return text + dependencies(report)
  }

  /// The dependencies in words, as many as anybody reads.
  private func dependencies(_ report: FitReport) -> String {
    if report.dependencies.isEmpty { return "" }
    let listed = 20
    let sentences = report.dependencySentences
    let more =
      sentences.count > listed
      ? ["and \(Figures.count(sentences.count - listed)) more; --format json lists all"] : []
    return "\(heading("Dependencies"))\n"
      + (sentences.prefix(listed) + more).map { "-" + wrapped(" " + $0, indent: 2) }.joined()
  }

  private func words(_ prior: LearnedPrior) -> String {
    var text: String
    if let accuracy = prior.accuracy, let dispersion = prior.overdispersion {
      let rule =
        dispersion > 2
        ? "too much for independence; accuracies come from triplets"
        : "as if independent; each accuracy is learned freely"
      text =
        "votes are right \(Figures.percent(accuracy)) of the time, as pairs of functions agree\n"
        + "pairs scatter \(Figures.fixed(dispersion, 1)) times as much as chance: \(rule)\n"
    } else {
      text =
        "votes are taken to be right 75 % of the time: too few pairs of functions meet to tell\n"
        + "add functions that vote on the same documents, or gold labels (label_model_gold)\n"
    }
    if prior.goldDocuments > 0 {
      text += "\(Figures.count(prior.goldDocuments)) gold labels tell how accurate functions are\n"
    }
    return text
  }

  // MARK: - Classifier

  func train(_ report: TrainReport) -> String {
    "\(heading("Classifier"))  \(Figures.count(report.features)) features, "
      + "\(Figures.count(report.documents)) documents, \(report.epochs) rounds"
      + (TrainingMethod(rawValue: report.method)?.isStreamed == true ? " from a file" : "")
      + (report.omittedDocuments.map {
        "; \(Figures.count($0)) more, spread evenly, left out to bound memory"
      } ?? "")
      + (report.reused ? "; unchanged, taken from the workspace" : "")
      + "  (\(Figures.seconds(report.seconds)))\n"
      + report.sentences.map { wrapped($0, indent: 2) }.joined()
  }

  // MARK: - Evaluation

  func evaluate(_ report: EvaluateReport) -> String {
    if report.documents == 0, let lists = report.worst {
      return "\(heading("Evaluation"))  split \(report.split) has no gold label that measures, so "
        + "there are no figures\n\n" + worst(lists, split: report.split)
    }
    var table = TextTable(columns: [
      .init(title: ""), .init(title: "documents", isNumeric: true),
      .init(title: "accuracy", isNumeric: true), .init(title: "macro-F1", isNumeric: true),
      .init(title: "log-loss", isNumeric: true), .init(title: "Brier", isNumeric: true),
      .init(title: "ECE", isNumeric: true), .init(title: "AUC", isNumeric: true),
    ])
    let models = [
      (EvaluateReport.allName, report.labelModelAll),
      (EvaluateReport.coveredName, report.labelModel), ("classifier", report.classifier),
      (
        "gold labels only (\(Figures.count(report.goldOnly?.goldDocuments ?? 0)))",
        report.goldOnly?.scored
      ),
    ]
    for (name, scored) in models {
      guard let scored else { continue }
      let metrics = scored.metrics
      table.rows.append([
        .init(name), .init(Figures.count(metrics.documents)),
        .init(Figures.fixed(metrics.accuracy, 3)), .init(Figures.fixed(metrics.macroF1, 3)),
        .init(Figures.fixed(metrics.logLoss, 3)), .init(Figures.fixed(metrics.brier, 3)),
        .init(Figures.fixed(metrics.ece, 3)),
        .init(metrics.auc.map { Figures.fixed($0, 3) } ?? "–"),
      ])
    }
    var text =
      "\(heading("Evaluation"))  split \(report.split), \(Figures.count(report.documents)) "
      + "documents with gold\n" + table.render(style)
      + workspaceLabels(report.workspaceLabels)
    if let classifier = report.classifier {
      text += "\n" + classTable(classifier, report.labels)
      text += "\n" + confusion(classifier, report.labels)
    }
    text += slices(report)
    text += wrapped(report.policy)
    if let buckets = report.buckets { text += "\n" + self.buckets(buckets) }
    if let lists = report.worst { text += "\n" + worst(lists, split: report.split) }
    return text
  }

  private func classTable(_ scored: EvaluateReport.Scored, _ labels: [String]) -> String {
    var table = TextTable(columns: [
      .init(title: "classifier, by class", isFlexible: true),
      .init(title: "precision", isNumeric: true), .init(title: "recall", isNumeric: true),
      .init(title: "F1", isNumeric: true), .init(title: "gold", isNumeric: true),
    ])
    for (label, figures) in zip(labels, scored.metrics.classes) {
      table.rows.append([
        .init(label), .init(Figures.fixed(figures.precision, 3)),
        .init(Figures.fixed(figures.recall, 3)), .init(Figures.fixed(figures.f1, 3)),
        .init("\(figures.support)"),
      ])
    }
    return table.render(style)
  }

  private func confusion(_ scored: EvaluateReport.Scored, _ labels: [String]) -> String {
    guard labels.count <= 12 else { return "" }
    var table = TextTable(
      columns: [.init(title: "gold ↓ predicted →")]
        + labels.map { .init(title: $0, isNumeric: true, isFlexible: true) })
    for (gold, row) in scored.metrics.confusion.enumerated() {
      table.rows.append(
        [.init(labels[gold])]
          + row.enumerated().map { predicted, count in
            .init("\(count)", count == 0 ? .faint : gold == predicted ? .good : .doubtful)
          })
    }
    return table.render(style)
  }

  // MARK: - Parts

  func heading(_ text: String) -> String { style.paint(text, .heading) }

  func warn(_ text: String) {
    warnings.lines.append("warning:" + wrapped(" " + text, indent: 9))
  }

  /// The text broken between words, and nowhere else, so that it fits the width.
  func wrapped(_ text: String, indent: Int = 0) -> String {
    let text = Excerpt.visible(text)
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      let used = TextTable.width(line) + (lines.count == 1 ? indent : 0)
      if !line.isEmpty, used + 1 + TextTable.width(String(word)) > style.width {
        lines.append(String(repeating: " ", count: indent) + word)
      } else {
        lines[lines.count - 1] += (line.isEmpty && !text.hasPrefix(" ") ? "" : " ") + word
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
