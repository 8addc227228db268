import HunchModels

/// What a model file says of itself.
public struct ModelReport: Encodable, Sendable {
  /// A labeling function whose votes it learned from.
  public struct Function: Encodable, Sendable {
    /// Its name.
    public var name: String
    /// The hash of what it does.
    public var fingerprint: String
  }

  /// The classes, in the order of the probabilities.
  public var labels: [String]
  /// The features.
  public var features: Int
  /// The documents that it was trained on.
  public var trainingDocuments: Int
  /// λ of the training.
  public var penalty: Double
  /// What was added to the log weight of each class after the training, by class name.
  public var classShift: [String: Double]?
  /// By what log weights were then divided.
  public var temperature: Double?
  /// The gold labels that had a say in that.
  public var calibrationGold: Int?
  /// The hash of the corpus's texts; `nil` in files of the first version, as all that follows.
  public var corpus: String?
  /// The labeling functions.
  public var functions: [Function]?
  /// The label model.
  public var labelModel: String?
  /// When it was written, if it says so.
  public var date: String?
  /// What was measured, by name.
  public var figures: [String: Double]?

  init(_ classifier: TextClassifier) {
    labels = classifier.labels
    features = classifier.summary.features
    trainingDocuments = classifier.summary.documents
    penalty = classifier.configuration.penalty
    if let adjustment = classifier.adjustment {
      classShift = Dictionary(
        zip(labels, adjustment.classShift), uniquingKeysWith: { first, _ in first })
      temperature = adjustment.temperature
      calibrationGold = adjustment.goldDocuments
    }
    if let provenance = classifier.provenance {
      corpus = provenance.corpus
      functions = provenance.functions.map {
        Function(name: $0.name, fingerprint: $0.fingerprint)
      }
      labelModel = provenance.labelModel
      date = provenance.date.isEmpty ? nil : provenance.date
      figures = Dictionary(
        provenance.figures.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
  }
}

extension Predictor {
  /// What the model says of itself.
  public var report: ModelReport { ModelReport(classifier) }
}
