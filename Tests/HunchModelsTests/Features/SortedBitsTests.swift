import HunchModels
import TestSupport
import Testing

struct SortedBitsTests {
  @Test(arguments: [1, 8, 9, 21, 23, 32])
  func sortsAsTheStandardLibrary(bits: Int) {
    var random = SplitMix64(seed: bits)
    var sorted = SortedBits()
    // Lengths rise and fall, since the memory is used again.
    for count in [0, 1, 2, 300, 5, 0, 70_000, 3, 300] {
      let values = (0..<count).map { _ in
        UInt32.random(in: 0...(.max >> (32 - bits)), using: &random)
      }
      sorted.removeAll()
      for value in values { sorted.append(value) }
      sorted.sort(bits: bits)
      #expect(sorted.values == values.sorted())
    }
  }
}
