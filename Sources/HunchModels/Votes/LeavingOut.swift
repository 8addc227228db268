extension VotePatterns {
  /// Some patterns without the votes of some functions, which are still counted as functions.
  func leavingOut(
    _ isLeftOut: (_ function: Int) -> Bool, of wanted: some Sequence<Int>
  ) -> VotePatterns {
    var starts = [0]
    var (functions, votes): ([Int32], [Int32]) = ([], [])
    for pattern in wanted {
      for entry in entries(of: pattern) where !isLeftOut(Int(self.functions[entry])) {
        functions.append(self.functions[entry])
        votes.append(self.votes[entry])
      }
      starts.append(functions.count)
    }
    return VotePatterns(
      functionCount: functionCount, classCount: classCount, starts: starts, functions: functions,
      votes: votes)
  }
}

extension CountedVotes {
  /// The votes without those of some functions, which are still counted as functions. A pattern may
  /// then come more than once.
  func leavingOut(_ isLeftOut: @escaping @Sendable (_ function: Int) -> Bool) -> CountedVotes {
    CountedVotes(functionCount: functionCount, classCount: classCount) { body in
      try self.forEachBlock { block in
        try body(
          Block(
            patterns: block.patterns.leavingOut(isLeftOut, of: 0..<block.patterns.count),
            counts: block.counts, gold: block.gold))
      }
    }
  }
}
