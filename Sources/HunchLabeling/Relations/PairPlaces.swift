/// Where the two mentions of a pair stand, in bytes from the beginning of the text.
struct PairPlaces: Sendable, Equatable {
  var first: Range<Int>
  var second: Range<Int>

  /// Chooses, of all mentions of two entities, the two that stand nearest to each other.
  ///
  /// A mention inside a longer one of the other entity does not count.
  ///
  /// - Parameters:
  ///   - first: The mentions of the first entity, by their beginnings.
  ///   - second: Those of the second one.
  ///   - length: How long what stands between two mentions is; by default its bytes.
  /// - Returns: `nil` where an entity has no mention beside those of the other.
  /// - Complexity: O(first × second); both are few.
  init?(
    first: [Range<Int>], second: [Range<Int>], length: (Range<Int>) -> Int = { $0.count }
  ) {
    func free(_ mentions: [Range<Int>], of others: [Range<Int>]) -> [Range<Int>] {
      mentions.filter { mention in
        !others.contains { $0.count > mention.count && $0.overlaps(mention) }
      }
    }
    var best: (gap: Int, start: Int, pair: (Range<Int>, Range<Int>))?
    let others = free(second, of: first)
    for one in free(first, of: second) {
      for other in others where !one.overlaps(other) {
        let gap = length(PairPlaces(first: one, second: other).between)
        let start = min(one.lowerBound, other.lowerBound)
        if best.map({ (gap, start) < ($0.gap, $0.start) }) ?? true {
          best = (gap, start, (one, other))
        }
      }
    }
    guard let best else { return nil }
    (self.first, self.second) = best.pair
  }

  init(first: Range<Int>, second: Range<Int>) { (self.first, self.second) = (first, second) }

  /// What stands between the mentions.
  var between: Range<Int> {
    min(first.upperBound, second.upperBound)..<max(first.lowerBound, second.lowerBound)
  }

  /// How many of the words of the text stand between the mentions.
  func count(between words: [Range<Int>]) -> Int {
    let between = between
    return words.count {
      $0.lowerBound >= between.lowerBound && $0.upperBound <= between.upperBound
    }
  }

  /// The bytes of a region; `nil` where the mentions stand in the other order.
  ///
  /// - Parameters:
  ///   - words: Where the words of the text stand; asked for only if they are needed.
  ///   - end: The number of bytes of the text.
  func range(
    of extent: PairRegion.Extent, words: () -> [Range<Int>], end: Int
  ) -> Range<Int>? {
    let (start, stop) = (
      min(first.lowerBound, second.lowerBound), max(first.upperBound, second.upperBound)
    )
    /// The beginning of the last words before the mentions.
    func left(_ count: Int) -> Int {
      count < 1
        ? start
        : words().filter { $0.upperBound <= start }.suffix(count).first?.lowerBound ?? start
    }
    /// The end of the first words behind the mentions.
    func right(_ count: Int) -> Int {
      count < 1
        ? stop : words().filter { $0.lowerBound >= stop }.prefix(count).last?.upperBound ?? stop
    }
    switch extent {
    case .between: return between
    case .forward: return first.lowerBound < second.lowerBound ? between : nil
    case .backward: return second.lowerBound < first.lowerBound ? between : nil
    case .before(let count): return left(count)..<start
    case .after(let count): return stop..<right(count)
    case .around(let count): return left(count)..<right(count)
    }
  }
}
