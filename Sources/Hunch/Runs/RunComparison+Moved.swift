extension RunComparison.Moved {
  /// The most functions that are named.
  private static let named = 5

  init(_ before: RunRecord, _ after: RunRecord) {
    uncovered = [1 - before.totals.coverage, 1 - after.totals.coverage]
    if let old = before.totals.classBalance, let new = after.totals.classBalance,
      before.totals.labels == after.totals.labels
    {
      classBalance = after.totals.labels.indices.map {
        Share(name: after.totals.labels[$0], before: old[$0], after: new[$0])
      }.filter(\.isMoved)
    }
    let known = Dictionary(before.functions.map { ($0.fingerprint, $0) }) { first, _ in first }
    let moved = after.functions.compactMap { function -> (share: Share, weight: Double)? in
      guard let new = function.figures.impliedAccuracy,
        let old = known[function.fingerprint]?.figures.impliedAccuracy
      else { return nil }
      let share = Share(name: function.name, before: old, after: new)
      return share.isMoved ? (share, abs(new - old) * Double(function.figures.votes)) : nil
    }
    weights = moved.enumerated().sorted {
      ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
    }.map(\.element.share)
  }

  /// What moved, in words; empty where nothing did.
  package var sentences: [String] {
    let isCoverageMoved = Share(name: "", before: uncovered[0], after: uncovered[1]).isMoved
    return [
      classBalance.isEmpty ? nil : "Class balance: " + Self.words(classBalance),
      isCoverageMoved
        ? "Documents without a vote: "
          + "\(Figures.percent(uncovered[0])) → \(Figures.percent(uncovered[1]))" : nil,
      weights.isEmpty
        ? nil
        : "Functions that are the same count otherwise, by implied accuracy: "
          + Self.words(weights.prefix(Self.named))
          + (weights.count > Self.named
            ? " and \(Figures.count(weights.count - Self.named)) more" : ""),
    ].compactMap(\.self)
  }

  private static func words(_ shares: some Collection<Share>) -> String {
    shares.map { "\($0.name) \(Figures.percent($0.before)) → \(Figures.percent($0.after))" }
      .joined(separator: ", ")
  }
}

extension RunComparison.Moved.Share {
  /// Whether the figures differ as they are shown.
  fileprivate var isMoved: Bool { Figures.percent(before) != Figures.percent(after) }
}
