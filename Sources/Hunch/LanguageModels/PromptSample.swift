import HunchModels

/// The texts with the smallest ranks of a stream, each text once.
///
/// Memory is bounded by a few times the limit.
struct PromptSample {
  /// Where a document stands: the smaller, the sooner it is asked about.
  struct Rank: Comparable {
    /// Whether another function votes on it, where that comes first.
    var isCovered: Bool
    /// How much more probable the likeliest class is than the next.
    var margin: Double
    /// Any order, by text and seed.
    var drawn: UInt64

    static func < (one: Rank, other: Rank) -> Bool {
      if one.isCovered != other.isCovered { return !one.isCovered }
      if one.margin != other.margin { return one.margin < other.margin }
      return one.drawn < other.drawn
    }
  }

  let limit: Int
  private var kept: [String: (rank: Rank, text: AskedText)] = [:]
  /// Nothing behind it can get in.
  private var last: Rank?

  init(limit: Int) { self.limit = limit }

  /// Takes the next document; of equal texts the smallest rank counts.
  mutating func add(_ text: AskedText, _ rank: Rank) {
    if let last, last < rank { return }
    if let other = kept[text.key], other.rank < rank { return }
    kept[text.key] = (rank, text)
    if kept.count >= 2 * limit + 64 { shrink() }
  }

  private mutating func shrink() {
    let sorted = kept.values.sorted { $0.rank < $1.rank }.prefix(limit)
    last = sorted.last?.rank
    kept = [:]
    for each in sorted { kept[each.text.key] = each }
  }

  /// What was kept, smallest ranks first.
  func sorted() -> [AskedText] {
    kept.values.sorted { $0.rank < $1.rank }.prefix(limit).map(\.text)
  }

  /// A number that stands for a text's place in an order drawn by a seed.
  static func drawn(_ key: String, seed: UInt64) -> UInt64 {
    let number = UInt64(key.prefix(16), radix: 16) ?? 0
    let salt = VisitingOrder.hash(Int(truncatingIfNeeded: seed))
    return VisitingOrder.hash(Int(truncatingIfNeeded: number ^ salt))
  }
}

extension PromptSample {
  /// Documents of two lists in turn, each once, up to a limit: of the first list one more where the
  /// limit is odd.
  static func alternating(_ one: [AskedText], _ other: [AskedText], limit: Int) -> [AskedText] {
    // The first list has its share, whatever the other holds.
    let share = one.prefix((limit + 1) / 2)
    let keys = Set(share.map(\.key))
    let rest = other.filter { !keys.contains($0.key) }.prefix(limit - share.count)
    var mixed: [AskedText] = []
    for place in 0..<max(share.count, rest.count) {
      if place < share.count { mixed.append(share[place]) }
      if place < rest.count { mixed.append(rest[place]) }
    }
    return mixed
  }
}
