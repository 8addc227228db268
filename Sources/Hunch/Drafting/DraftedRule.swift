import Foundation
import HunchLabeling

/// A labeling function that a language model proposes, as it wrote it.
struct DraftedRule: Sendable, Equatable {
  /// What the function looks for, by the word that answers and reports have for it.
  enum Kind: String, CaseIterable {
    /// Words and phrases.
    case keywords
    /// One regular expression.
    case pattern
    /// Names, which get a knowledge base of their own.
    case gazetteer
  }

  /// Its name, if the model gave one.
  var name: String?
  /// The class that it votes for.
  var label: String
  var kind: Kind
  /// What it looks for.
  var texts: [String]
  /// Why, in the model's words.
  var reason: String?
}

/// The labeling functions in a language model's answer.
struct DraftAnswer {
  /// An entry that is one, or what is wrong with it.
  enum Entry: Equatable {
    case rule(DraftedRule)
    case malformed(name: String?, problem: String)
  }

  /// The most bytes of an answer, and the most entries and words that are looked at.
  static let mostBytes = 4 << 20
  static let mostEntries = 200
  static let mostWords = 5000
  static let longestText = 2000

  let entries: [Entry]
  /// Entries beyond ``mostEntries``, which are not looked at.
  let ignored: Int

  /// Finds the JSON in an answer: alone, in a fence of a Markdown text, or between other words.
  ///
  /// - Parameter source: Where the answer comes from, for messages.
  init(_ text: String, source: String) throws(DraftError) {
    guard text.utf8.count <= Self.mostBytes else {
      throw .answerTooLarge(source: source, bytes: Self.mostBytes)
    }
    guard let list = Self.candidates(text).lazy.compactMap(Self.list).first else {
      throw .noRules(source: source)
    }
    entries = list.prefix(Self.mostEntries).map(Self.entry)
    ignored = max(0, list.count - Self.mostEntries)
  }

  /// The parts of an answer that may be JSON, the likeliest first.
  private static func candidates(_ text: String) -> [Substring] {
    var parts: [Substring] = [text[...]]
    // What stands between the first bracket of a kind and the last one of that kind.
    for (opening, closing) in [("{", "}"), ("[", "]")] as [(Character, Character)] {
      guard let first = text.firstIndex(of: opening), let last = text.lastIndex(of: closing),
        first < last
      else { continue }
      parts.append(text[first...last])
    }
    // Several fences: each by itself.
    let fences = text.components(separatedBy: "```")
    for (place, fence) in fences.enumerated() where place % 2 == 1 {
      let lines = fence.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      parts.append(lines.count == 2 ? lines[1] : fence[...])
    }
    return parts
  }

  /// The entries of JSON that is `{"rules": […]}` or a list by itself.
  private static func list(_ json: Substring) -> [Any]? {
    let value = try? JSONSerialization.jsonObject(with: Data(json.utf8))
    return (value as? [String: Any])?["rules"] as? [Any] ?? value as? [Any]
  }

  private static func entry(_ value: Any) -> Entry {
    guard let fields = value as? [String: Any] else {
      return .malformed(name: nil, problem: "it is no object")
    }
    func text(_ key: String) -> String? {
      (fields[key] as? String).map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }
    let name = text("name")
    guard let label = text("class"), !label.isEmpty else {
      return .malformed(name: name, problem: "it names no 'class'")
    }
    let kinds = DraftedRule.Kind.allCases.filter { kind in
      fields[kind.rawValue].map { !($0 is NSNull) } ?? false
    }
    guard kinds.count == 1, let kind = kinds.first else {
      return .malformed(
        name: name, problem: "it must have one of 'keywords', 'pattern' and 'gazetteer'")
    }
    var texts: [String] = []
    if kind == .pattern {
      guard let pattern = fields[kind.rawValue] as? String, !pattern.isEmpty else {
        return .malformed(name: name, problem: "'pattern' is no text")
      }
      guard pattern.unicodeScalars.count <= longestText else {
        return .malformed(name: name, problem: "'pattern' is longer than \(longestText)")
      }
      texts = [pattern]
    } else {
      guard let values = fields[kind.rawValue] as? [Any], !values.isEmpty, values.count <= mostWords
      else {
        return .malformed(name: name, problem: "'\(kind)' is no list of 1 to \(mostWords) texts")
      }
      for value in values {
        guard let word = (value as? String)?.trimmingCharacters(in: .whitespacesAndNewlines),
          !word.isEmpty, word.unicodeScalars.count <= longestText
        else {
          return .malformed(name: name, problem: "'\(kind)' holds what is no word")
        }
        if !texts.contains(word) { texts.append(word) }
      }
    }
    return .rule(
      DraftedRule(name: name, label: label, kind: kind, texts: texts, reason: text("why")))
  }
}
