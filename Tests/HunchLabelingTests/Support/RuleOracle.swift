import Foundation
import HunchLabeling
import HunchText

/// A rule as data of the tests, which can be written in the rule language and also be answered in
/// the slow, obvious way.
indirect enum RuleSketch: Sendable {
  case keywords([String], words: Bool, cased: Bool, Topic?)
  case pattern(String, cased: Bool, Topic?)
  /// The first group as a number says the class.
  case numbered(String)
  case shorter(than: Int, Topic?)
  case fieldIs(Int, Topic)
  case gazetteer(SketchBase, fixed: Topic??)
  case keyLookup(SketchBase, separator: Character?, fixed: Topic?)
  case all([RuleSketch], Topic?)
  case any([RuleSketch], Topic?)
  case firstOf([RuleSketch])
  case unless(RuleSketch, [RuleSketch])
}

/// A knowledge base of the tests: keys with the class in the column `class`.
struct SketchBase: Sendable {
  var name: String
  var rows: [(key: String, topic: Topic?)]

  func loaded() throws -> KnowledgeBase {
    try base(name, key: "key", "class", rows.map { [$0.key, $0.topic?.rawValue ?? ""] })
  }
}

/// What a part of a rule says of a document.
enum SketchVote: Equatable {
  case abstains
  case fires
  case votes(Topic)

  init(_ topic: Topic?) { self = topic.map { .votes($0) } ?? .fires }

  /// As the engine codes it.
  var code: Int16 {
    switch self {
    case .abstains: -1
    case .fires: -2
    case .votes(let topic): Int16(Topic.allCases.firstIndex(of: topic) ?? -9)
    }
  }
}

extension RuleSketch {
  /// The rule in the rule language.
  var definition: RuleDefinition {
    switch self {
    case .keywords(let words, let whole, let cased, let topic):
      return Keywords<Topic>(
        words, matching: whole ? .words : .substrings, caseSensitive: cased, votes: topic
      ).definition
    case .pattern(let source, let cased, let topic):
      return Pattern<Topic>(source, options: cased ? .caseSensitive : [], votes: topic).definition
    case .numbered(let source):
      return Pattern<Topic>("n", source) { match in
        Int(match["n"] ?? "").map { Topic.allCases[$0 % 3] }
      }.definition
    case .shorter(let limit, let topic?):
      return Heuristic<Topic>("h") { $0.words.count < limit ? topic : nil }.definition
    case .shorter(let limit, nil):
      return Heuristic<Topic> { $0.words.count < limit }.definition
    case .fieldIs(let number, let topic):
      return Heuristic<Topic>("h", reading: Field<Int>("number")) { _, value in
        value == number ? topic : nil
      }.definition
    case .gazetteer(let base, .some(.some(let topic))):
      return Gazetteer<Topic>("g", in: base.name, votes: topic).definition
    case .gazetteer(let base, .some(.none)):
      return Gazetteer<Topic>(in: base.name).definition
    case .gazetteer(let base, .none):
      return Gazetteer<Topic>("g", in: base.name, classColumn: "class").definition
    case .keyLookup(let base, let separator, let topic?):
      return KeyLookup<Topic>(
        "k", key: Field("keys"), separatedBy: separator, in: base.name, votes: topic
      ).definition
    case .keyLookup(let base, let separator, nil):
      return KeyLookup<Topic>(
        "k", key: Field("keys"), separatedBy: separator, in: base.name, classColumn: "class"
      ).definition
    case .all(let parts, let topic):
      return All<Topic>(votes: topic) { parts.map(\.definition) }.definition
    case .any(let parts, let topic):
      return AnyOf<Topic>(votes: topic) { parts.map(\.definition) }.definition
    case .firstOf(let parts):
      return FirstOf<Topic> { parts.map(\.definition) }.definition
    case .unless(let rule, let exceptions):
      return DefinedRule(definition: rule.definition)
        .unless { exceptions.map(\.definition) }.definition
    }
  }

  /// The knowledge bases below.
  var bases: [SketchBase] {
    switch self {
    case .gazetteer(let base, _), .keyLookup(let base, _, _): [base]
    case .all(let parts, _), .any(let parts, _), .firstOf(let parts): parts.flatMap(\.bases)
    case .unless(let rule, let parts): rule.bases + parts.flatMap(\.bases)
    default: []
    }
  }

