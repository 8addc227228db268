/// How often outcomes occur and occur together, where an outcome is a function and its vote.
///
/// ``AdaptiveModel`` learns from it before the fit, ``GoodnessOfFit`` compares with it afterwards.
/// ``PairMoments`` counts by the vote of one function only, for any number of outcomes, and
/// ``MeetingPairs`` sums posteriors; neither can be had from this, nor this from them.
struct PairCounts {
  /// The function and the vote of each outcome, the most frequent outcomes first where there are
  /// too many.
  private(set) var functions: [Int32] = []
  private(set) var votes: [Int32] = []

  /// The documents of each outcome.
  private(set) var documents: [Double] = []

  /// The documents with both outcomes, outcomes × outcomes, symmetric.
  private(set) var together: [Double] = []

  /// The documents with a vote.
  let covered: Double

  var count: Int { documents.count }

  /// Counts in one pass over the votes.
  ///
  /// - Parameter limit: The most outcomes; the memory is 8 × limit² bytes. Of more outcomes the
  ///   most frequent are taken.
  /// - Complexity: O(Σ entries² of the patterns + limit²).
  init(_ votes: CountedVotes, limit: Int = 1500) throws {
    let classCount = votes.classCount
    let firings = try VoteFirings(votes)
    covered = Double(firings.covered)
    var cells = firings.documents.indices.filter { firings.documents[$0] > 0 }
    if cells.count > limit {
      cells.sort { (-firings.documents[$0], $0) < (-firings.documents[$1], $1) }
      cells = cells.prefix(limit).sorted()
    }
    var places = [Int32](repeating: -1, count: firings.documents.count)
    for (place, cell) in cells.enumerated() {
      places[cell] = Int32(place)
      functions.append(Int32(cell / classCount))
      self.votes.append(Int32(cell % classCount))
      documents.append(Double(firings.documents[cell]))
    }
    let count = cells.count
    var together = [Double](repeating: 0, count: count * count)
    var present: [Int] = []
    try votes.forEachCovered { block, pattern in
      present.removeAll(keepingCapacity: true)
      for entry in block.patterns.entries(of: pattern) {
        let cell =
          Int(block.patterns.functions[entry]) * classCount + Int(block.patterns.votes[entry])
        if places[cell] >= 0 { present.append(Int(places[cell])) }
      }
      let documents = Double(block.counts[pattern])
      for one in present {
        for other in present where other != one { together[one * count + other] += documents }
      }
    }
    self.together = together
  }
}
