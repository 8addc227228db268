import Foundation
import Hunch
import TestSupport

/// The same documents and votes in a folder of their own, with gold labels where a test wants them.
struct LabelSample {
  struct Item {
    var id: String
    var text: String
    var split: String
    var votes: [Int]
    /// The class that the document is of.
    var truth: Int

    var isCovered: Bool { votes.contains { $0 >= 0 } }
  }

  /// The gold column and the use of each document.
  typealias Gold = (Item) -> (label: String?, use: String?)

  static let classes = ["a", "b"]

  let items: [Item]

  /// - Parameter prefix: What ids begin with: with nothing they are integers.
  init(_ count: Int = 600, prefix: String = "") {
    var random = SplitMix64(seed: 11)
    items = (1...count).map { id in
      let truth = random.below(2)
      let votes = (0..<4).map { function -> Int in
        if random.below(2) == 0 { return -1 }
        return random.below(10) < 6 + function ? truth : 1 - truth
      }
      return Item(
        id: "\(prefix)\(id)",
        text: "\(random.below(4) > 0 ? "word\(truth)" : "") \(random.text(words: 3))",
        split: random.pick(["train", "train", "valid", "test"]), votes: votes, truth: truth)
    }
  }

  /// A project on the documents.
  ///
  /// - Parameter gold: nil for a corpus without the columns.
  func project(_ gold: Gold? = nil) throws -> TestProject {
    let columns = gold == nil ? "" : ", gold: gold, gold_use: use"
    let project = try TestProject(
      """
      labels: [a, b]
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text, split: split\(columns) }
      votes:
        - path: votes.csv
      """)
    let kind = items.allSatisfy { Int($0.id) != nil } ? "INTEGER" : "TEXT"
    try project.execute(
      "CREATE TABLE documents(id \(kind) PRIMARY KEY, text TEXT, split TEXT, gold TEXT, use TEXT)")
    func quoted(_ text: String?) -> String { text.map { "'\($0)'" } ?? "NULL" }
    try project.execute(
      "INSERT INTO documents VALUES "
        + items.map { item in
          let (label, use) = gold?(item) ?? (nil, nil)
          return "('\(item.id)', \(quoted(item.text)), '\(item.split)', \(quoted(label)), "
            + "\(quoted(use)))"
        }.joined(separator: ", "))
    func cell(_ vote: Int) -> String { vote < 0 ? "" : Self.classes[vote] }
    try project.write(
      "votes.csv",
      (["id,f0,f1,f2,f3"]
        + items.map { "\($0.id)," + $0.votes.map(cell).joined(separator: ",") })
        .joined(separator: "\n"))
    return project
  }
}
