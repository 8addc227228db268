import Foundation
import HunchLabeling

/// The SMS Spam Collection with 73 regular expressions, where it lies beside the repository.
///
/// `HUNCH_DATA` names another folder than `../../shared/data`.
enum MessageSet {
  enum Verdict: String, LabelSet {
    case ham, spam
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
    let package = (0..<3).reduce(here) { url, _ in url.deletingLastPathComponent() }
    let root = path.map { URL(fileURLWithPath: $0) }
    return (root ?? package.appendingPathComponent("../../shared/data").standardizedFileURL)
      .appendingPathComponent("sms")
  }()

  /// Whether the set is there.
  static let isPresent = FileManager.default.fileExists(
    atPath: folder.appendingPathComponent("lfs.json").path)

  private static let messages: [Message] = {
    let url = folder.appendingPathComponent("documents.jsonl")
    guard let content = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return content.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Message.self, from: Data($0.utf8))
    }
  }()

  /// The first texts of the set, repeated as often as needed.
  static func texts(_ count: Int) -> [String] {
    (0..<count).map { messages[$0 % messages.count].text }
  }

  /// The gold classes of ``texts(_:)``.
  static func classes(_ count: Int) -> [Int] {
    (0..<count).map { messages[$0 % messages.count].gold == "spam" ? 1 : 0 }
  }

  /// The regular expressions as a rule pack.
  static let pack: RulePack = {
    let data = try? Data(contentsOf: folder.appendingPathComponent("lfs.json"))
    let functions = data.flatMap { try? JSONDecoder().decode([Function].self, from: $0) } ?? []
    return RulePack("sms", for: Verdict.self) {
      for function in functions where function.kind == "regex" {
        Pattern(
          function.name, function.pattern, votes: Verdict(rawValue: function.label) ?? .ham)
      }
    }
  }()
}
