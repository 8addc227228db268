import Foundation
import Hunch
import HunchLabeling
import ProjectSupport

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
    try TestProject(
      TestProject.configuration(
        columns: [.gold, .split, .use],
        more: "label_descriptions: { spam: unwanted offers of strangers }"),
      documents: (1...documents).map { id in
        let gold = split(id) == "train" ? nil : id % 2 == 0 ? "spam" : "ham"
        return TestDocument(id, text(id), split: split(id), gold: gold)
      })
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
