import Hunch
import TestSupport
import Testing

/// A seal opens what it sealed, and nothing else.
@Suite struct VoteSealTests {
  private let seal = VoteSeal(chunk: "a1", function: "b2")

  @Test func whatWasSealedComesBack() {
    for bytes: [UInt8] in [[], [0], [1, 0, 0, 1, 0], [UInt8](repeating: 7, count: 8_193)] {
      #expect(seal.opened(seal.sealed(bytes)) == bytes)
    }
  }

  @Test func everyChangedByteIsNoticed() {
    var random = SplitMix64(seed: 1)
    let bytes = (0..<600).map { _ in UInt8.random(in: 0...255, using: &random) }
    let sealed = seal.sealed(bytes)
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1 << UInt8(index % 8)
      #expect(seal.opened(changed) == nil)
    }
    for count in 0..<sealed.count { #expect(seal.opened(Array(sealed.prefix(count))) == nil) }
    #expect(seal.opened(sealed + [0]) == nil)
  }

  @Test func anothersVotesAreNoticed() {
    let sealed = seal.sealed([1, 3, 0, 1, 0])
    for (chunk, function) in [("a1", "b3"), ("a2", "b2"), ("b2", "a1"), ("a1b", "2"), ("", "")] {
      #expect(VoteSeal(chunk: chunk, function: function).opened(sealed) == nil)
    }
  }
}
