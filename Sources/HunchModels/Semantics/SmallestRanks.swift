/// Chooses documents by the smallest of numbers that belong to them, so that neither their order nor
/// how they come in makes a difference.
struct SmallestRanks: Sendable {
  /// The most documents that stay.
  let limit: Int
  /// The ranks of the documents that were added and not yet dropped, in the order in which they came.
  private(set) var ranks: [UInt64] = []
  /// Documents of a greater rank are left out.
  private(set) var greatest = UInt64.max

  init(limit: Int) { self.limit = limit }

  /// Adds a document that may stay.
  mutating func append(_ rank: UInt64) { ranks.append(rank) }

  /// Whether so many were added that it is time to drop some.
  var isFull: Bool { ranks.count >= 2 * limit }

  /// Drops what is too much, and returns the places of those that stay, in the order of their ranks.
  mutating func cut() -> [Int] {
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.prefix(limit)
    if ranks.count > limit, let last = order.last { greatest = ranks[last] }
    ranks = order.map { ranks[$0] }
    return Array(order)
  }
}
