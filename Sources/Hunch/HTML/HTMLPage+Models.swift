import HunchModels

extension HTMLPage {
  // MARK: - Classes

  func classSection() -> HTMLView.Classes {
    HTMLView.Classes(
      classesCaption: facts.hasGold
        ? "Votes by class on \(Figures.count(facts.documents, "document")), and which share of "
          + "the \(Figures.count(facts.goldDocuments)) with gold is reached"
        : "Votes by class on \(Figures.count(facts.documents, "document"))",
      hasGold: facts.hasGold, classRows: zip(facts.classes, facts.fit.classBalance).map(classRow),
      splits: facts.splits.map { split in
        .init(
          name: split.name, documents: Figures.count(split.documents),
          withGold: Figures.count(split.gold),
          covered: split.documents == 0
            ? "–" : Figures.percent(Double(split.covered) / Double(split.documents)))
      }, hasUncovered: !facts.uncovered.isEmpty,
      uncoveredTitle: "\(Figures.count(facts.uncovered.count)) of the "
        + "\(Figures.count(facts.documents - facts.analysis.covered, "document")) without a vote, "
        + "drawn at random", uncovered: uncovered())
  }

  private func classRow(_ label: ReportFacts.Class, _ balance: Double) -> HTMLView.Classes.Row {
    let share = Double(label.documents) / Double(max(1, facts.documents))
    return HTMLView.Classes.Row(
      name: label.name, functionCount: Figures.count(label.functions),
      documents: Figures.count(label.documents), documentShare: Figures.percent(share),
      documentBar: HTMLDrawing.shareBar(
        share, label: "a vote for it on \(Figures.percent(share)) of documents"),
      balance: Figures.percent(balance), onGold: facts.hasGold ? gold(label) : nil)
  }

  private func gold(_ label: ReportFacts.Class) -> HTMLView.Classes.Gold {
    func share(_ count: Int) -> Double? {
      label.gold > 0 ? Double(count) / Double(label.gold) : nil
    }
    let covered = share(label.goldCovered)
    return HTMLView.Classes.Gold(
      goldCount: Figures.count(label.gold),
      goldShare: Figures.percent(Double(label.gold) / Double(max(1, facts.goldDocuments))),
      goldCovered: Figures.percent(covered),
      goldBar: HTMLDrawing.shareBar(
        covered ?? 0, label: "\(Figures.percent(covered)) of its gold documents have a vote"),
      goldReached: Figures.percent(share(label.goldReached)))
  }

  // MARK: - Label model

  func labelModel() -> HTMLView.LabelModel {
    let fit = facts.fit
    var modelFacts: [HTMLView.Fact] = [
      .init(term: "Model", value: modelName),
      .init(
        term: "Fitted on",
        value: "\(Figures.count(fit.covered)) of "
          + "\(Figures.count(fit.documents, "document")), those with a vote"),
      .init(term: "Vote patterns", value: Figures.count(fit.patterns)),
      .init(term: "Fit", value: fit.course),
      .init(term: "Class balance", value: balance),
    ]
    if fit.decisionBalance != fit.classBalance {
      modelFacts.append(
        .init(term: "Balance for decisions", value: shares(fit.decisionBalance)))
    }
    if let text = fit.text { modelFacts.append(.init(term: "Texts", value: text.sentence)) }
    modelFacts.append(.init(term: "Goodness of fit", value: fit.goodnessOfFit.sentence))
    if let likelihood = fit.logLikelihood {
      modelFacts.insert(
        .init(term: "Log-likelihood", value: Figures.fixed(likelihood, 1)), at: 4)
    }
    modelFacts += fit.goldSentences.map { .init(term: "Gold labels", value: $0) }
    return HTMLView.LabelModel(
      usesGold: (fit.learnedPrior?.goldDocuments ?? 0) + fit.calibration.goldDocuments > 0,
      modelFacts: modelFacts, hasWarnings: !fit.warnings.isEmpty, warnings: fit.warnings,
      hasDependencies: !fit.dependencies.isEmpty,
      dependencies: fit.dependencySentences)
  }

  // MARK: - Evaluation