  /// What the rule says of a document, found the slow way.
  func answer(_ document: SampleDocument) -> SketchVote {
    switch self {
    case .keywords(let words, let whole, let cased, let topic):
      let found = words.contains {
        !Slow.ends(of: $0, in: document.text, whole: whole, cased: cased).isEmpty
      }
      return found ? SketchVote(topic) : .abstains
    case .pattern(let source, let cased, let topic):
      return Slow.match(source, cased: cased, document.text) == nil ? .abstains : SketchVote(topic)
    case .numbered(let source):
      let number = Slow.match(source, cased: false, document.text).flatMap { Int($0) }
      return number.map { .votes(Topic.allCases[$0 % 3]) } ?? .abstains
    case .shorter(let limit, let topic):
      return Slow.wordCount(document.text) < limit ? SketchVote(topic) : .abstains
    case .fieldIs(let number, let topic):
      return document.fields["number"] == .integer(Int64(number)) ? .votes(topic) : .abstains
    case .gazetteer(let base, let fixed):
      let rows = Slow.entities(base, document.text)
      switch fixed {
      case .none: return Slow.majority(rows)
      case .some(let topic): return rows.isEmpty ? .abstains : SketchVote(topic)
      }
    case .keyLookup(let base, let separator, let topic):
      let rows = Slow.keys(base, separator, document.fields["keys"] ?? .null)
      if let topic { return rows.isEmpty ? .abstains : .votes(topic) }
      return Slow.majority(rows)
    case .all(let parts, let topic):
      let answers = parts.map { $0.answer(document) }
      return answers.contains(.abstains) ? .abstains : Slow.agreement(answers, topic)
    case .any(let parts, let topic):
      return Slow.agreement(parts.map { $0.answer(document) }, topic)
    case .firstOf(let parts):
      return parts.lazy.map { $0.answer(document) }.first { $0 != .abstains } ?? .abstains
    case .unless(let rule, let exceptions):
      let isException = exceptions.contains { $0.answer(document) != .abstains }
      return isException ? .abstains : rule.answer(document)
    }
  }
}

/// A rule made of a definition, so that modifiers can be applied to it.
struct DefinedRule: Rule {
  typealias Label = Topic
  var definition: RuleDefinition
}

/// The slow answers.
enum Slow {
  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { CharacterTable.wordClass(of: $0.value) == .word } ?? false
  }

  /// For each start at which a keyword occurs, the position after it, in scalars.
  static func ends(
    of keyword: String, in text: String, whole: Bool, cased: Bool
  ) -> [Int: Int] {
    let text = Array((cased ? text : text.foldedByScalar).unicodeScalars)
    let word = Array((cased ? keyword : keyword.foldedByScalar).unicodeScalars)
    var found: [Int: Int] = [:]
    guard word.count <= text.count else { return found }
    for start in 0...(text.count - word.count)
    where Array(text[start...].prefix(word.count)) == word {
      let end = start + word.count
      let before = start > 0 ? text[start - 1] : nil
      let after = end < text.count ? text[end] : nil
      let joinsBefore = isWord(before) && isWord(word.first)
      let joinsAfter = isWord(after) && isWord(word.last)
      if !whole || (!joinsBefore && !joinsAfter) { found[start] = end }
    }
    return found
  }

  /// The first match's group `n`, or the whole match without such a group.
  static func match(_ source: String, cased: Bool, _ text: String) -> String? {
    let options: NSRegularExpression.Options = cased ? [] : .caseInsensitive
    guard let expression = try? NSRegularExpression(pattern: source, options: options),
      let match = expression.firstMatch(
        in: text, range: NSRange(location: 0, length: (text as NSString).length))
    else { return nil }
    let group = source.contains("(?<n>") ? match.range(withName: "n") : match.range
    return (text as NSString).substring(with: group)
  }

  static func wordCount(_ text: String) -> Int {
    var count = 0
    var inside = false
    for scalar in text.unicodeScalars {
      switch CharacterTable.wordClass(of: scalar.value) {
      case .word:
        if !inside { count += 1 }
        inside = true
      case .unspaced:
        count += 1
        inside = false
      case .separator: inside = false
      }
    }
    return count
  }

  /// The classes of the rows whose names are in the text, leftmost and longest first.
  static func entities(_ base: SketchBase, _ text: String) -> [Topic?] {
    let length = text.unicodeScalars.count
    var topics: [Topic?] = []
    var position = 0
    while position < length {
      var longest = position
      for row in base.rows {
        let ends = ends(of: row.key, in: text, whole: true, cased: false)
        longest = max(longest, ends[position] ?? 0)
      }
      if longest == position {
        position += 1
        continue
      }
      for row in base.rows
      where ends(of: row.key, in: text, whole: true, cased: false)[position] == longest {
        topics.append(row.topic)
      }
      position = longest
    }
    return topics
  }

  static func keys(
    _ base: SketchBase, _ separator: Character?, _ cell: FieldContent
  ) -> [Topic?] {
    guard case .text(let text) = cell else { return [] }
    let keys = separator.map { text.components(separatedBy: String($0)) } ?? [text]
    return keys.flatMap { key in
      let wanted = key.trimmingCharacters(in: .whitespaces).foldedByScalar
      return base.rows.filter { !wanted.isEmpty && $0.key.foldedByScalar == wanted }.map(\.topic)
    }
  }

  /// The class that most entries have; abstains on a tie.
  static func majority(_ topics: [Topic?]) -> SketchVote {
    let counts = Topic.allCases.map { topic in topics.filter { $0 == topic }.count }
    guard let most = counts.max(), most > 0, counts.filter({ $0 == most }).count == 1,
      let index = counts.firstIndex(of: most)
    else { return .abstains }
    return .votes(Topic.allCases[index])
  }

  /// What the parts that apply agree on.
  static func agreement(_ answers: [SketchVote], _ topic: Topic?) -> SketchVote {
    let applying = answers.filter { $0 != .abstains }
    if applying.isEmpty { return .abstains }
    if let topic { return .votes(topic) }
    let classes = applying.filter { $0 != .fires }
    guard let first = classes.first else { return .fires }
    return classes.allSatisfy { $0 == first } ? first : .abstains
  }
}
