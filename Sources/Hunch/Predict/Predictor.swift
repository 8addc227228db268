import Foundation
public import HunchModels
package import HunchText

/// A trained classifier at work: from a model file alone, or from a project's workspace.
///
/// For example, with the file that `hunch export DIR model --output support.model` writes:
///
///     let predictor = try Predictor(modelFile: "support.model")
///     let prediction = predictor.predict("where is my card")
///     print(prediction.label, zip(predictor.labels, prediction.probabilities))
///
/// A predictor may be used on several threads at a time. For many single texts, as a server gets
/// them, give each thread a ``Session``; for many at once there is ``predict(_:)-([String])``.
public struct Predictor: Sendable {
  let classifier: TextClassifier
  private let embeddings: EmbeddingSource?

  /// The SHA-256 of the model file, or of the bytes that the project's classifier would have in one,
  /// in hexadecimal.
  public let hash: String

  /// The classes, in the order of the probabilities.
  public var labels: [String] { classifier.labels }

  /// How the classifier's training went.
  public var training: TrainingSummary { classifier.summary }

  /// What the classifier looks at beside the text; nil for the text alone.
  public var columns: DenseColumns? { classifier.columns }

  /// Loads a model file.
  ///
  /// - Parameter options: How to fetch embeddings, if the model needs that.
  /// - Throws: ``HunchError`` for a file that is missing or is no model.
  public init(
    modelFile path: String, options: SessionOptions = SessionOptions()
  ) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw HunchError.inputMissing(path: path)
    }
    do {
      classifier = try TextClassifier(decoding: [UInt8](data))
    } catch {
      throw HunchError.modelFile(path: path, problem: "\(error)")
    }
    hash = Self.hash([UInt8](data))
    embeddings = try Self.source(classifier, options)
  }

  /// Takes the classifier of a project.
  public init(_ trained: TrainedClassifier) throws {
    classifier = trained.classifier
    hash = Self.hash(classifier.encoded())
    embeddings = try Self.source(classifier, trained.options)
  }

  private static func hash(_ bytes: [UInt8]) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return digest.finish().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Fetches embeddings anew: a model file has no workspace beside it. Nil where none are fetched.
  private static func source(
    _ classifier: TextClassifier, _ options: SessionOptions
  ) throws -> EmbeddingSource? {
    guard case .endpoint(let url, let model) = classifier.columns?.embedding,
      options.embedder != nil
    else { return nil }
    return try EmbeddingSource(
      url: url, model: model, embedder: options.embedder, store: nil,
      length: classifier.embeddingLength, progress: .silent, cancellation: options.cancellation)
  }

  /// A label with the probabilities of all classes.
  public struct Prediction: Sendable {
    /// The predicted class.
    public var label: String
    /// In the order of ``Predictor/labels``.
    public var probabilities: [Double]
  }

  /// The prediction for a text. What the classifier looks at beside it counts as missing.
  ///
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public func predict(_ text: String) -> Prediction {
    var session = Session(self)
    return session.predict(text)
  }

  /// The predictions for some texts, in order. What the classifier looks at beside them counts as
  /// missing.
  ///
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public func predict(_ texts: [String]) -> [Prediction] {
    predictions(probabilities(TextBatch(texts)))
  }

  /// The predictions for some documents, in order.
  ///
  /// - Throws: ``EmbeddingError`` where embeddings have to be fetched, or
  ///   ``HunchError/interrupted``.
  package func predict(_ documents: [PredictionDocument]) throws -> [Prediction] {
    predictions(try probabilities(documents))
  }

  private func predictions(_ probabilities: [Float]) -> [Prediction] {
    let classes = labels.count
    let values = probabilities.map(Double.init)
    return (0..<values.count / classes).map { index in
      let row = values[index * classes..<(index + 1) * classes]
      return Prediction(
        label: labels[DecisionRule.mostProbable.label(row)], probabilities: Array(row))
    }
  }

  /// A predictor with memory of its own, for one text after the other.
  ///
  /// The first texts make the memory as large as they need it; later ones that are not longer
  /// take none for ``label(of:)`` and ``probabilities``. A session is for one thread at a time.
  ///
  /// For example:
  ///
  ///     var session = Predictor.Session(predictor)
  ///     while let line = readLine() { print(session.label(of: line)) }
  public struct Session: Sendable {
    private var session: TextClassifier.Session

    /// Creates a session.
    public init(_ predictor: Predictor) { session = TextClassifier.Session(predictor.classifier) }

    /// The probabilities of the classes for the text before, in the order of
    /// ``Predictor/labels``; all 0 before the first one.
    public var probabilities: [Float] { session.probabilities }

    /// The bytes of memory that the session has beside the classifier's.
    public var memory: Int { session.memory }

    /// The most probable class of a text; its ``probabilities`` stay until the next.
    ///
    /// - Complexity: O(bytes × lengths of n-grams + features × classes).
    public mutating func label(of text: String) -> String {
      session.classifier.labels[session.classify(text)]
    }

    /// The prediction for a text.
    ///
    /// - Complexity: O(bytes × lengths of n-grams + features × classes).
    public mutating func predict(_ text: String) -> Prediction {
      Prediction(label: label(of: text), probabilities: probabilities.map(Double.init))
    }
  }

  /// The probabilities of the classes, flat, texts × classes.
  package func probabilities(_ batch: TextBatch) -> [Float] { classifier.probabilities(batch) }

  /// How to read what the classifier looks at beside the text; nil for the text alone.
  var fields: PredictionFields? {
    classifier.columns.map {
      PredictionFields(columns: $0, embeddingLength: classifier.embeddingLength)
    }
  }

  /// The probabilities of the classes, flat, documents × classes.
  func probabilities(_ documents: [PredictionDocument]) throws -> [Float] {
    let batch = TextBatch(documents.map(\.text))
    guard let fields else { return classifier.probabilities(batch) }
    let values = try fields.values(documents) {
      guard embeddings == nil, case .endpoint(let url, _) = fields.columns.embedding else {
        return embeddings
      }
      throw EmbeddingError.noClient(endpoint: ServiceAddress.shown(url))
    }
    return classifier.probabilities(batch, values: values)
  }
}

extension Predictor {
  /// What the model says of itself.
  public var report: ModelReport { ModelReport(classifier) }
}
