/// Chooses documents by the smallest of numbers that belong to them, so that neither their order nor
/// how they come in makes a difference.
struct SmallestRanks: Sendable {
  /// The most documents that stay.
  let limit: Int
  /// What those that stay may take together.
  let sizeLimit: Int
  private var ranks: [UInt64] = []
  private var sizes: [Int] = []
  private var total = 0
  /// Documents of a greater rank are left out.
  private(set) var greatest = UInt64.max

  init(limit: Int, sizeLimit: Int = .max) { (self.limit, self.sizeLimit) = (limit, sizeLimit) }

  /// Adds a document of a rank up to ``greatest``.
  ///
  /// - Parameter size: What it takes, in units of the limit.
  mutating func append(_ rank: UInt64, size: Int = 0) {
    ranks.append(rank)
    sizes.append(size)
    total += size
  }

  /// Whether so many were added that it is time to drop some.
  var isFull: Bool { ranks.count >= 2 * limit || total / 2 >= sizeLimit }

  /// Drops what is too much, and returns the places of those that stay, in the order of their ranks:
  /// from the smallest on, as long as none of the limits is passed.
  mutating func cut() -> [Int] {
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    var kept = 0
    total = 0
    while kept < min(limit, order.count), total + sizes[order[kept]] <= sizeLimit {
      total += sizes[order[kept]]
      kept += 1
    }
    let staying = Array(order[..<kept])
    // Not the greatest that stays: a small one between it and the first that was too much may yet come.
    if kept < order.count { greatest = max(1, ranks[order[kept]]) - 1 }
    (ranks, sizes) = (staying.map { ranks[$0] }, staying.map { sizes[$0] })
    return staying
  }
}
