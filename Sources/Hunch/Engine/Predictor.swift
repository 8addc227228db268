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

  /// The classes, in the order of the probabilities.
  public var labels: [String] { classifier.labels }

  /// How the classifier's training went.
  public var training: TrainingSummary { classifier.summary }

  /// Loads a model file.
  ///
  /// - Throws: ``HunchError`` for a file that is missing or is no model.
  public init(modelFile path: String) throws(HunchError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .inputMissing(path: path)
    }
    do {
      classifier = try TextClassifier(decoding: [UInt8](data))
    } catch {
      throw .modelFile(path: path, problem: "\(error)")
    }
  }

  /// Takes the classifier of a pipeline, trained if it is not yet.
  public init(_ pipeline: Pipeline) throws { classifier = try pipeline.classifier().classifier }

  /// A label with the probabilities of all classes.
  public struct Prediction: Sendable {
    /// The predicted class.
    public var label: String
    /// In the order of ``Predictor/labels``.
    public var probabilities: [Double]
  }

  /// The prediction for a text.
  ///
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public func predict(_ text: String) -> Prediction {
    var session = Session(self)
    return session.predict(text)
  }

  /// The predictions for some texts, in order.
  ///
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public func predict(_ texts: [String]) -> [Prediction] {
    let classes = labels.count
    let values = probabilities(TextBatch(texts)).map(Double.init)
    return texts.indices.map { index in
      let row = values[index * classes..<(index + 1) * classes]
      return Prediction(label: labels[Pipeline.winner(row)], probabilities: Array(row))
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

  /// Reads the text of an input line: a JSON object with `text`, or the plain line itself.
  ///
  /// - Throws: ``HunchError/predictInput(path:line:problem:)`` for a line that begins like a JSON
  ///   object and is none, or has no `text`.
  public static func text(
    of line: String, path: String, number: Int
  ) throws(HunchError) -> String {
    guard line.first == "{" else { return line }
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { throw .predictInput(path: path, line: number, problem: "not a JSON object") }
    guard let text = object["text"] as? String else {
      throw .predictInput(path: path, line: number, problem: "the object has no text 'text'")
    }
    return text
  }
}
