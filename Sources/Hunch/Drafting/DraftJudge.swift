import HunchModels

/// Decides which drafted functions are worth reading.
///
/// A function is rejected where there is evidence against it, not where there is none for it: the
/// label model will weigh it, and somebody will read it.
struct DraftJudge {
  /// A draft is a copy of a function that votes on nearly the same documents for the same class
  /// (the same measure by which the label model merges copies).
  static let copyJaccard = 0.8
  static let copyAgreement = 0.95
  /// The fewest documents whose posteriors count.
  static let fewestJudged = 5

  /// The number of documents.
  let documents: Int
  /// The share of each class among documents with votes, by the label model.
  let classBalance: [Double]

  /// Why a function is rejected; `nil` if it is not.
  ///
  /// - Parameters:
  ///   - label: The class that it votes for.
  ///   - others: The functions that it could be a copy of.
  func problem(
    label: Int, _ counts: SuggestedVotes.Counts, _ evidence: DraftEvidence.Counts,
    others: [Other]
  ) -> String? {
    if evidence.failures > 0 {
      return "too costly: it could not be evaluated on \(evidence.failures) documents"
    }
    if counts.documents == 0 { return "votes on none of \(Figures.count(documents)) documents" }
    for other in others where isCopy(counts.documents, other) {
      return "votes as '\(other.name)' does on \(Figures.count(other.agreements)) of "
        + "\(Figures.count(counts.documents)) documents"
    }
    let share = classBalance[label]
    let halfWay = (1 + share) / 2
    if let interval = Wilson.interval(
      successes: Double(evidence.labelledRight), trials: Double(evidence.labelled)),
      interval.upper < halfWay
    {
      return "right on only \(evidence.labelledRight) of \(evidence.labelled) documents with gold"
    }
    if evidence.labelled == 0, evidence.judged >= Self.fewestJudged {
      let implied = evidence.posteriorSum / Double(evidence.judged)
      if implied <= share {
        return "the other functions take its documents for other classes "
          + "(agreement-implied precision \(Figures.fixed(implied, 2)))"
      }
    }
    return nil
  }

  /// A function that a draft could be a copy of.
  struct Other {
    var name: String
    /// The documents that it votes on, those that the draft votes on too, and those of them on
    /// which both vote for the same class.
    var documents: Int
    var both: Int
    var agreements: Int
  }

  private func isCopy(_ documents: Int, _ other: Other) -> Bool {
    let either = documents + other.documents - other.both
    return Double(other.both) >= Self.copyJaccard * Double(max(1, either))
      && Double(other.agreements) >= Self.copyAgreement * Double(other.both)
  }
}
