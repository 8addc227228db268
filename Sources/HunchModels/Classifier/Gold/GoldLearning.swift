/// What gold labels taught a classifier after its training on probabilistic labels.
public struct GoldLearning: Sendable, Equatable {
  /// The documents with a gold label.
  public let documents: Int

  /// The mean of −log p(gold), natural, before the gold labels had a say, over at most 1,000 of the
  /// documents. Nil where none could be held back, as with one, and in files of versions 2 and 3, in
  /// which gold labels had a say in odds and temperature.
  public let logLossBefore: Double?

  /// The same after it, for gold labels that were held back each time; nil where ``logLossBefore``
  /// is. How strongly the others count was chosen by these labels, so it is a little too good.
  public let logLossAfter: Double?

  package init(documents: Int, logLossBefore: Double?, logLossAfter: Double?) {
    self.documents = documents
    self.logLossBefore = logLossBefore
    self.logLossAfter = logLossAfter
  }
}

extension TextClassifier {
  /// The same classifier with the weights that gold labels gave it.
  package func taught(by learning: GoldLearning, weights: [Float]) -> TextClassifier {
    var classifier = self
    (classifier.goldLearning, classifier.weights) = (learning, weights)
    return classifier
  }
}
