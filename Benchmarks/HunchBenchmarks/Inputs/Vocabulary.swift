/// Made-up words with the frequencies of a natural language.
///
/// The first hundred or so are the function words of English, so that lengths are realistic where
/// most of the text is; the others are built from syllables. Every twenty-fifth built word has
/// letters beyond ASCII. Frequencies follow Zipf's law.
struct Vocabulary: Sendable {
  /// The words, the most frequent first.
  let words: [String]
  private let cumulative: [Double]

  /// Builds words.
  init(count: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var words = Self.common
    var known = Set(words)
    while words.count < count {
      let isForeign = words.count % 25 == 0
      let word = Self.word(isForeign ? Self.foreignSyllables : Self.syllables, &random)
      if known.insert(word).inserted { words.append(word) }
    }
    self.words = words
    var total = 0.0
    cumulative = words.indices.map { rank in
      total += 1 / Double(rank + 3)
      return total
    }
  }

  /// The rank of a word drawn by frequency.
  func rank(_ random: inout SplitMix64) -> Int {
    let target = random.unit() * (cumulative.last ?? 0)
    var lower = 0
    var upper = cumulative.count - 1
    while lower < upper {
      let middle = (lower + upper) / 2
      if cumulative[middle] < target { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  private static func word(_ syllables: [String], _ random: inout SplitMix64) -> String {
    let length = 1 + random.below(2) + random.below(3)
    return (0..<length).map { _ in syllables[random.below(syllables.count)] }.joined()
  }

  private static let common = """
    the of and to in a is that for it as was with be by on not he i this are or his from at which \
    but have an had they you were their one all we can her has there been if more when will would \
    who so no out up into do any your what some could than other then its only over new now also \
    me my she them like just get time how our two go know see day good first please call want free
    """.split(separator: " ").map(String.init)

  private static let syllables: [String] = {
    let onsets = ["b", "br", "c", "ch", "d", "f", "g", "h", "l", "m", "n", "p", "pr", "r", "s"]
    let ends = ["st", "t", "tr", "v", "w"]
    let rhymes = ["a", "an", "ar", "e", "en", "er", "i", "in", "ing", "o", "on", "or", "u", "ea"]
    return (onsets + ends).flatMap { onset in rhymes.map { onset + $0 } }
  }()

  private static let foreignSyllables = [
    "é", "ün", "ño", "ção", "ša", "ří", "ø", "при", "ве", "та", "ход", "ни", "ę", "ło", "ğı",
  ]
}
