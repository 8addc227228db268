import Foundation
import Hunch
import HunchLabeling
import LabelingFunctions
import ProjectSupport
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
      TestProject.configuration(
        "pack: support-messages", columns: [.gold, .split, .use],
        more: """
          knowledge:
            products: { path: products.csv, key: name }
            pages: { path: pages.csv, key: page }
          """))
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
    try project.makeCorpus(
      lines.map { line in
        let message = try JSONDecoder().decode(Message.self, from: Data(line.utf8))
        return TestDocument(
          message.id, message.text, split: message.split,
          gold: message.split == "test" ? message.label : nil,
          more: [
            "channel": message.channel, "page": message.page, "hidden": message.label,
          ])
      })
    let pack = RulePack(
      name: "support-messages", labels: LabelingFunctions.supportMessages.labels,
      functions: LabelingFunctions.supportMessages.functions.filter {
        names.contains($0.name ?? "")
      })
    return (project, pack)
  }
}
