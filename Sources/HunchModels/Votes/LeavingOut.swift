extension VotePatterns {
  /// Some patterns without the votes of some functions, which are still counted as functions.
  func leavingOut(
    _ isLeftOut: (_ function: Int) -> Bool, of wanted: some Sequence<Int>
  ) -> VotePatterns {
    var patterns = VotePatterns(functionCount: functionCount, classCount: classCount)
    for pattern in wanted {
      for entry in entries(of: pattern) where !isLeftOut(Int(functions[entry])) {
        patterns.append(functions[entry], votes[entry])
      }
      patterns.endPattern()
    }
    return patterns
  }
}

extension CountedVotes {
  /// The votes without those of some functions, which are still counted as functions. A pattern may
  /// then come more than once.
  func leavingOut(_ isLeftOut: @escaping @Sendable (_ function: Int) -> Bool) -> CountedVotes {
    replacingPatterns { $0.leavingOut(isLeftOut, of: 0..<$0.count) }
  }

  /// The votes with other patterns in the places of those of each block.
  func replacingPatterns(
    _ replace: @escaping @Sendable (VotePatterns) -> VotePatterns
  ) -> CountedVotes {
    CountedVotes(functionCount: functionCount, classCount: classCount) { body in
      try forEachBlock { block in
        try body(
          Block(patterns: replace(block.patterns), counts: block.counts, gold: block.gold))
      }
    }
  }
}
