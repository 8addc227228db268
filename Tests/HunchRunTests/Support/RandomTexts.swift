import TestSupport

extension SplitMix64 {
  /// A text of so many words of a small vocabulary.
  mutating func text(words: Int) -> String {
    (0..<words).map { _ in pick(Self.vocabulary) }.joined(separator: " ")
  }

  private static let vocabulary = [
    "hello", "offer", "prize", "thanks", "call", "now", "dear", "friend", "win", "meeting", "lunch",
    "free", "today", "money", "ok",
  ]
}
