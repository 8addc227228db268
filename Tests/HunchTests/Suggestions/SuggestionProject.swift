import Foundation
import GRDB
import Hunch
import HunchLabeling
import LabelingFunctions
import TestSupport

/// Copies of the support messages for the loop of ``SuggestionRounds``: gold labels of the valid split
/// are hidden, those of the test split measure.
enum SuggestionProject {
  /// The first function of each class, in the order of the pack.
  static let firstOfEachClass = [
    "card_trouble", "payment_kinds", "fee_words", "login_words", "account_papers", "loan_words",
  ]

  /// The second one.
  static let secondOfEachClass = [
    "card_state", "sent_money", "price_question", "second_factor", "open_close", "credit_or_limit",
  ]

  static func supportMessages(
    _ names: [String] = firstOfEachClass
  ) throws -> (project: TestProject, pack: RulePack) {
    let source = Repository.root.appendingPathComponent("examples/support-messages").path
    let project = try TestProject(
      """
      pack: support-messages
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text, gold: gold,
        split: split, gold_use: gold_use }
      knowledge:
        products: { path: products.csv, key: name }
        pages: { path: pages.csv, key: page }
      """)
    for file in ["products.csv", "pages.csv"] {
      try project.write(
        file, [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(source)/\(file)"))))
    }
    struct Message: Decodable {
      var id: Int
      var text: String?
      var channel: String?
      var page: String?
      var split: String?
      var label: String?
    }
    let lines = try String(contentsOfFile: "\(source)/messages.jsonl", encoding: .utf8)
      .split(whereSeparator: \.isNewline)
    let messages = try lines.map {
      try JSONDecoder().decode(Message.self, from: Data($0.utf8))
    }
    let queue = try DatabaseQueue(path: project.path("corpus.sqlite"))
    defer { try? queue.close() }
    try queue.write { db in
      try db.execute(
        sql: """
          CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, channel TEXT, page TEXT,
            split TEXT, gold TEXT, gold_use TEXT, hidden TEXT)
          """)
      for message in messages {
        try db.execute(
          sql: "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
          arguments: [
            message.id, message.text, message.channel, message.page, message.split,
            message.split == "test" ? message.label : nil, message.label,
          ])
      }
    }
    let pack = RulePack(
      name: "support-messages", labels: LabelingFunctions.supportMessages.labels,
      functions: LabelingFunctions.supportMessages.functions.filter {
        names.contains($0.name ?? "")
      })
    return (project, pack)
  }
}
