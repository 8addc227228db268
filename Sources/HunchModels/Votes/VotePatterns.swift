/// The distinct combinations of votes that occur in a corpus, in compressed sparse rows.
///
/// Two documents on which every function voted alike have the same pattern. Whatever works on
/// patterns takes the number of documents of each as a separate array of counts, so that one set
/// of patterns serves several splits, and the cost never depends on the number of documents.
package struct VotePatterns: Sendable, Equatable {
  /// The most classes that votes, as numbers of 16 bits with a sign, tell apart.
  package static let mostClasses = Int(Int16.max)

  /// The number of labeling functions.
  package let functionCount: Int

  /// The number of classes.
  package let classCount: Int

  /// Where each pattern's entries begin, and at last the number of entries: `count + 1` indices.
  package let starts: [Int]

  /// The function of each entry, ascending within a pattern.
  package let functions: [Int32]

  /// The class that the entry's function voted for.
  package let votes: [Int32]

  /// Creates patterns from compressed sparse rows.
  ///
  /// - Precondition: `starts` ascends from 0 to the number of entries, functions ascend strictly
  ///   within a pattern, and functions and votes lie in `0..<functionCount` and `0..<classCount`.
  package init(
    functionCount: Int, classCount: Int, starts: [Int], functions: [Int32], votes: [Int32]
  ) {
    precondition(starts.first == 0 && starts.last == functions.count, "starts span the entries")
    precondition(functions.count == votes.count, "an entry is a function and a vote")
    for pattern in 1..<starts.count {
      var previous: Int32 = -1
      for entry in starts[pattern - 1]..<starts[pattern] {
        precondition(functions[entry] > previous && functions[entry] < functionCount)
        precondition(votes[entry] >= 0 && votes[entry] < classCount)
        previous = functions[entry]
      }
    }
    self.functionCount = functionCount
    self.classCount = classCount
    self.starts = starts
    self.functions = functions
    self.votes = votes
  }

  /// The number of patterns.
  package var count: Int { starts.count - 1 }

  /// The indices of a pattern's entries in ``functions`` and ``votes``.
  package func entries(of pattern: Int) -> Range<Int> { starts[pattern]..<starts[pattern + 1] }

  /// Whether at least one function votes.
  package func isCovered(_ pattern: Int) -> Bool { starts[pattern] < starts[pattern + 1] }

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
