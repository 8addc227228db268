/// A hash table from keys to the rows that have them: open addressing over the bytes of the keys.
///
/// The hash function is fixed (FNV-1a with a final mix), since nothing here faces an adversary and
/// a seeded one would have to be carried along.
struct KeyIndex: Sendable {
  private var bytes: [UInt8] = []
  private var offsets: [Int] = [0]
  /// The first row of the key in each slot, or -1.
  private var slots: [Int32] = []
  /// The next row with the same key, or -1.
  private var following: [Int32] = []

  /// The number of rows.
  var count: Int { offsets.count - 1 }

  var memory: Int { bytes.count + 8 * offsets.count + 4 * (slots.count + following.count) }

  /// Adds the key of the next row; look-ups work after ``finish()``.
  mutating func append(_ key: String) {
    bytes.append(contentsOf: key.utf8)
    offsets.append(bytes.count)
  }

  /// Builds the table of at least twice as many slots as rows.
  mutating func finish() {
    var slotCount = 16
    while slotCount < 2 * count { slotCount *= 2 }
    slots = [Int32](repeating: -1, count: slotCount)
    following = [Int32](repeating: -1, count: count)
    // From the last row to the first, so that the chain of a key runs in the order of the rows.
    for row in stride(from: count - 1, through: 0, by: -1) {
      let slot = slot(of: bytes[offsets[row]..<offsets[row + 1]])
      following[row] = slots[slot]
      slots[slot] = Int32(row)
    }
  }

  /// The rows with a key, in order.
  func rows(of key: String) -> [Int] {
    guard !slots.isEmpty else { return [] }
    var rows: [Int] = []
    var row = slots[slot(of: Array(key.utf8)[...])]
    while row >= 0 {
      rows.append(Int(row))
      row = following[Int(row)]
    }
    return rows
  }

  /// The slot that holds a key, or the empty one where it belongs.
  private func slot(of key: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (hash ^ hash >> 32) & UInt64(mask))
    while slots[slot] >= 0 {
      let row = Int(slots[slot])
      if bytes[offsets[row]..<offsets[row + 1]].elementsEqual(key) { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }
}
