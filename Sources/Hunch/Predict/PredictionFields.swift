import Foundation
import HunchModels
import HunchText

/// A document to be predicted: its text, and what it brings beside for a classifier that looks at
/// more.
package struct PredictionDocument: Sendable, Equatable {
  /// The text.
  package var text: String
  /// Numbers by column; those that the classifier does not know are passed over.
  package var numbers: [String: Double] = [:]
  /// Categories by column; likewise.
  package var categories: [String: String] = [:]
  /// The embedding; where it is nil, a classifier with an endpoint fetches it.
  package var embedding: [Float]?

  package init(text: String, embedding: [Float]? = nil) {
    self.text = text
    self.embedding = embedding
  }
}

/// Reads the fields of input lines that a classifier looks at beside the text.
struct PredictionFields: Sendable {
  /// The key of an embedding.
  static let embeddingKey = ConfigurationReader.embeddingKey

  let columns: DenseColumns
  /// How long embeddings are; nil while none has been seen, in training or in the input.
  private(set) var embeddingLength: Int?

  init(columns: DenseColumns, embeddingLength: Int?) {
    self.columns = columns
    self.embeddingLength = embeddingLength
  }

  /// The fields that may hold the embedding: `embedding`, or the column that was learned from.
  var embeddingKeys: [String] {
    guard case .column(let name) = columns.embedding, name != Self.embeddingKey else {
      return columns.embedding == nil ? [] : [Self.embeddingKey]
    }
    return [Self.embeddingKey, name]
  }

  /// All fields that are looked at.
  var names: [String] { columns.numeric + columns.categorical + embeddingKeys }

  /// Whether the first embedding of the input decides how long the others are.
  var learnsEmbeddingLength: Bool { columns.embedding != nil && embeddingLength == nil }

  /// What the columns hold in an object; what is not there is counted by name.
  ///
  /// - Throws: What is wrong with a field, in words and without its value.
  mutating func read(
    _ text: String, _ object: [String: Any], absent: inout [String: Int]
  ) throws(InputProblem) -> PredictionDocument {
    var document = PredictionDocument(text: text)
    for name in columns.numeric {
      if let value = object[name] {
        document.numbers[name] = try Self.number(value, name)
      } else {
        absent[name, default: 0] += 1
      }
    }
    for name in columns.categorical {
      if let value = object[name] {
        document.categories[name] = try Self.category(value, name)
      } else {
        absent[name, default: 0] += 1
      }
    }
    guard columns.embedding != nil else { return document }
    if let value = embeddingKeys.lazy.compactMap({ object[$0] }).first {
      document.embedding = try embedding(value)
    } else if case .column = columns.embedding {
      absent[Self.embeddingKey, default: 0] += 1
    }
    return document
  }

  private static func number(_ value: Any, _ name: String) throws(InputProblem) -> Double? {
    switch value {
    case is NSNull: return nil
    case is Bool where (value as? NSNumber).map(isBoolean) ?? true: break
    case let number as NSNumber: return number.doubleValue
    case let text as String where text.isEmpty: return nil
    case let text as String: if let number = Double(text) { return number }
    default: break
    }
    throw InputProblem("'\(name)' must be a number or null")
  }

  /// As SQLite would have given it: whole numbers without a fraction, truth values as 0 and 1.
  private static func category(_ value: Any, _ name: String) throws(InputProblem) -> String? {
    switch value {
    case is NSNull: return nil
    case let text as String: return text
    case let number as NSNumber:
      if let whole = Int64(exactly: number) { return String(whole) }
      return String(number.doubleValue)
    default: throw InputProblem("'\(name)' must be a text, a number or null")
    }
  }

  /// Foundation gives truth values as numbers, too.
  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c" || String(cString: number.objCType) == "B"
  }

  private mutating func embedding(_ value: Any) throws(InputProblem) -> [Float]? {
    if value is NSNull { return nil }
    let key = Self.embeddingKey
    var value = value
    if let text = value as? String {
      // A cell of a table.
      if text.isEmpty { return nil }
      value = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) ?? text
    }
    guard let numbers = value as? [NSNumber], !numbers.isEmpty else {
      throw InputProblem("'\(key)' must be an array of numbers or null")
    }
    if let embeddingLength, numbers.count != embeddingLength {
      throw InputProblem(
        "'\(key)' must hold \(embeddingLength) numbers, and holds \(numbers.count)")
    }
    let values = numbers.map(\.floatValue)
    guard values.allSatisfy(\.isFinite) else {
      throw InputProblem("'\(key)' must hold finite numbers")
    }
    embeddingLength = values.count
    return values
  }

  /// The values of documents, with embeddings fetched where they are missing.
  ///
  /// - Throws: ``EmbeddingError`` for embeddings of several lengths; what the source throws.
  func values(
    _ documents: [PredictionDocument], _ source: () throws -> EmbeddingSource?
  ) throws -> DenseValues {
    var embeddings = documents.map(\.embedding)
    let unknown = embeddings.indices.filter { embeddings[$0] == nil }
    if case .endpoint = columns.embedding, !unknown.isEmpty, let source = try source() {
      let fetched = try source.embeddings(unknown.map { Array(documents[$0].text.utf8)[...] })
      for (index, embedding) in zip(unknown, fetched) { embeddings[index] = embedding }
    }
    let known = embeddingLength ?? embeddings.lazy.compactMap { $0?.count }.first
    for (index, embedding) in embeddings.enumerated() {
      if let known, let found = embedding?.count, found != known {
        throw EmbeddingError.wrongLength(
          endpoint: "document \(index + 1)", expected: known, found: found)
      }
    }
    var values = DenseValues(columns)
    for (document, embedding) in zip(documents, embeddings) {
      values.append(
        numbers: columns.numeric.map { document.numbers[$0] },
        categories: columns.categorical.map { document.categories[$0] }, embedding: embedding)
    }
    return values
  }
}

/// What is wrong with a document of the input, in words and without its content.
struct InputProblem: Error {
  let words: String
  init(_ words: String) { self.words = words }
}
