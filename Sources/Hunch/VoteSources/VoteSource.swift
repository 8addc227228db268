import Foundation
import HunchModels

/// A labeling function whose votes come from a file.
struct SourceFunction: Sendable {
  var name: String
  var kind: String
  var summary: String?
  /// What tells its votes from those of the source's other functions.
  var place: String
}

/// A file of votes made elsewhere, as one or more labeling functions.
protocol VoteSource: Sendable {
  var path: String { get }
  var functions: [SourceFunction] { get }
  /// What all votes depend on beside the classes, by a name that says what changed.
  var parts: [(name: String, text: String)] { get }
  /// What is hashed before the parts: a kind of source and a version of how votes are made.
  var version: String { get }

  /// Reads the file and gives the votes of each document that it names, one for each function, with
  /// the number of rows that they come from.
  ///
  /// - Parameter row: Answers false for a document that was given before.
  func read(
    labels: [String], models: ModelStore,
    _ row: (_ id: String, _ votes: [Int16], _ rows: Int) throws -> Bool
  ) throws
}

extension VoteSource {
  /// Stands for everything that the votes of one of the functions depend on.
  func fingerprint(of function: SourceFunction, labels: [String]) -> String {
    var hash = ContentHash(version)
    for part in parts { hash.add(part.text) }
    hash.add(function.place)
    for label in labels { hash.add(label) }
    return hash.finish()
  }

  /// The same for all functions together.
  func identity(labels: [String]) -> String {
    fingerprint(
      of: SourceFunction(name: "", kind: "", place: "study"), labels: labels)
  }

  /// What was found out of the whole file, from the workspace where that was done before.
  func kept<Study: Codable>(
    labels: [String], models: ModelStore, _ study: () throws -> Study
  ) throws -> Study {
    if let bytes = try models.load(identity(labels: labels)),
      let known = try? JSONDecoder().decode(Study.self, from: Data(bytes))
    {
      return known
    }
    return try keep(study(), labels: labels, models: models)
  }

  /// Writes what was found out of the whole file into the workspace.
  @discardableResult
  func keep<Study: Codable>(_ study: Study, labels: [String], models: ModelStore) throws -> Study {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try models.save([UInt8](try encoder.encode(study)), key: identity(labels: labels))
    return study
  }
}

extension VoteConfiguration {
  /// The source that the configuration describes; the file is hashed.
  ///
  /// - Parameter gold: The gold labels that may choose thresholds; asked only where they do.
  func source(
    _ project: Project, gold: () throws -> ThresholdGold
  ) throws -> any VoteSource {
    let path = project.resolve(path)
    switch form {
    case .wide: return try VoteFile(path: path)
    case .crowd(let columns): return try CrowdSource(path: path, columns: columns)
    case .model(let columns):
      return try ScoreSource(
        path: path, columns: columns, labels: project.labels,
        gold: columns.thresholds == .valid ? try gold() : nil)
    }
  }
}

/// An id as the bytes that it is made of, as SQLite compares: strings are equal however their accents
/// are spelt.
struct ByteKey: Hashable {
  let text: String

  static func == (one: Self, other: Self) -> Bool {
    one.text.utf8.elementsEqual(other.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
