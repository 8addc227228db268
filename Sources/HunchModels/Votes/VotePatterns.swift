/// The distinct combinations of votes that occur in a corpus, in compressed sparse rows.
///
/// Two documents on which every function voted alike have the same pattern. Whatever works on
/// patterns takes the number of documents of each as a separate array of counts, so that one set
/// of patterns serves several splits, and the cost never depends on the number of documents.
package struct VotePatterns: Sendable, Equatable {
  /// The most classes that votes, as numbers of 16 bits with a sign, tell apart.
  package static let mostClasses = Int(Int16.max)

  package let functionCount: Int

  package let classCount: Int

  /// Where each pattern's entries begin, and at last the number of entries: `count + 1` indices.
  package private(set) var starts = [0]

  /// The function of each entry, ascending within a pattern.
  package private(set) var functions: [Int32] = []

  /// The class that the entry's function voted for.
  package private(set) var votes: [Int32] = []

  /// No patterns yet.
  init(functionCount: Int, classCount: Int) {
    (self.functionCount, self.classCount) = (functionCount, classCount)
  }

  /// Adds an entry to the pattern that ``endPattern()`` will end.
  ///
  /// - Precondition: Functions ascend strictly within a pattern, and functions and votes lie in
  ///   `0..<functionCount` and `0..<classCount`.
  mutating func append(_ function: Int32, _ vote: Int32) {
    let place = functions.count
    precondition(place == starts[count] || functions[place - 1] < function)
    precondition(function >= 0 && function < functionCount && vote >= 0 && vote < classCount)
    functions.append(function)
    votes.append(vote)
  }

  /// Ends a pattern; the next entry is one of another.
  mutating func endPattern() { starts.append(functions.count) }

  /// Removes all patterns and keeps the memory for the next ones.
  mutating func removeAll() {
    starts.removeSubrange(1...)
    functions.removeAll(keepingCapacity: true)
    votes.removeAll(keepingCapacity: true)
  }

  /// The number of patterns.
  package var count: Int { starts.count - 1 }

  /// The indices of a pattern's entries in ``functions`` and ``votes``.
  package func entries(of pattern: Int) -> Range<Int> { starts[pattern]..<starts[pattern + 1] }

  /// Whether at least one function votes.
  package func isCovered(_ pattern: Int) -> Bool { starts[pattern] < starts[pattern + 1] }

  /// Calls a function with the entries of each pair of a pattern whose first function is one of
  /// some, and the pair's place in a table of these × the functions from the first of them on.
  @inline(__always)
  func forEachPair(
    of pattern: Int, _ firsts: Range<Int>,
    _ body: (_ one: Int, _ other: Int, _ place: Int) -> Void
  ) {
    let width = functionCount - firsts.lowerBound
    let entries = entries(of: pattern)
    for entry in entries {
      let first = Int(functions[entry])
      if first < firsts.lowerBound { continue }
      if first >= firsts.upperBound { break }
      let row = (first - firsts.lowerBound) * width - firsts.lowerBound
      for other in entry + 1..<max(entry + 1, entries.upperBound) {
        body(entry, other, row + Int(functions[other]))
      }
    }
  }

  /// A hash of a pattern's votes: the same wherever the pattern stands.
  func hash(of pattern: Int) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for entry in entries(of: pattern) {
      hash ^= UInt64(UInt32(bitPattern: functions[entry])) << 32
      hash ^= UInt64(UInt32(bitPattern: votes[entry]))
      hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
      hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
      hash ^= hash >> 31
    }
    return hash
  }
}
