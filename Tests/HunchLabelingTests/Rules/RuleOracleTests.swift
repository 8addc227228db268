import HunchLabeling
import TestSupport
import Testing

/// Every kind of rule, alone and combined, against an evaluator that is slow and obvious.
@Suite struct RuleOracleTests {
  /// Draws rules and documents over a small vocabulary, so that they meet.
  private struct Source {
    var drawn: RandomWords
    private static let patterns = ["fe+", "^card", "[0-9]{2}", "(ca|fee)d?", "a.b", "d$", "привет"]

    init(seed: Int) { drawn = RandomWords(seed: seed) }

    mutating func below(_ bound: Int) -> Int { drawn.below(bound) }
    mutating func pick<Element>(_ items: [Element]) -> Element { drawn.pick(items) }
    mutating func topic() -> Topic { pick(Topic.allCases) }
    mutating func word() -> String { drawn.word() }
    mutating func words(_ count: Int) -> [String] { drawn.words(count) }

    mutating func base() -> SketchBase {
      let rows = (0..<(1 + below(6))).map { _ in
        (key: word(), topic: below(5) == 0 ? nil : topic())
      }
      return SketchBase(name: "base\(below(1_000_000))", rows: rows)
    }

    mutating func rule(depth: Int) -> RuleSketch {
      switch below(depth > 0 ? 13 : 9) {
      case 0, 1:
        return .keywords(
          words(1 + below(3)), words: below(2) == 0, cased: below(2) == 0,
          below(3) == 0 ? nil : topic())
      case 2: return .pattern(pick(Self.patterns), cased: below(2) == 0, topic())
      case 3: return .pattern(pick(Self.patterns), cased: below(2) == 0, nil)
      case 4: return .numbered(pick(["(?<n>[0-9])", "d (?<n>[0-9])", "(?<n>[0-9]+)$"]))
      case 5: return .shorter(than: 1 + below(4), below(2) == 0 ? nil : topic())
      case 6: return .fieldIs(below(3), topic())
      case 7: return .gazetteer(base(), fixed: pick([nil, .some(nil), .some(topic())]))
      case 8:
        return .keyLookup(
          base(), separator: below(2) == 0 ? nil : ",", fixed: below(2) == 0 ? nil : topic())
      case 9: return .all(parts(depth), below(2) == 0 ? nil : topic())
      case 10: return .any(parts(depth), below(2) == 0 ? nil : topic())
      case 11: return .firstOf(parts(depth))
      default: return .unless(rule(depth: depth - 1), parts(depth))
      }
    }

    private mutating func parts(_ depth: Int) -> [RuleSketch] {
      (0..<(1 + below(3))).map { _ in rule(depth: depth - 1) }
    }

    mutating func document() -> SampleDocument {
      let text = drawn.text()
      let number: FieldContent = pick([.null, .integer(0), .integer(1), .integer(2), .real(0.5)])
      let keys = words(below(4)).map { pick(["", " "]) + $0 }.joined(separator: ",")
      return SampleDocument(
        text: text, fields: ["number": number, "keys": below(5) == 0 ? .null : .text(keys)])
    }
  }

  @Test(arguments: 0..<120)
  func everyRuleVotesAsTheSlowAnswerSays(_ seed: Int) throws {
    var source = Source(seed: seed)
    var rules: [RuleSketch] = []
    while rules.count < 12 {
      let rule = source.rule(depth: seed % 4)
      // A rule that could apply without a class is an error, tested elsewhere.
      if (try? pack([rule.definition]).validate()) != nil { rules.append(rule) }
    }
    let documents = (0..<60).map { _ in source.document() }
    let bases = try rules.flatMap(\.bases).map { try $0.loaded() }
    let pack = pack(
      rules.enumerated().map { index, rule in
        var definition = rule.definition
        definition.name = "r\(index)"
        return definition
      })
    try pack.validate()
    let distinct = Dictionary(bases.map { ($0.name, $0) }) { first, _ in first }
    let columns = try evaluate(pack, documents, knowledge: Array(distinct.values)).columns
    for (index, rule) in rules.enumerated() {
      for (position, document) in documents.enumerated() {
        let expected = rule.answer(document).code
        #expect(expected >= -1, "a valid rule names a class where it applies")
        #expect(
          columns[index][position] == expected,
          "\(rule) on \(document.text.debugDescription) \(document.fields)")
      }
    }
  }

  @Test func someRuleOfEachKindVotes() throws {
    // The test above is worth nothing if its rules never meet its documents.
    var source = Source(seed: 4711)
    var votes: [String: Int] = [:]
    for _ in 0..<400 {
      let rule = source.rule(depth: 2)
      guard (try? pack([rule.definition]).validate()) != nil else { continue }
      let kind = rule.definition.kind
      for _ in 0..<10 where rule.answer(source.document()) != .abstains {
        votes[kind, default: 0] += 1
      }
    }
    for kind in [
      "keywords", "pattern", "heuristic", "gazetteer", "key-lookup", "all", "any", "first-of",
    ] {
      #expect(votes[kind, default: 0] > 10, "\(kind)")
    }
  }
}
