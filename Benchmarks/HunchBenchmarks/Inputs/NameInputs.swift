import HunchText

/// A million made-up names of persons, companies and places, and texts in which some of them stand.
enum NameInputs {
  private static let leads = [
    "The", "New", "John", "Mary", "Saint", "North", "Royal", "National", "United", "First",
  ]
  private static let tails = ["Inc", "Group", "County", "Museum", "Jr", "River"]

  /// Different names of one to four words; a quarter begin with one of ten words.
  static let names: [String] = {
    var random = SplitMix64(seed: 41)
    let words = Inputs.vocabulary.words
    // Names are made of rarer words than texts, joined in pairs: there are a million of them.
    func word() -> String {
      let (first, second) = (random.below(words.count), random.below(words.count))
      return random.below(4) == 0
        ? words[first].capitalized : (words[first] + words[second].prefix(3)).capitalized
    }
    var known: Set<String> = []
    var names: [String] = []
    names.reserveCapacity(1_000_000)
    while names.count < 1_000_000 {
      let kind = random.below(20)
      var parts = (0..<(kind == 0 ? 1 : kind < 14 ? 2 : kind < 18 ? 3 : 4)).map { _ in word() }
      if parts.count == 1 { parts[0] += word().lowercased() }
      if parts.count > 1, random.below(4) == 0 { parts[0] = leads[random.below(leads.count)] }
      if parts.count > 2, random.below(4) == 0 {
        parts[parts.count - 1] = tails[random.below(tails.count)]
      }
      let name = parts.joined(separator: " ")
      if known.insert(name).inserted { names.append(name) }
    }
    return names
  }()

  /// The news items, with a name in every other one.
  static let batches: [TextBatch] = {
    var random = SplitMix64(seed: 43)
    return Inputs.newsBatches.map { batch in
      TextBatch(
        (0..<batch.count).map { document in
          let text = batch.text(at: document)
          return random.below(2) == 0 ? text : text + " " + names[random.below(names.count)]
        })
    }
  }()
}
