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
  /// The documents that were left out to bound memory.
  public var omittedDocuments: Int?
  /// How the weights were found.
  public var method: String
  /// How the step size was found; `nil` for a method without one.
  public var stepSearch: TrainReport.StepSize?
  /// The columns of numbers that it looks at beside the text.
  public var numeric: [String]?
  /// The columns of categories that it looks at beside the text.
  public var categorical: [String]?
  /// Where the embeddings come from that it looks at: a column, or an address and a model.
  public var embeddings: String?
  /// λ of the training.
  public var penalty: Double
  /// What was added to the log weight of each class after the training, by class name.
  public var classShift: [String: Double]?
  /// By what log weights were then divided.
  public var temperature: Double?
  /// What gold labels then taught it.
  public var goldLearning: GoldLearningReport?
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
    omittedDocuments = classifier.summary.omitted > 0 ? classifier.summary.omitted : nil
    method = classifier.summary.method.rawValue
    stepSearch = classifier.summary.stepSearch.map(TrainReport.StepSize.init)
    if let columns = classifier.columns {
      numeric = columns.numeric.isEmpty ? nil : columns.numeric
      categorical = columns.categorical.isEmpty ? nil : columns.categorical
      embeddings =
        switch columns.embedding {
        case .column(let name): "column \(name)"
        case .endpoint(let url, let model): "\(model) at \(ServiceAddress.shown(url))"
        case nil: nil
        }
    }
    penalty = classifier.configuration.penalty(documents: classifier.summary.documents)
    if let adjustment = classifier.adjustment {
      classShift = Dictionary(
        zip(labels, adjustment.classShift), uniquingKeysWith: { first, _ in first })
      temperature = adjustment.temperature
    }
    goldLearning = classifier.goldLearning.map(GoldLearningReport.init)
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
