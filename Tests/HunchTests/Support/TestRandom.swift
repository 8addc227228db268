/// SplitMix64 (Steele, Lea and Flood, 2014): random input that repeats.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }

  /// A text of so many words of a small vocabulary.
  mutating func text(words: Int) -> String {
    (0..<words).map { _ in pick(Self.vocabulary) }.joined(separator: " ")
  }

  private static let vocabulary = [
    "hello", "offer", "prize", "thanks", "call", "now", "dear", "friend", "win", "meeting", "lunch",
    "free", "today", "money", "ok",
  ]
}
