/// Says of most hashes that are not in a set that they are not, from few bytes of memory: what begins
/// names, and what is one (Bloom, "Space/time trade-offs in hash coding", 1970, with all bits of a
/// hash in one word of memory).
package struct NameFilter: Sendable {
  package private(set) var words: [UInt64]

  /// Makes room for a number of hashes: 12 bits for each.
  init(capacity: Int) { words = [UInt64](repeating: 0, count: capacity * 12 / 64 + 1) }

  package init(words: [UInt64]) { self.words = words }

  mutating func insert(_ hash: UInt64, endsName: Bool) {
    let index = Self.index(hash, words.count)
    words[index] |= endsName ? Self.ending(hash) : Self.beginning(hash)
  }

  @inline(__always)
  static func index(_ hash: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: count)) >> 32)
  }

  @inline(__always)
  static func beginning(_ hash: UInt64) -> UInt64 { 1 << (hash & 63) | 1 << (hash >> 6 & 63) }

  @inline(__always)
  static func ending(_ hash: UInt64) -> UInt64 { 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63) }
}
