import Foundation
import HunchText

/// SplitMix64 (Steele, Lea and Flood, 2014): the random input of the matching tests.
struct MatchingRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

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

/// The folder of shared data sets, if this machine has it: `HUNCH_SHARED`, or the folder `shared`
/// beside the repository.
func sharedData(_ name: String, filePath: String = #filePath) -> URL? {
  let folder: URL
  if let path = ProcessInfo.processInfo.environment["HUNCH_SHARED"] {
    folder = URL(fileURLWithPath: path)
  } else {
    var root = URL(fileURLWithPath: filePath).resolvingSymlinksInPath()
    for _ in 0..<5 { root.deleteLastPathComponent() }
    folder = root.appendingPathComponent("shared")
  }
  let url = folder.appendingPathComponent("data").appendingPathComponent(name)
  return FileManager.default.fileExists(atPath: url.path) ? url : nil
}
