/// How much the log weights of the classes have to be shifted so that a classifier gives as many
/// documents to each class as its labels do.
///
/// A regularised classifier that is unsure leans to the frequent classes: its mean probabilities are
/// those of the labels, its decisions are not. Ranking is hardly touched by that, the threshold is.
/// The shift is found on predictions for documents that the classifier has not seen.
///
/// A class is wanted as often as labels have it only if that differs by more than chance explains.
/// Labels and decisions are of the same documents, so what counts is those on which they differ:
/// with b documents that the classifier alone gives to the class and c that the labels alone give to
/// it, |b − c| > 2 √(b + c) (McNemar 1947). Otherwise the class stays as frequent as it is.
///
/// Differences of several classes, each measured with an error, are too large on the whole. With z_k
/// the differences of K classes in standard errors they are multiplied by 1 − (K − 2) / Σ z_k², at
/// least 0 (James & Stein 1961): not at all for two classes, by .86 on the news of the tests. These
/// standard errors count what is not known of the labels, too: Σ p (1 − p) of their probabilities p
/// of the class, beside b + c.
enum ClassShift {
  /// The standard errors beyond which a difference is none of chance.
  static let significance = 2.0

  /// The shift, with mean 0.
  ///
  /// Rounds of b_k += s (ln wanted_k − ln given_k) with falling steps s, where given are the shares of
  /// the documents of which each class is the most probable one after the shift. Shares count from
  /// .002, so that a class that is never given has a finite one.
  ///
  /// - Parameters:
  ///   - logProbabilities: Flat, documents × classes.
  ///   - labels: The probabilistic labels, likewise.
  /// - Complexity: O(documents × classes), 200 times.
  static func find(_ logProbabilities: [Float], labels: [Float], classCount: Int) -> [Double] {
    var shift = [Double](repeating: 0, count: classCount)
    guard !labels.isEmpty else { return shift }
    let wanted = wantedShares(decisions(logProbabilities, shift), labels, classCount: classCount)
    let documents = Double(labels.count / classCount)
    var step = 0.3
    for _ in 0..<200 {
      var given = [Double](repeating: 0, count: classCount)
      for label in decisions(logProbabilities, shift) { given[label] += 1 }
      for label in 0..<classCount {
        let share = given[label] / documents
        shift[label] += step * (naturalLog(wanted[label] + 0.002) - naturalLog(share + 0.002))
      }
      let mean = shift.reduce(0, +) / Double(classCount)
      for label in 0..<classCount { shift[label] -= mean }
      step *= 0.98
    }
    return shift
  }

  /// The share of each class that the shift aims at.
  private static func wantedShares(
    _ decisions: [Int], _ labels: [Float], classCount: Int
  ) -> [Double] {
    var given = [Double](repeating: 0, count: classCount)
    var (labeled, alone, unknown) = (given, given, given)
    for (document, decision) in decisions.enumerated() {
      let row = labels[document * classCount..<(document + 1) * classCount].map(Double.init)
      let label = DecisionRule.mostProbable.label(row)
      for (label, share) in row.enumerated() { unknown[label] += share * (1 - share) }
      given[decision] += 1
      labeled[label] += 1
      if decision == label { continue }
      alone[decision] += 1
      alone[label] += 1
    }
    let differences = zip(labeled, given).map { $0 - $1 }
    let squares = (0..<classCount).reduce(0.0) { sum, label in
      let variance = alone[label] + unknown[label]
      return variance > 0 ? sum + differences[label] * differences[label] / variance : sum
    }
    let shrinkage = max(0, 1 - Double(classCount - 2) / max(squares, 1))
    let wanted = (0..<classCount).map { label in
      abs(differences[label]) > significance * alone[label].squareRoot()
        ? given[label] + shrinkage * differences[label] : given[label]
    }
    return normalized(wanted)
  }

  /// The most probable class of each document after a shift.
  private static func decisions(_ logProbabilities: [Float], _ shift: [Double]) -> [Int] {
    stride(from: 0, to: logProbabilities.count, by: shift.count).map { begin in
      DecisionRule.mostProbable.first(
        shift.indices.lazy.map { Double(logProbabilities[begin + $0]) + shift[$0] })
    }
  }
}
