import Foundation
import Hunch
import HunchLabeling

/// A corpus on which it is known what drafted functions should come to, and answers of a language
/// model that never was.
enum DraftProject {
  /// The words that stand in some documents of a class.
  ///
  /// Every second document is spam. `offer` and `hello` are what ``samplePack`` looks for.
  static func text(_ id: Int) -> String {
    var words = ["message", "of", "day", "\(id)"]
    let turn = id / 2
    if id % 2 == 0 {
      if turn % 5 < 3 { words.append("offer") }
      if turn % 4 < 2 { words.append("lottery") }
      if turn % 10 == 1 { words.append("Grand Casino Royale") }
    } else {
      if turn % 5 < 3 { words.append("hello") }
      if turn % 3 == 0 { words.append("meeting") }
      if turn % 2 == 0 { words.append("agenda") }
    }
    return words.joined(separator: " ")
  }

  static func split(_ id: Int) -> String { ["valid", "test", "train", "train", "train"][id % 5] }

  static func make(documents: Int = 240) throws -> TestProject {
    let project = try TestProject(
      """
      pack: sample
      label_descriptions: { spam: unwanted offers of strangers }
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text, gold: gold,
        split: split, gold_use: gold_use }
      """)
    try project.execute(
      """
      CREATE TABLE documents(
        id INTEGER PRIMARY KEY, text TEXT, gold TEXT, split TEXT, gold_use TEXT)
      """)
    for id in 1...documents {
      let hasGold = split(id) != "train"
      try project.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, NULL)",
        [id, text(id), hasGold ? (id % 2 == 0 ? "spam" : "ham") : nil, split(id)])
    }
    return project
  }

  /// An entry of an answer.
  static func rule(_ name: String, _ label: String, _ kind: String, _ value: Any) -> [String: Any] {
    ["name": name, "class": label, kind: value]
  }

  static func answer(_ rules: [[String: Any]]) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: ["rules": rules]), as: UTF8.self)
  }
}

/// A language model that says what it is told to, and remembers what it was asked.
final class SpokenModel: ChatModel {
  private let words: @Sendable (ChatRequest) throws -> String

  init(_ words: @escaping @Sendable (ChatRequest) throws -> String) { self.words = words }

  func answer(
    _ request: ChatRequest, tries: ServiceTries, isCancelled: () -> Bool
  ) throws -> ChatAnswer {
    try tries.willSend()
    return ChatAnswer(content: try words(request))
  }
}
