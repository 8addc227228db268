import Foundation
import HunchModels
import HunchText

/// A trained classifier at work: from a model file alone, or from a project's workspace.
public struct Predictor: Sendable {
  let classifier: TextClassifier

  /// The classes, in the order of the probabilities.
  public var labels: [String] { classifier.labels }

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

  /// The predictions for some texts, in order.
  public func predict(_ texts: [String]) -> [Prediction] {
    let classes = labels.count
    let values = probabilities(TextBatch(texts)).map(Double.init)
    return texts.indices.map { index in
      let row = values[index * classes..<(index + 1) * classes]
      return Prediction(label: labels[Pipeline.winner(row)], probabilities: Array(row))
    }
  }

  /// The probabilities of the classes, flat, texts × classes.
  func probabilities(_ batch: TextBatch) -> [Float] { classifier.probabilities(batch) }

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
