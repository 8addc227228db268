public import Foundation

/// A corpus with votes and gold labels in a folder: `labels.json`, the classes in their order;
/// `documents.jsonl`, with `id`, `split`, `text` and `gold` on each line; and `votes.csv`, with an
/// id and the votes of all functions on each line behind the first, -1 where one abstains.
public struct LabeledCorpus: Sendable {
  /// Some of the documents, in the file's order.
  public struct Split: Sendable {
    /// Their texts.
    public var texts: [String] = []
    /// The class of each; -1 where it is unknown.
    public var gold: [Int] = []
    /// The votes on each.
    public var votes: [[Int]] = []

    /// Whether some document has a gold label.
    public var hasGold: Bool { gold.contains { $0 >= 0 } }

    /// Creates a split without documents.
    public init() {}
  }

  /// The names of the classes.
  public let labels: [String]

  /// The number of labeling functions.
  public let functionCount: Int

  /// The documents to learn from.
  public var train: Split { splits["train"] ?? Split() }

  /// The documents to validate on.
  public var valid: Split { splits["valid"] ?? Split() }

  /// The documents to test on.
  public var test: Split { splits["test"] ?? Split() }

  private let splits: [String: Split]

  private struct Document: Decodable {
    var id: Int
    var split: String
    var text: String
    var gold: String?
  }

  /// Whether a folder holds the three files.
  public static func isPresent(in folder: URL) -> Bool {
    ["labels.json", "documents.jsonl", "votes.csv"].allSatisfy {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
    }
  }

  /// Reads a folder.
  ///
  /// - Throws: ``LabeledCorpusError``, and what reading a file throws.
  public init(_ folder: URL) throws {
    let labels: [String]
    do {
      labels = try JSONDecoder().decode(
        [String].self, from: Data(contentsOf: folder.appendingPathComponent("labels.json")))
    } catch is DecodingError {
      throw LabeledCorpusError(file: "labels.json", line: nil)
    }
    let votes = try Self.votes(folder, classCount: labels.count)
    var splits: [String: Split] = [:]
    for (line, bytes) in try Self.lines("documents.jsonl", in: folder) {
      guard let document = try? JSONDecoder().decode(Document.self, from: bytes),
        let row = votes.rows[document.id],
        let gold = document.gold.map({ labels.firstIndex(of: $0) }) ?? -1
      else { throw LabeledCorpusError(file: "documents.jsonl", line: line) }
      splits[document.split, default: Split()].texts.append(document.text)
      splits[document.split, default: Split()].gold.append(gold)
      splits[document.split, default: Split()].votes.append(row)
    }
    self.labels = labels
    self.splits = splits
    functionCount = votes.functionCount
  }

  /// The votes on the training documents, to learn from, with the gold labels to score on: those
  /// of the training documents, or those of all documents where training documents have none.
  public var labeledVotes: LabeledVotes {
    var all = train
    if !train.hasGold {
      for name in splits.keys.sorted() where name != "train" {
        all.gold += splits[name]?.gold ?? []
        all.votes += splits[name]?.votes ?? []
        all.texts += splits[name]?.texts ?? []
      }
    }
    return LabeledVotes(
      DenseVotes(rows: all.votes, functionCount: functionCount, classCount: labels.count),
      gold: all.gold, learning: train.votes.count, texts: all.texts)
  }

  private static func lines(_ file: String, in folder: URL) throws -> [(Int, Data)] {
    try Data(contentsOf: folder.appendingPathComponent(file))
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated().filter { !$0.element.isEmpty }.map { ($0.offset + 1, $0.element) }
  }

  private static func votes(
    _ folder: URL, classCount: Int
  ) throws -> (rows: [Int: [Int]], functionCount: Int) {
    var rows: [Int: [Int]] = [:]
    var width: Int?
    for (line, bytes) in try lines("votes.csv", in: folder) {
      let cells = bytes.split(separator: UInt8(ascii: ","))
      guard let expected = width else {
        width = cells.count
        continue
      }
      let numbers = cells.compactMap {
        Int(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      }
      guard numbers.count == expected, cells.count == expected,
        numbers.dropFirst().allSatisfy({ -1..<classCount ~= $0 })
      else { throw LabeledCorpusError(file: "votes.csv", line: line) }
      rows[numbers[0]] = Array(numbers.dropFirst())
    }
    return (rows, max(0, (width ?? 1) - 1))
  }
}

/// A file of a ``LabeledCorpus`` that is not as it should be.
public struct LabeledCorpusError: Error, Equatable, CustomStringConvertible {
  /// The name of the file.
  public let file: String

  /// The line, counted from 1; nil for the whole file.
  public let line: Int?

  /// Creates an error.
  public init(file: String, line: Int?) {
    self.file = file
    self.line = line
  }

  /// Where it is and what is expected.
  public var description: String {
    let place = line.map { "\(file), line \($0)" } ?? file
    let expected =
      switch file {
      case "labels.json": "an array of class names"
      case "votes.csv": "an id and for each column of the first line a class index or -1"
      default: "id (with votes), split, text and gold, which is null or one of labels.json"
      }
    return "\(place): expected \(expected)"
  }
}
