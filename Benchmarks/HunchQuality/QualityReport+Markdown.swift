import Foundation
import HunchModels
import TestSupport

extension QualityReport {
  var markdown: [String] {
    let models = LabelModel.compared.map(\.name)
    var lines = [
      "`auto` takes `\(LabelModel.auto.name)`.", "", "### Corpora at a glance: macro-F1", "",
    ]
    lines += Self.table(
      ["set", "train documents", "classes", "functions", "coverage", "scored"] + models
        + ["best peer"],
      numbers: 1, measured.map(glance))
    lines += corpora.compactMap { set in set.skipped.map { "\n`\(set.name)` was left out: \($0)." }
    }
    lines += ["", "### Synthetic settings at a glance: macro-F1", ""]
    lines += Self.table(
      ["setting"] + models + ["oracle"], numbers: 1,
      settings.map { set in
        ["`\(set.name)`"] + models.map { Self.text(set.figures(of: $0)?.macroF1) }
          + [Self.text(set.models.last?.figures?.macroF1)]
      })
    lines += ["", "### With \(GoldScore.labels) gold labels", ""]
    lines += Self.table(
      [
        "set", "macro-F1 without", "with", "gain", "worst draw", "log-loss without", "priors only",
        "with", "T ≠ 1", "taken",
      ], numbers: 1, measured.compactMap(Self.gold) + settings.compactMap(Self.gold))
    lines += ["", "### Classifiers on test documents", ""]
    lines += endModelTable()
    lines += ["", "### Means", ""]
    lines += Self.table(
      ["sets", "model", "macro-F1", "log-loss", "Brier", "ECE", "error of implied accuracies"],
      numbers: 2, means("corpora", measured) + means("synthetic", settings))
    lines += ["", "### More than \(Self.text(Self.tolerance)) below majority vote", ""]
    lines += Self.table(
      ["set", "model", "macro-F1", "to majority"], numbers: 2,
      shortfalls.map {
        [
          "`\($0.set)`", $0.model.model, Self.text($0.model.figures?.macroF1),
          Self.signed($0.difference),
        ]
      })
    if shortfalls.isEmpty { lines += ["", "None."] }
    lines += failures.map { "\n`\($0.set)`, \($0.model.model) failed: \($0.model.failure ?? "")." }
    lines += ["", "### Corpora", ""]
    lines += Self.table(Self.header, numbers: 2, measured.flatMap(rows))
    lines += ["", "### Synthetic settings", ""]
    lines += Self.table(
      ["setting", "what it is", "documents", "classes", "functions", "coverage", "advantage"],
      numbers: 2,
      settings.map {
        [
          "`\($0.name)`", $0.summary, "\($0.draws) × \($0.documents)", "\($0.classes)",
          "\($0.functions)", Self.text($0.coverage), Self.signed($0.meanAdvantage),
        ]
      })
    lines.append("")
    lines += Self.table(
      Self.header + ["error of implied accuracies"], numbers: 2,
      settings.flatMap { set in set.models.map { Self.row(set, $0) + [Self.text($0.accuracyError)] }
      })
    return lines
  }

  /// For each way to train macro-F1 / log-loss / ECE by corpus, and the means of those that all have.
  private func endModelTable() -> [String] {
    let sets = measured.filter { $0.endModels != nil }
    var names: [String] = []
    for set in sets {
      for model in set.endModels ?? [] where !names.contains(model.name) {
        names.append(model.name)
      }
    }
    func cell(_ figures: QualityFigures?) -> String {
      figures.map { "\(Self.text($0.macroF1)) / \(Self.text($0.logLoss)) / \(Self.text($0.ece))" }
        ?? "–"
    }
    return Self.table(
      ["classifier"] + sets.map { "`\($0.name)`" } + ["mean"], numbers: 1,
      names.map { name in
        let figures = sets.map { set in set.endModels?.first { $0.name == name }?.figures }
        let isComplete = figures.allSatisfy { $0 != nil }
        return [name] + figures.map(cell)
          + [isComplete ? cell(QualityFigures.mean(figures.compactMap(\.self))) : "–"]
      })
  }

  private static let header = [
    "set", "model", "documents", "accuracy", "macro-F1", "to majority", "log-loss", "Brier", "ECE",
  ]

  private func glance(_ set: CorpusResult) -> [String] {
    let peer = Peer.figures[set.name]?.max { $0.macroF1 < $1.macroF1 }
    var cells = ["`\(set.name)`"]
    if let size = set.size {
      cells += ["\(size.documents)", "\(size.classes)", "\(size.functions)"]
      cells += [Self.text(size.coverage), size.scoresTraining ? "train" : "other splits"]
    }
    for choice in LabelModel.compared {
      cells.append(Self.text(set.figures(of: choice.name)?.macroF1))
    }
    cells.append(peer.map { "\(Self.text($0.macroF1)) (\($0.name))" } ?? "–")
    return cells
  }

  private func rows(_ set: CorpusResult) -> [[String]] {
    let peers = (Peer.figures[set.name] ?? []).map { peer in
      [
        "`\(set.name)`", "*\(peer.name)*", "", Self.text(peer.accuracy), Self.text(peer.macroF1),
        Self.signed(set.majorityF1.map { peer.macroF1 - $0 }), Self.text(peer.logLoss), "–",
        Self.text(peer.ece),
      ]
    }
    return set.models.map { Self.row(set, $0) } + peers
  }

  private static func row(_ set: some ResultSet, _ model: ModelResult) -> [String] {
    let figures = model.figures
    return [
      "`\(set.name)`", model.isLabelModel ? model.model : "*\(model.model)*",
      figures.map { "\(Int($0.documents.rounded()))" } ?? "–", text(figures?.accuracy),
      text(figures?.macroF1), signed(set.difference(model)), text(figures?.logLoss),
      text(figures?.brier), text(figures?.ece),
    ]
  }

  private static func gold(_ set: some ResultSet) -> [String]? {
    guard let score = set.gold else { return nil }
    let taken = score.taken.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let draws = taken.reduce(0) { $0 + $1.value }
    return [
      "`\(set.name)`", text(score.without.macroF1), text(score.with.macroF1),
      String(format: "%+.4f", score.with.macroF1 - score.without.macroF1),
      signed(score.worstGain), text(score.without.logLoss), text(score.priors.logLoss),
      text(score.with.logLoss), "\(score.temperatures) of \(draws)",
      taken.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
    ]
  }

  /// The means over the sets on which every model has figures.
  private func means(_ name: String, _ sets: [some ResultSet]) -> [[String]] {
    let complete = sets.filter { set in set.models.allSatisfy { $0.figures != nil } }
    guard !complete.isEmpty else { return [] }
    return LabelModel.compared.map(\.name).map { model in
      let mean = QualityFigures.mean(complete.compactMap { $0.figures(of: model) })
      let errors = complete.compactMap { set in
        set.models.first { $0.model == model }?.accuracyError
      }
      return [
        "\(complete.count) \(name)", model, Self.text(mean?.macroF1), Self.text(mean?.logLoss),
        Self.text(mean?.brier), Self.text(mean?.ece),
        Self.text(errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)),
      ]
    }
  }

  private static func table(_ header: [String], numbers: Int, _ rows: [[String]]) -> [String] {
    guard !rows.isEmpty else { return [] }
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = header.indices.map { $0 < numbers ? "---" : "---:" }
    return [line(header), line(rule)] + rows.map(line)
  }
}
