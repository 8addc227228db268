import Foundation
import GRDB
import Hunch
import HunchServices
import HunchLabeling
import ProjectSupport

enum Tone: String, LabelSet { case glad, cross }

/// A project with embeddings from an endpoint, in a folder of its own, which goes away with it.
final class EmbeddingProject {
  let directory: String

  static let pack = RulePack("tone", for: Tone.self) {
    Keywords("thanks", ["thanks", "great"], votes: .glad)
    Keywords("broken", ["broken", "late"], votes: .cross)
  }

  /// - Parameter documents: Texts with a class where it is known.
  init(url: String, _ documents: [(text: String, label: String?)]) throws {
    directory =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("hunch-embeddings-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    try Data(
      """
      pack: tone
      corpus: { path: corpus.sqlite, table: d, id: id, text: text, gold: label, split: split }
      features:
        embeddings: { url: "\(url)", model: small }

      """.utf8
    ).write(to: URL(fileURLWithPath: directory + "/hunch.yaml"))
    let queue = try DatabaseQueue(path: directory + "/corpus.sqlite")
    try queue.write { db in
      try db.execute(
        sql: "CREATE TABLE d(id INTEGER PRIMARY KEY, text TEXT, label TEXT, split TEXT)")
      for document in documents {
        try db.execute(
          sql: "INSERT INTO d(text, label, split) VALUES (?, ?, ?)",
          arguments: [
            document.text, document.label, document.label == nil ? "train" : "test",
          ])
      }
    }
    try queue.close()
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func pipeline(
    key: String? = nil, patience: JSONService.Patience = .short,
    cancellation: Cancellation = Cancellation(), progress: StepProgress = .silent
  ) throws -> ProjectSteps {
    var options = SessionOptions(threads: 2, cancellation: cancellation, progress: progress)
    options.embedder = {
      EmbeddingClient(url: $0, model: $1, key: key, patience: patience)
    }
    return try ProjectSteps(
      Project(directory: directory, packs: [Self.pack]), options: options)
  }

  /// Documents of which some have a vote and one in four is a test document without.
  static func documents(_ count: Int) -> [(text: String, label: String?)] {
    let words = [["thanks", "great", "lovely", "kind"], ["broken", "late", "cold", "damp"]]
    return (0..<count).map { index in
      let tone = index % 2
      let word = words[tone][index / 2 % 4]
      let label = index / 2 % 4 == 3 ? ["glad", "cross"][tone] : nil
      return ("\(word) cup \(index) zörk", label)
    }
  }
}

extension JSONService.Patience {
  /// Waits that a test can afford.
  static var short: Self {
    var patience = Self()
    patience.firstWait = .milliseconds(5)
    patience.longestWait = .milliseconds(200)
    patience.answer = .milliseconds(400)
    return patience
  }
}
