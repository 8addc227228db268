import Foundation
package import HunchLabeling

/// The SMS Spam Collection with 73 regular expressions, where it lies beside the repository.
///
/// `HUNCH_DATA` names another folder than `../../shared/data`.
package enum MessageSet {
  /// The classes of the messages.
  package enum Verdict: String, LabelSet {
    /// An honest message.
    case ham
    /// An unwanted one.
    case spam
  }

  private struct Message: Decodable {
    var text: String
    var gold: String
  }

  private struct Function: Decodable {
    var name: String
    var kind: String
    var label: String
    var pattern: String
  }

  private static let folder: URL = {
    let path = ProcessInfo.processInfo.environment["HUNCH_DATA"]
    let here = URL(fileURLWithPath: #filePath)
    let package = (0..<2).reduce(here) { url, _ in url.deletingLastPathComponent() }
    let root = path.map { URL(fileURLWithPath: $0) }
    return (root ?? package.appendingPathComponent("../../shared/data").standardizedFileURL)
      .appendingPathComponent("sms")
  }()

  private static let functions: [Function] = {
    let data = try? Data(contentsOf: folder.appendingPathComponent("lfs.json"))
    let functions = data.flatMap { try? JSONDecoder().decode([Function].self, from: $0) } ?? []
    return functions.filter { $0.kind == "regex" }
  }()

  private static let messages: [Message] = {
    let url = folder.appendingPathComponent("documents.jsonl")
    guard let content = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return content.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Message.self, from: Data($0.utf8))
    }
  }()

  /// Whether the set is there.
  package static let isPresent = FileManager.default.fileExists(
    atPath: folder.appendingPathComponent("lfs.json").path)

  /// The first texts of the set, repeated as often as needed.
  package static func texts(_ count: Int) -> [String] {
    (0..<count).map { messages[$0 % messages.count].text }
  }

  /// The gold classes of ``texts(_:)``.
  package static func classes(_ count: Int) -> [Int] {
    (0..<count).map { messages[$0 % messages.count].gold == "spam" ? 1 : 0 }
  }

  /// The regular expressions as a rule pack; the messages are not read for it.
  package static let pack = pack(adding: [:])

  /// The regular expressions as a rule pack, some of them changed as an author changes a rule.
  ///
  /// - Parameter alternatives: By name of a function, one more expression that it votes on.
  package static func pack(adding alternatives: [String: String]) -> RulePack {
    RulePack("sms", for: Verdict.self) {
      for function in functions {
        let added = alternatives[function.name].map { "|" + $0 } ?? ""
        Pattern(
          function.name, function.pattern + added, votes: Verdict(rawValue: function.label) ?? .ham)
      }
    }
  }
}
