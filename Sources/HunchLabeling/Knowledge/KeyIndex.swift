/// A hash table from keys to the rows that have them: open addressing by the hash of the key, which
/// stands in a table elsewhere.
///
/// The hash function is fixed (FNV-1a with a final mix), since nothing here faces an adversary and
/// the index is written into files.
package struct KeyIndex: Sendable {
  /// The hash of each row's key.
  package private(set) var tags: [UInt32] = []
  /// The first row of the key in each slot, or -1.
  package private(set) var slots: [Int32] = []
  /// The next row with the same key, or -1.
  package private(set) var following: [Int32] = []

  package init() {}

  /// An index as it was written; `nil` for parts that do not belong together.
  package init?(tags: [UInt32], slots: [Int32], following: [Int32]) {
    let rows = Int32(clamping: tags.count)
    guard following.count == tags.count, slots.count > tags.count,
      slots.count & (slots.count - 1) == 0, slots.allSatisfy({ $0 >= -1 && $0 < rows }),
      // A look-up ends where a slot is free.
      slots.contains(-1),
      following.enumerated().allSatisfy({
        $0.element < rows && ($0.element < 0 || Int($0.element) > $0.offset)
      })
    else { return nil }
    (self.tags, self.slots, self.following) = (tags, slots, following)
  }

  var count: Int { tags.count }

  var memory: Int { 4 * (tags.count + slots.count + following.count) }

  /// Adds the key of the next row; look-ups work after ``finish(isSameKey:)``.
  mutating func append(_ key: some Sequence<UInt8>) { tags.append(Self.hash(key)) }

  /// Builds the table of at least twice as many slots as rows.
  mutating func finish(isSameKey: (Int, Int) -> Bool) {
    var slotCount = 16
    while slotCount < 2 * count { slotCount *= 2 }
    slots = [Int32](repeating: -1, count: slotCount)
    following = [Int32](repeating: -1, count: count)
    // From the last row to the first, so that the chain of a key runs in the order of the rows.
    for row in stride(from: count - 1, through: 0, by: -1) {
      let slot = slot(of: tags[row]) { isSameKey($0, row) }
      following[row] = slots[slot]
      slots[slot] = Int32(row)
    }
  }

  /// The rows with a key, in order.
  func rows(of key: some Sequence<UInt8>, hasKey: (Int) -> Bool) -> [Int] {
    guard !slots.isEmpty else { return [] }
    var rows: [Int] = []
    var row = slots[slot(of: Self.hash(key), isKey: hasKey)]
    while row >= 0 {
      rows.append(Int(row))
      row = following[Int(row)]
    }
    return rows
  }

  private static func hash(_ key: some Sequence<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }

  /// The slot that holds a key, or the empty one where it belongs.
  private func slot(of tag: UInt32, isKey: (Int) -> Bool) -> Int {
    let mask = slots.count - 1
    var slot = Int(tag) & mask
    while slots[slot] >= 0 {
      let row = Int(slots[slot])
      if tags[row] == tag, isKey(row) { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }
}
