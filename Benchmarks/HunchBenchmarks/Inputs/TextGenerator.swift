/// Writes short texts of four classes.
struct TextGenerator {
  /// The words that a class uses more than others do, by rank.
  static let topicRanks = 60..<260
  static let classCount = 4

  private let vocabulary: Vocabulary
  private var random: SplitMix64

  init(_ vocabulary: Vocabulary, seed: UInt64) {
    self.vocabulary = vocabulary
    random = SplitMix64(seed: seed)
  }

  /// The topical word of a class at a place of its list.
  static func topicRank(class label: Int, _ place: Int) -> Int {
    topicRanks.lowerBound + 10 + label + classCount * place
  }

  /// A text of about `words` words; names are strewn in now and then.
  mutating func text(class label: Int, words: Int, names: [String] = []) -> String {
    var text = ""
    let count = max(1, words / 2 + random.below(words + 1))
    for position in 0..<count {
      if position > 0 { text += random.below(12) == 0 ? ", " : " " }
      if !names.isEmpty, random.below(100) == 0 {
        text += names[random.below(names.count)]
      } else {
        text += word(class: label, isFirst: position == 0)
      }
    }
    return text + [".", "!", "", "?", "..."][random.below(5)]
  }

  private mutating func word(class label: Int, isFirst: Bool) -> String {
    switch random.below(40) {
    case 0: return String(random.below(100_000))
    case 1...5:
      // Squaring makes the first words of a list the frequent ones.
      let place = Int(random.unit() * random.unit() * 1_000)
      return vocabulary.words[Self.topicRank(class: label, place)]
    default:
      let word = vocabulary.words[vocabulary.rank(&random)]
      return isFirst || random.below(25) == 0 ? word.capitalized : word
    }
  }
}
