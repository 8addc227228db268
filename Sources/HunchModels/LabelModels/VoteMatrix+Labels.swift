extension FittedLabelModel {
  /// The probabilities of the classes for each document; the class balance where no function votes.
  ///
  /// - Parameter votes: Those that the model was fitted on, or others of the same functions.
  /// - Returns: Documents × classes; each row sums to 1.
  /// - Throws: ``VoteMatrixError/otherVotes(functions:classes:)``.
  /// - Complexity: O(documents + distinct rows × functions × classes).
  public func posteriors(of votes: VoteMatrix) throws(VoteMatrixError) -> [[Double]] {
    guard votes.functionCount == functions.count, votes.classCount == classCount else {
      throw .otherVotes(functions: functions.count, classes: classCount)
    }
    let rows = posteriors(of: votes.patterns)
    return votes.ids.map { id in Array(rows[Int(id) * classCount..<(Int(id) + 1) * classCount]) }
  }
}

extension LabelModel {
  /// Learns from votes how far each function can be trusted, which ones copy each other, and so how
  /// probable the classes of a document are.
  ///
  /// Where votes bring gold classes, these say how right functions are; from
  /// ``Calibration/leastDocuments`` of them on they also temper probabilities and, with ``auto``,
  /// choose the model.
  ///
  /// - Throws: ``FitError`` where votes and evidence do not fit together.
  /// - Complexity: See ``AdaptiveModel/fit(_:given:)``; gold classes take six fits, or eleven where
  ///   they choose.
  public func fit(
    _ votes: VoteMatrix, given evidence: Evidence = Evidence()
  ) throws -> FittedLabelModel {
    try GoldFit(self, votes.counted, gold: votes.counted, given: evidence).model
  }
}
