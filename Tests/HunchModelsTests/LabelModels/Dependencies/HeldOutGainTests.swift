import Foundation
import HunchModels
import TestSupport
import Testing

/// What a dependence is worth on documents that are held out.
struct HeldOutGainTests {
  /// Two functions that fire or not, as a table; `share` is how often the second does what the first
  /// does.
  private static func gain(documents: Int, share: Double, seed: UInt64) -> Double {
    var random = SplitMix64(seed: seed)
    var (first, second, both) = (0.0, 0.0, 0.0)
    for _ in 0..<documents {
      let one = random.uniform() < 0.3
      let other = random.uniform() < share ? one : random.uniform() < 0.3
      first += one ? 1 : 0
      second += other ? 1 : 0
      both += one && other ? 1 : 0
    }
    var gain = HeldOutGain()
    gain.addTable(total: Double(documents), first: first, second: second, both: both)
    return gain.value
  }

  @Test func independentFunctionsGainNothing() {
    let gains = (0..<200).map { Self.gain(documents: 400, share: 0, seed: $0) }
    #expect(gains.reduce(0, +) / 200 < 0)
    #expect(gains.count { $0 > 0 } < 60)
  }

  @Test func dependentFunctionsGain() {
    let gains = (0..<50).map { Self.gain(documents: 400, share: 0.4, seed: $0) }
    #expect(gains.allSatisfy { $0 > 5 })
  }

  /// One document at a time, predicted from the others.
  @Test func isTheSumOverDocumentsHeldOut() {
    let cells = [(true, true, 12), (true, false, 5), (false, true, 7), (false, false, 30)]
    let total = 54.0
    var expected = 0.0
    for (one, other, count) in cells {
      let first = Double(cells.filter { $0.0 == one }.reduce(0) { $0 + $1.2 })
      let second = Double(cells.filter { $0.1 == other }.reduce(0) { $0 + $1.2 })
      for _ in 0..<count {
        let together = (Double(count) - 1 + first / total * second / total) / total
        expected += log(together) - log((first - 0.5) / total * ((second - 0.5) / total))
      }
    }
    var gain = HeldOutGain()
    gain.addTable(total: total, first: 17, second: 19, both: 12)
    #expect(abs(gain.value - expected) < 1e-9)
  }
}
