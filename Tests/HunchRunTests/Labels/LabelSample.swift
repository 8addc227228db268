import Foundation
import Hunch
import ProjectSupport
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
    try TestProject(
      TestProject.configuration(
        labels: Self.classes, columns: gold == nil ? [.split] : [.split, .gold, .use],
        votes: ["votes.csv"]),
      documents: items.map { item in
        let (label, use) = gold?(item) ?? (nil, nil)
        return TestDocument(
          item.id, item.text, split: item.split, gold: label, use: use,
          votes: item.votes.map { $0 < 0 ? nil : Self.classes[$0] })
      }, functions: ["f0", "f1", "f2", "f3"])
  }
}
