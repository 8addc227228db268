import HunchText

extension TextClassifier {
  /// Trains a classifier on texts with the probabilities of their classes.
  ///
  ///     let classifier = try TextClassifier.train(
  ///       texts, classes: ["ham", "spam"], posteriors: model.posteriors(of: votes))
  ///     print(classifier.label(of: "win a prize"))
  ///
  /// Leave out documents without votes: their probabilities say nothing. For documents that come in
  /// batches or do not fit into memory see ``TextClassifierTrainer`` and
  /// ``StreamingClassifierTrainer``.
  ///
  /// - Parameters:
  ///   - classes: The names of the classes, two or more.
  ///   - posteriors: Texts × classes; each row sums to 1.
  /// - Throws: ``TrainingError`` where there is not a row for each text or a row is no distribution.
  public static func train(
    _ texts: [String], classes: [String], posteriors: [[Double]]
  ) throws(TrainingError) -> TextClassifier {
    guard posteriors.count == texts.count else {
      throw .posteriorCount(expected: texts.count, found: posteriors.count)
    }
    if let bad = posteriors.firstIndex(where: { $0.count != classes.count }) {
      throw .invalidPosterior(document: bad)
    }
    var trainer = TextClassifierTrainer(labels: classes)
    trainer.add(TextBatch(texts), posteriors: posteriors.joined().map(Float.init))
    return try trainer.train()
  }

  /// The probability of each class, in the order of ``labels``.
  public func probabilities(of text: String) -> [Double] {
    probabilities(TextBatch([text])).map(Double.init)
  }

  /// The most probable class.
  public func label(of text: String) -> String {
    labels[DecisionRule.mostProbable.label(probabilities(of: text))]
  }
}
