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
    let table = TextTable(
      plan.functions + plan.slices,
      [
        .text("function", \.function), .count("documents", \.documents),
        .text("why", \.reason).toned { $0.documents == 0 ? .faint : nil },
      ])
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
    let table = TextTable(
      order.map { (function: report.functions[$0], attention: attention[$0]) },
      [
        .mark("") { Self.mark($0.attention) }.toned { Self.tone($0.attention) },
        .text("function", \.function.name).toned { Self.tone($0.attention) },
        .text("votes for") { polarity($0.function) },
        .number("covers") { percent($0.function.coverage) }
          .toned { $0.function.votes == 0 ? .bad : nil },
        .mark("") { Figures.bar($0.function.coverage, width: 5) }.faint,
        .number("overlap") { percent($0.function.overlaps) },
        .number("conflict") { percent($0.function.conflicts) }.toned { function, _ in
          function.conflicts > function.coverage / 2 && function.votes > 0 ? .doubtful : nil
        },
        .number("right") { $0.function.gold.map { "\($0.correct)" } ?? "" }.when(hasGold),
        .number("wrong") { $0.function.gold.map { "\($0.incorrect)" } ?? "" }.when(hasGold),
        goldAccuracy("accuracy", \.function.gold).when(hasGold),
        goldInterval(\.function.gold).when(hasGold),
      ])
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

  private func goldAccuracy<Item>(
    _ title: String, _ gold: @escaping (Item) -> AnalyzeReport.GoldFigures?
  ) -> TextTable.Field<Item> {
    .number(title) { percent(gold($0)?.empiricalAccuracy) }.toned {
      gold($0)?.empiricalAccuracy.map { $0 < 0.5 ? .bad : $0 < 0.7 ? .doubtful : .good }
    }
  }

  private func goldInterval<Item>(
    _ gold: @escaping (Item) -> AnalyzeReport.GoldFigures?
  ) -> TextTable.Field<Item> {
    .number("95 %") { interval(gold($0)?.empiricalAccuracyInterval) }.faint
  }

  // MARK: - Conflicts

  func conflicts(_ report: ConflictsReport) -> String {
    if report.pairs.isEmpty { return "no two functions disagree\n" }
    let table = TextTable(
      report.pairs,
      [
        .text("function") { $0.functions[0] }, .text("against") { $0.functions[1] },
        .count("disagree", \.documents), .count("agree", \.agreements),
        .text("documents, for instance") { $0.exampleIds.joined(separator: ", ") }.faint,
      ])
    let omitted = report.omittedPairs.map { "and \(Figures.count($0)) further pairs\n" } ?? ""
    return table.render(style) + omitted
      + "'hunch explain DIR ID' shows the votes on a document\n"
  }

  // MARK: - Label model

  func fit(_ report: FitReport) -> String {
    let chosen = report.isAutomatic ? " (chosen by auto)" : ""
    let hasGold = report.functions.contains { $0.gold != nil }
    let table = TextTable(
      report.functions,
      [
        .text("function", \.name), .count("votes", \.votes),
        .number("implied accuracy") { percent($0.accuracy) },
        .mark("") { Figures.bar($0.accuracy ?? 0, width: hasGold ? 5 : 10) }.faint,
        .number("95 %") { interval($0.accuracyInterval) }.faint,
        goldAccuracy("on gold", \.gold).when(hasGold), goldInterval(\.gold).when(hasGold),
        .number("changes") { percent($0.changedLabels) },
        .number("loses") { percent($0.coverageLost) },
      ])
    let text =
      "\(heading("Label model"))  \(report.labelModel)\(chosen), \(report.course)\n"
      + "\(Figures.count(report.covered)) of \(Figures.count(report.documents)) documents have a "
      + "vote, in \(Figures.count(report.patterns)) patterns\n"
      + (report.crowdSentences + report.balanceSentences).map { wrapped($0, indent: 2) }.joined()
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
    if let accuracy = prior.accuracy, let dispersion = prior.overdispersion,
      let trust = prior.trust
    {
      let pairs = Figures.fixed(100 * trust, 0)
      let source = pairs == "100" ? "from pairs" : "\(pairs) % from pairs, else from triplets"
      text =
        "votes are right \(Figures.percent(accuracy)) of the time, as functions agree\n"
        + "pairs scatter \(Figures.fixed(dispersion, 1)) times as much as chance, so accuracies "
        + "come \(source)\n"
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
    let table = TextTable(
      report.models.map { (name: $0.name, metrics: $0.scored.metrics) },
      [
        .mark("", \.name), .count("documents", \.metrics.documents),
        .fixed("accuracy", \.metrics.accuracy), .fixed("macro-F1", \.metrics.macroF1),
        .fixed("log-loss", \.metrics.logLoss), .fixed("Brier", \.metrics.brier),
        .fixed("ECE", \.metrics.ece), .fixed("AUC", \.metrics.auc),
      ])
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
    if let precision = report.precision { text += "\n" + self.precision(precision, of: report) }
    if let buckets = report.buckets { text += "\n" + self.buckets(buckets) }
    if let lists = report.worst { text += "\n" + worst(lists, split: report.split) }
    return text
  }

  private func classTable(_ scored: EvaluateReport.Scored, _ labels: [String]) -> String {
    TextTable(
      zip(labels, scored.metrics.classes),
      [
        .text("classifier, by class", \.0), .fixed("precision", \.1.precision),
        .fixed("recall", \.1.recall), .fixed("F1", \.1.f1),
        .number("gold") { "\($0.1.support)" },
      ]
    ).render(style)
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
