/// Orders in which documents are visited: random enough for stochastic methods, and the same on
/// every machine.
package enum VisitingOrder {
  /// The finalizer of SplitMix64: numbers in a row get values that are spread evenly.
  package static func hash(_ number: Int) -> UInt64 {
    var value = UInt64(truncatingIfNeeded: number) &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A permutation of `0..<count` (Fisher & Yates) that depends on its size and the seed alone.
  package static func permutation(_ count: Int, seed: Int) -> [Int32] {
    var order = (0..<count).map { Int32(truncatingIfNeeded: $0) }
    var state = Int(truncatingIfNeeded: hash(seed))
    for last in stride(from: count - 1, to: 0, by: -1) {
      state &+= 1
      // The high half of the product is below `last + 1`, with a bias of less than count / 2⁶⁴.
      order.swapAt(last, Int(hash(state).multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return order
  }

  /// A permutation that is near to one in memory: groups of ``groupBlocks`` blocks of
  /// ``blockSize`` rows from anywhere, and the rows of each group in any order.
  package static func local(_ count: Int, seed: Int) -> [Int32] {
    let blocks = permutation((count + blockSize - 1) / blockSize, seed: seed)
    var order: [Int32] = []
    order.reserveCapacity(count)
    for begin in stride(from: 0, to: blocks.count, by: groupBlocks) {
      var members: [Int32] = []
      for block in blocks[begin..<min(blocks.count, begin + groupBlocks)] {
        members += Int32(Int(block) * blockSize)..<Int32(min(count, (Int(block) + 1) * blockSize))
      }
      order += permutation(members.count, seed: seed &+ begin << 16).map { members[Int($0)] }
    }
    return order
  }

  /// Rows in a row, and blocks from anywhere, that are visited together.
  static let blockSize = 1 << 10
  static let groupBlocks = 16
}
