import Foundation
import HunchModels
import HunchText

/// The public data sets that lie beside the repository, where they are present.
enum SharedData {
  /// The folder with the sets: `HUNCH_SHARED/data`, or `../shared/data` from the repository.
  static let folder: URL? = {
    var candidates: [URL] = []
    if let path = ProcessInfo.processInfo.environment["HUNCH_SHARED"] {
      candidates.append(URL(fileURLWithPath: path))
    }
    for file in [
      URL(fileURLWithPath: #filePath), URL(fileURLWithPath: #filePath).resolvingSymlinksInPath(),
    ] {
      let root = (0..<4).reduce(file) { url, _ in url.deletingLastPathComponent() }
      candidates.append(root.deletingLastPathComponent().appendingPathComponent("shared"))
    }
    return candidates.map { $0.appendingPathComponent("data") }.first {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("trec").path)
    }
  }()

  static var isPresent: Bool { folder != nil }
}

/// One of the sets.
struct SharedSet {
  struct Split {
    var texts: [String] = []
    var gold: [Int] = []
    var votes: [[Int]] = []
  }

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
    guard let base = SharedData.folder?.appendingPathComponent(name) else {
      throw CocoaError(.fileNoSuchFile)
    }
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
