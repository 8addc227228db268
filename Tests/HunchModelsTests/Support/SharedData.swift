import Foundation
import HunchModels
import HunchText
import TestSupport
import Testing

/// One of the sets.
struct SharedSet {
  struct Split {
    var texts: [String] = []
    var gold: [Int] = []
    var votes: [[Int]] = []
  }

  static let isPresent = Repository.sharedData("trec") != nil

  let labels: [String]
  var train = Split()
  var test = Split()

  private struct Document: Decodable {
    var id: Int
    var split: String
    var text: String
    var gold: String?
  }

  init(_ name: String) throws {
    let base = try #require(Repository.sharedData(name))
    func lines(_ file: String) throws -> [Substring] {
      try String(contentsOf: base.appendingPathComponent(file), encoding: .utf8)
        .split(whereSeparator: { $0 == "\n" || $0 == "\r\n" })
    }
    labels = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: base.appendingPathComponent("labels.json")))
    var votes: [Int: [Int]] = [:]
    for line in try lines("votes.csv").dropFirst() {
      let cells = line.split(separator: ",").compactMap { Int($0) }
      votes[cells[0]] = Array(cells.dropFirst())
    }
    for line in try lines("documents.jsonl") {
      let document = try JSONDecoder().decode(Document.self, from: Data(line.utf8))
      let gold = document.gold.flatMap { labels.firstIndex(of: $0) } ?? -1
      switch document.split {
      case "train": train.add(document.text, gold, votes[document.id] ?? [])
      case "test": test.add(document.text, gold, votes[document.id] ?? [])
      default: break
      }
    }
  }
}

extension SharedSet.Split {
  fileprivate mutating func add(_ text: String, _ gold: Int, _ row: [Int]) {
    texts.append(text)
    self.gold.append(gold)
    votes.append(row)
  }
}
