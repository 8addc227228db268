import Foundation
public import HunchModels
import HunchText

/// A trained classifier at work: from a model file alone, or from a project's workspace.
public struct Predictor: Sendable {
  private let classifier: TextClassifier
  private let embeddings: EmbeddingSource?

  /// The classes, in the order of the probabilities.
  public var labels: [String] { classifier.labels }

  /// What the classifier looks at beside the text; nil for the text alone.
  public var columns: DenseColumns? { classifier.columns }

  /// Loads a model file.
  ///
  /// - Parameter options: How to fetch embeddings, if the model needs that.
  /// - Throws: ``HunchError`` for a file that is missing or is no model.
  public init(
    modelFile path: String, options: PipelineOptions = PipelineOptions()
  ) throws {
    let classifier = try Self.classifier(modelFile: path)
    self.classifier = classifier
    embeddings = try Self.source(classifier, options)
  }

  private static func classifier(modelFile path: String) throws(HunchError) -> TextClassifier {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .inputMissing(path: path)
    }
    do {
      return try TextClassifier(decoding: [UInt8](data))
    } catch {
      throw .modelFile(path: path, problem: "\(error)")
    }
  }

  /// Takes the classifier of a pipeline, trained if it is not yet.
  public init(_ pipeline: Pipeline) throws {
    classifier = try pipeline.classifier().classifier
    embeddings = try Self.source(classifier, pipeline.options)
  }

  /// Fetches embeddings anew: a model file has no workspace beside it. Nil where none are fetched.
  private static func source(
    _ classifier: TextClassifier, _ options: PipelineOptions
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

  /// The predictions for some texts, in order. What the classifier looks at beside them counts as
  /// missing.
  public func predict(_ texts: [String]) -> [Prediction] {
    predictions(probabilities(TextBatch(texts)))
  }

  /// The predictions for some documents, in order.
  ///
  /// - Throws: ``EmbeddingError`` where embeddings have to be fetched, or
  ///   ``HunchError/interrupted``.
  public func predict(_ documents: [PredictionDocument]) throws -> [Prediction] {
    predictions(try probabilities(documents))
  }

  private func predictions(_ probabilities: [Float]) -> [Prediction] {
    let classes = labels.count
    let values = probabilities.map(Double.init)
    return (0..<values.count / classes).map { index in
      let row = values[index * classes..<(index + 1) * classes]
      return Prediction(label: labels[Pipeline.winner(row)], probabilities: Array(row))
    }
  }

  /// The probabilities of the classes, flat, texts × classes.
  func probabilities(_ batch: TextBatch) -> [Float] { classifier.probabilities(batch) }

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
      throw EmbeddingError.noClient(endpoint: EmbeddingSource.shown(url))
    }
    return classifier.probabilities(batch, values: values)
  }

  /// Reads the text of an input line: a JSON object with `text`, or the plain line itself.
  ///
  /// - Throws: ``HunchError/predictInput(path:line:problem:)`` for a line that begins like a JSON
  ///   object and is none, or has no `text`.
  public static func text(
    of line: String, path: String, number: Int
  ) throws(HunchError) -> String {
    try document(of: line, path: path, number: number).text
  }

  /// The text of an input line, and the object that it stands in, if it does.
  private static func document(
    of line: String, path: String, number: Int
  ) throws(HunchError) -> (text: String, object: [String: Any]?) {
    guard line.first == "{" else { return (line, nil) }
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { throw .predictInput(path: path, line: number, problem: "not a JSON object") }
    guard let text = object["text"] as? String else {
      throw .predictInput(path: path, line: number, problem: "the object has no text 'text'")
    }
    return (text, object)
  }

  /// Reads an input line with all that the classifier looks at.
  ///
  /// - Parameter absent: Counts the fields that the line does not have, by name.
  /// - Throws: As ``text(of:path:number:)``, and for a field of the wrong kind.
  static func document(
    of line: String, _ fields: PredictionFields, path: String, number: Int,
    absent: inout [String: Int]
  ) throws(HunchError) -> PredictionDocument {
    let (text, object) = try document(of: line, path: path, number: number)
    do {
      return try fields.read(text, object, absent: &absent)
    } catch {
      throw .predictInput(path: path, line: number, problem: error.words)
    }
  }
}
