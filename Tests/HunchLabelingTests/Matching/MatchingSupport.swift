import Foundation
import HunchLabeling
import HunchText
import TestSupport

extension SplitMix64 {
  /// Up to `length` symbols of an alphabet in a row.
  mutating func text(of alphabet: [String], length: ClosedRange<Int>) -> String {
    let count = Int.random(in: length, using: &self)
    return (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &self)] }
      .joined()
  }
}

/// Alphabets in which letters collide: by case, by composition, by script.
let collidingAlphabets: [[String]] = [
  ["a", "b"],
  ["a", "A", " "],
  ["c", "+", "#", "1", " ", "_"],
  ["а", "А", "я", "Я", " ", "ё", "е", "\u{308}"],
  ["ẹ", "Ẹ", "e", "\u{300}", "\u{301}", "\u{323}", "ọ", "è", " "],
  ["i", "I", "İ", "ı", "\u{307}", " "],
  ["s", "S", "ß", "ẞ", "ſ", " "],
  ["σ", "ς", "Σ", "α", "ά", "\u{301}", " "],
  ["k", "K", "\u{212A}", "å", "\u{212B}", "a", "\u{30A}"],
  ["ǰ", "j", "J", "\u{30C}", " "],
  ["👍", "👍🏽", "🏽", "\u{200D}", "👩", "a", " "],
  ["中", "国", "a", "、", "1", " "],
  ["ก", "า", "้", "a", " "],
  ["한", "ᄒ", "ᅡ", "ᆫ", " "],
]

extension String {
  /// The text with each scalar folded by itself.
  var foldedByScalar: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      result.append(Unicode.Scalar(CharacterTable.fold(scalar.value)) ?? scalar)
    }
    return String(result)
  }
}

extension PatternMatcher {
  /// Whether a pattern matches a document; nil where that could not be decided.
  func test(_ pattern: CompiledPattern, _ batch: TextBatch, document: Int) -> Bool? {
    let found = matches(pattern, batch, starts: [(document, 0)])
    return found.failures.isEmpty ? !found.documents.isEmpty : nil
  }
}
