import HunchModels
import HunchText

extension ExplainReport {
  /// Why a document got its label.
  ///
  /// - Parameters:
  ///   - id: The document's id as text.
  ///   - top: How many of the classifier's features to name for and against its class, each.
  ///   - texts: Whether to give the text.
  /// - Throws: ``HunchError/unknownDocument(id:)``.
  public init(
    _ trained: TrainedClassifier, id: String, top: Int = 10, texts: Bool = false
  ) throws {
    let explanation = Explanation(trained: trained, top: top)
    let (labeling, values) = (trained.labels.labeling, trained.values)
    var report: ExplainReport?
    try trained.pass.run(PassNeeds.texts.union(values.needs()), until: { report != nil }) {
      chunk, block in
      guard let document = chunk.ids.firstIndex(where: { $0.description == id }) else { return }
      report = explanation.report(
        chunk, document, labeling.posteriors(chunk, block, of: [document]),
        try values.values(chunk, of: [document]))
      if texts { report?.text = chunk.texts.text(at: document) }
    }
    guard let report else { throw HunchError.unknownDocument(id: id) }
    self = report
  }
}

/// Says why documents got their labels.
private struct Explanation: InSession {
  let trained: TrainedClassifier
  /// The most features to name for and against a class, each.
  let top: Int

  var session: Session { trained.session }

  func report(
    _ chunk: CorpusChunk, _ document: Int, _ posteriors: ChunkPosteriors, _ values: DenseValues?
  ) -> ExplainReport {
    let (fit, classifier, labels) = (trained.labels.fit, trained.classifier, project.labels)
    func named(_ values: some Sequence<Double>) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: zip(labels, values))
    }
    let patterns = posteriors.patterns
    let votes = patterns.entries(of: Int(posteriors.ids[document])).map { entry in
      let function = Int(patterns.functions[entry])
      let vote = Int(patterns.votes[entry])
      return ExplainReport.FunctionVote(
        function: catalog.functions[function].name, vote: labels[vote],
        weights: named(fit.model.logEvidence(function: function, vote: vote) ?? []))
    }
    let isCovered = posteriors.isCovered(document)
    let posterior = posteriors.posterior(document)
    let text = chunk.texts.text(at: document)
    let probabilities = classifier.probabilities(TextBatch([text]), values: values)
      .map(Double.init)
    let predicted = DecisionRule.mostProbable.label(probabilities)
    let grams = classifier.explain(text, values: values, top: .max)
    return ExplainReport(
      id: chunk.ids[document].description, split: chunk.splits[document].name,
      gold: chunk.gold[document] < 0 ? nil : labels[Int(chunk.gold[document])], votes: votes,
      textWeights: named(posteriors.textWeights(document)),
      posterior: named(posterior), label: isCovered ? labels[fit.decision.label(posterior)] : nil,
      covered: isCovered, classifier: named(probabilities), predicted: labels[predicted],
      features: strongest(grams, for: predicted, sign: 1),
      against: strongest(grams, for: predicted, sign: -1))
  }

  /// The features that speak most for a class (`sign` 1) or against it (-1), strongest first.
  private func strongest(
    _ features: [FeatureContribution], for label: Int, sign: Float
  ) -> [ExplainReport.Feature] {
    let speaking = features.filter { sign * $0.contributions[label] > 0 }
    let ranked = speaking.enumerated().sorted { first, second in
      let one = sign * first.element.contributions[label]
      let other = sign * second.element.contributions[label]
      return one == other ? first.offset < second.offset : one > other
    }
    return ranked.prefix(top).map { _, feature in
      ExplainReport.Feature(
        feature: feature.text, kind: "\(feature.kind)",
        contribution: Double(feature.contributions[label]),
        collides: !feature.sharesWith.isEmpty, sharesWith: feature.sharesWith)
    }
  }
}
