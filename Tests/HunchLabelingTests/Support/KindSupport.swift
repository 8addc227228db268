import HunchLabeling
import TestSupport
import Testing

// What the tests of one kind of rule need; CONTRIBUTING.md has a recipe.

/// Draws words and texts of a small vocabulary, so that rules meet documents.
struct RandomWords {
  private var random: SplitMix64
  private static let words = [
    "fee", "Fee", "feed", "card", "sim card", "CARD", "12", "7", "x7", "привет", "ПРИВЕТ", "中国",
    "中", "a_b", "b",
  ]

  init(seed: Int) { random = SplitMix64(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
  mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }
  mutating func word() -> String { pick(Self.words) }
  mutating func words(_ count: Int) -> [String] { (0..<count).map { _ in word() } }

  mutating func text() -> String {
    var text = ""
    for _ in 0..<below(6) { text += word() + pick([" ", " ", "", ",", "\n"]) }
    return text
  }
}

/// The message that a pack of some rules is refused with; nil for one that is sound.
func refusal(_ rules: [RuleDefinition]) -> String? {
  do {
    try pack(rules).validate()
    return nil
  } catch { return "\(error)" }
}

/// Expects that rules which differ never share stored votes.
func expectDistinctFingerprints(_ rules: [some Rule<Topic>]) {
  let forms = rules.map { CanonicalForm($0.definition, labels: Topic.names).text }
  for (index, form) in forms.enumerated() {
    #expect(forms.firstIndex(of: form) == index, "\(form)")
  }
}

/// Holds rules of one kind against a slow and obvious answer on random texts: alone, as an exception
/// and as a part of others.
///
/// - Parameter draw: Draws a rule without a name that votes for red, and what says whether it applies
///   to a text.
func expectSlowAnswer(
  _ draw: (inout RandomWords) -> (rule: any Rule<Topic>, applies: (String) -> Bool)
) throws {
  var source = RandomWords(seed: 4711)
  var applied = 0
  for _ in 0..<150 {
    let (rule, applies) = draw(&source)
    let word = source.word()
    let part = rule.definition
    let other = Keywords<Topic>([word], votes: .red).definition
    func has(_ text: String) -> Bool {
      !Slow.ends(of: word, in: text, whole: true, cased: false).isEmpty
    }
    let texts = (0..<30).map { _ in source.text() }
    let pack = pack([
      part, All<Topic>("all", votes: .green) { [part, other] }.definition,
      AnyOf<Topic>("any", votes: .blue) { [part, other] }.definition,
      Keywords<Topic>("unless", [word], votes: .red).unless { [part] }.definition,
    ])
    try pack.validate()
    let columns = try evaluate(pack, texts.map { SampleDocument(text: $0) }).columns
    for (place, text) in texts.enumerated() {
      let (own, others) = (applies(text), has(text))
      applied += own ? 1 : 0
      let expected: [Int16] = [
        own ? 0 : -1, own && others ? 1 : -1, own || others ? 2 : -1, others && !own ? 0 : -1,
      ]
      #expect(
        columns.map { $0[place] } == expected,
        "\(part.sketch(labels: Topic.names)) on \(text.debugDescription)")
    }
  }
  // The comparison is worth nothing if the rules never meet the texts.
  #expect(applied > 50)
}