  func evaluation(_ report: EvaluateReport) -> HTMLView.Evaluation {
    let models = [
      (EvaluateReport.allName, report.labelModelAll),
      (EvaluateReport.coveredName, report.labelModel), ("classifier", report.classifier),
      (
        "gold labels only (\(Figures.count(report.goldOnly?.goldDocuments ?? 0)))",
        report.goldOnly?.scored
      ),
    ].compactMap { name, scored in scored.map { (name, $0) } }
    let compared = models.filter { $0.0 != EvaluateReport.coveredName }.map { ($0.0, $0.1.metrics) }
    return HTMLView.Evaluation(
      modelsCaption: "The models against the gold labels of the \(report.split) split, "
        + Figures.count(report.documents, "document"),
      hasAUC: models.contains { $0.1.metrics.auc != nil },
      models: models.map { modelRow($0, $1) }, policy: report.policy,
      perClassCaption: "By class, on all \(Figures.count(report.documents, "document"))",
      perClass: report.labels.indices.map { perClass($0, report) },
      confusions: compared.map { confusion($0, $1, report.labels) },
      reliabilities: compared.map { reliability($0, $1) },
      thresholds: compared.map { threshold($0, $1) }, hasSlices: !report.slices.isEmpty,
      slices: slices(report))
  }

  private func modelRow(
    _ name: String, _ scored: EvaluateReport.Scored
  ) -> HTMLView.Evaluation.Model {
    let metrics = scored.metrics
    return HTMLView.Evaluation.Model(
      name: name, documents: Figures.count(metrics.documents),
      covered: Figures.percent(scored.coverage),
      accuracy: Figures.percent(metrics.accuracy),
      interval: Figures.interval(metrics.accuracyInterval),
      macroF1: Figures.fixed(metrics.macroF1, 3),
      logLoss: Figures.fixed(metrics.logLoss, 3), brier: Figures.fixed(metrics.brier, 3),
      ece: Figures.fixed(metrics.ece, 3),
      auc: metrics.auc.map { Figures.fixed($0, 3) } ?? "–")
  }

  private func perClass(_ label: Int, _ report: EvaluateReport) -> HTMLView.Evaluation.Class {
    func words(_ scored: EvaluateReport.Scored?, _ figure: KeyPath<ClassMetrics, Double>) -> String
    {
      scored.map { Figures.fixed($0.metrics.classes[label][keyPath: figure], 3) } ?? "–"
    }
    let support = (report.classifier ?? report.labelModelAll)?.metrics.classes[label].support ?? 0
    return HTMLView.Evaluation.Class(
      name: report.labels[label], support: Figures.count(support),
      modelPrecision: words(report.labelModelAll, \.precision),
      modelRecall: words(report.labelModelAll, \.recall),
      modelF1: words(report.labelModelAll, \.f1), precision: words(report.classifier, \.precision),
      recall: words(report.classifier, \.recall), f1: words(report.classifier, \.f1))
  }

  private func confusion(
    _ name: String, _ metrics: ClassificationMetrics, _ labels: [String]
  ) -> HTMLView.Evaluation.Confusion {
    HTMLView.Evaluation.Confusion(
      name: name, labels: labels,
      goldRows: metrics.confusion.enumerated().map { gold, row in
        let total = Double(max(1, row.reduce(0, +)))
        return .init(
          label: labels[gold],
          cells: row.enumerated().map { predicted, count in
            .init(
              count: Figures.count(count), shade: Figures.coordinate(Double(count) / total),
              tone: count == 0 ? "none" : predicted == gold ? "right" : "wrong")
          })
      })
  }

  private func reliability(
    _ name: String, _ metrics: ClassificationMetrics
  ) -> HTMLView.Evaluation.Reliability {
    HTMLView.Evaluation.Reliability(
      name: name, ece: Figures.fixed(metrics.ece, 3),
      diagram: HTMLReliability(metrics: metrics, model: name).draw(),
      bins: metrics.reliability.enumerated().filter { $0.element.count > 0 }.map { index, bin in
        let start = Double(index) / 10
        return .init(
          range: "\(Figures.fixed(start, 1)) to \(Figures.fixed(start + 0.1, 1))",
          documents: Figures.count(bin.count),
          mean: Figures.fixed(bin.meanConfidence ?? 0, 3),
          accuracy: Figures.fixed(bin.accuracy ?? 0, 3))
      })
  }
}
