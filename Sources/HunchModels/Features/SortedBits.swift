/// Numbers of few bits, sorted in time linear in their count and in memory that stays.
///
/// Least significant digit first (Knuth, The Art of Computer Programming 3, algorithm 5.2.5 R) in
/// three passes: a text has some hundred n-grams, for which more counters would cost more than
/// another pass.
package struct SortedBits: Sendable {
  private static let passes = 3

  package private(set) var values: [UInt32] = []
  /// Where a pass writes them.
  private var target: [UInt32] = []
  /// Where the next number with each digit goes.
  private var places: [Int] = []

  package init() {}

  /// The bytes of memory, used or not.
  var memory: Int { values.memory + target.memory + places.memory }

  /// Adds a number.
  @inline(__always)
  package mutating func append(_ value: UInt32) { values.append(value) }

  /// Removes all numbers and keeps the memory for the next ones.
  package mutating func removeAll() { values.removeAll(keepingCapacity: true) }

  /// Sorts the numbers.
  ///
  /// - Parameter bits: All numbers are below 2 to the power of this, at most 32.
  /// - Complexity: O(count + 2^(bits / 3)).
  package mutating func sort(bits: Int) {
    let width = (bits + Self.passes - 1) / Self.passes
    let missing = values.count - target.count
    if missing > 0 {
      target.append(contentsOf: repeatElement(0, count: missing))
    } else {
      target.removeLast(-missing)
    }
    for pass in 0..<Self.passes {
      Self.sort(values, into: &target, shift: UInt32(pass * width), width: width, &places)
      swap(&values, &target)
    }
  }

  /// Sorts by one digit; numbers with the same digit keep their order.
  private static func sort(
    _ values: [UInt32], into target: inout [UInt32], shift: UInt32, width: Int,
    _ places: inout [Int]
  ) {
    let mask: UInt32 = 1 << UInt32(width) - 1
    if places.count != 1 << width { places = [Int](repeating: 0, count: 1 << width) }
    for digit in places.indices { places[digit] = 0 }
    for value in values { places[Int(value >> shift & mask)] += 1 }
    var begin = 0
    for digit in places.indices {
      let count = places[digit]
      places[digit] = begin
      begin += count
    }
    for value in values {
      let digit = Int(value >> shift & mask)
      target[places[digit]] = value
      places[digit] += 1
    }
  }
}
