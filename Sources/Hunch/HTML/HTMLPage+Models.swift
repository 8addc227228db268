import HunchModels

extension HTMLPage {
  // MARK: - Classes

  func classSection() -> HTMLView.Classes {
    HTMLView.Classes(
      classTables: [classTable(), splitTable()],
      uncoveredTitle: "\(Figures.count(facts.uncovered.count)) of the "
        + "\(Figures.count(facts.documents - facts.analysis.covered, "document")) without a vote, "
        + "drawn at random", uncovered: uncovered())
  }

  private func classTable() -> HTMLTable {
    let (documents, hasGold) = (facts.documents, facts.hasGold)
    func share(_ label: ReportFacts.Class) -> Double {
      Double(label.documents) / Double(max(1, documents))
    }
    func ofGold(_ label: ReportFacts.Class, _ count: Int) -> Double? {
      label.gold > 0 ? Double(count) / Double(label.gold) : nil
    }
    return HTMLTable(
      id: "classes",
      caption: "Votes by class on \(Figures.count(documents, "document"))"
        + (hasGold
          ? ", and which share of the \(Figures.count(facts.goldDocuments)) with gold is reached"
          : ""),
      zip(facts.classes, facts.fit.classBalance),
      [
        .text("class", \.0.name), .count("functions", \.0.functions),
        .count("documents with a vote for it", \.0.documents)
          .small { Figures.percent(share($0.0)) },
        .bar("as a bar") { label, _ in
          HTMLDrawing.shareBar(
            share(label), label: "a vote for it on \(Figures.percent(share(label))) of documents")
        },
        .percent("assumed share", \.1), .count("gold", \.0.gold).when(hasGold),
        .percent("share of gold") { Double($0.0.gold) / Double(max(1, facts.goldDocuments)) }
          .when(hasGold),
        .percent("of gold, any vote") { ofGold($0.0, $0.0.goldCovered) }.when(hasGold),
        .bar("as a bar") { label, _ in
          let covered = ofGold(label, label.goldCovered)
          return HTMLDrawing.shareBar(
            covered ?? 0, label: "\(Figures.percent(covered)) of its gold documents have a vote")
        }.when(hasGold),
        .percent("of gold, a vote for it") { ofGold($0.0, $0.0.goldReached) }.when(hasGold),
      ])
  }

  private func splitTable() -> HTMLTable {
    HTMLTable(
      id: "splits", caption: "Documents by split", facts.splits,
      [
        .text("split", \.name), .count("documents", \.documents), .count("with gold", \.gold),
        .percent("with a vote") {
          $0.documents == 0 ? nil : Double($0.covered) / Double($0.documents)
        },
      ])
  }

  // MARK: - Label model

  func labelModel() -> HTMLView.LabelModel {
    let fit = facts.fit
    let modelFacts: [HTMLView.Fact?] = [
      .init(term: "Model", value: modelName),
      .init(
        term: "Fitted on",
        value: "\(Figures.count(fit.covered)) of "
          + "\(Figures.count(fit.documents, "document")), those with a vote"),
      .init(term: "Vote patterns", value: Figures.count(fit.patterns)),
      .init(term: "Fit", value: fit.course),
      fit.logLikelihood.map { .init(term: "Log-likelihood", value: Figures.fixed($0, 1)) },
      .init(term: "Class balance", value: balance),
      fit.decisionBalance == fit.classBalance
        ? nil : .init(term: "Balance for decisions", value: shares(fit.decisionBalance)),
      fit.text.map { .init(term: "Texts", value: $0.sentence) },
      .init(term: "Goodness of fit", value: fit.goodnessOfFit.sentence),
    ]
    return HTMLView.LabelModel(
      usesGold: (fit.learnedPrior?.goldDocuments ?? 0) + fit.calibration.goldDocuments > 0,
      modelFacts: modelFacts.compactMap(\.self)
        + fit.goldSentences.map { .init(term: "Gold labels", value: $0) },
      warnings: fit.warnings, dependencies: fit.dependencySentences)
  }

  // MARK: - Evaluation

  func evaluation(_ report: EvaluateReport) -> HTMLView.Evaluation {
    let compared = report.models.filter { $0.name != EvaluateReport.coveredName }
      .map { ($0.name, $0.scored.metrics) }
    return HTMLView.Evaluation(
      modelTable: models(report), policy: report.policy,
      perClassCaption: "By class, on all \(Figures.count(report.documents, "document"))",
      perClass: report.labels.indices.map { perClass($0, report) },
      confusions: compared.map { confusion($0, $1, report.labels) },
      reliabilities: compared.map { reliability($0, $1) },
      thresholds: compared.map { threshold($0, $1) },
      sliceTable: report.slices.isEmpty ? nil : slices(report))
  }

  private func models(_ report: EvaluateReport) -> HTMLTable {
    HTMLTable(
      id: "models",
      caption: "The models against the gold labels of the \(report.split) split, "
        + Figures.count(report.documents, "document"),
      report.models.map {
        (name: $0.name, coverage: $0.scored.coverage, metrics: $0.scored.metrics)
      },
      [
        .text("model", \.name), .count("documents", \.metrics.documents),
        .percent("of gold", \.coverage), .percent("accuracy", \.metrics.accuracy),
        .number("95 % interval") { Figures.interval($0.metrics.accuracyInterval) },
        .fixed("macro-F1", \.metrics.macroF1), .fixed("log-loss", \.metrics.logLoss),
        .fixed("Brier", \.metrics.brier), .fixed("ECE", \.metrics.ece),
        .fixed("AUC", \.metrics.auc)
          .when(report.models.contains { $0.scored.metrics.auc != nil }),
      ])
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
  ) -> HTMLView.Diagram {
    HTMLView.Diagram(
      figureCaption: "\(name), ECE \(Figures.fixed(metrics.ece, 3))",
      diagram: HTMLReliability(metrics: metrics, model: name).draw(),
      table: HTMLTable(
        label: "\(name), reliability", caption: "\(name): accuracy by top probability",
        isCaptionHidden: true,
        metrics.reliability.enumerated().filter { $0.element.count > 0 },
        [
          .text("top probability") { index, _ in
            let start = Double(index) / 10
            return "\(Figures.fixed(start, 1)) to \(Figures.fixed(start + 0.1, 1))"
          },
          .count("documents", \.element.count),
          .fixed("mean") { $0.element.meanConfidence ?? 0 },
          .fixed("accuracy") { $0.element.accuracy ?? 0 },
        ]))
  }
}
