/// How much the log weights of the classes have to be shifted so that a classifier gives as many
/// documents to each class as its labels do.
///
/// A regularised classifier that is unsure leans to the frequent classes: its mean probabilities are
/// those of the labels, its decisions are not. Ranking is hardly touched by that, the threshold is.
/// The shift is found on predictions for documents that the classifier has not seen.
enum ClassShift {
  /// The shift, with mean 0.
  ///
  /// Rounds of b_k += s (ln wanted_k − ln given_k) with falling steps s, where given are the shares of
  /// the documents of which each class is the most probable one after the shift. Shares count from
  /// .002, so that a class that is never given has a finite one.
  ///
  /// - Parameters:
  ///   - logProbabilities: Flat, documents × classes.
  ///   - wanted: The share of the documents that each class should be given.
  /// - Complexity: O(documents × classes), 200 times.
  static func find(_ logProbabilities: [Float], wanted: [Double]) -> [Double] {
    let classes = wanted.count
    let documents = logProbabilities.count / max(1, classes)
    var shift = [Double](repeating: 0, count: classes)
    guard documents > 0 else { return shift }
    var step = 0.3
    var row = shift
    for _ in 0..<200 {
      var given = [Double](repeating: 0, count: classes)
      for document in 0..<documents {
        for label in 0..<classes {
          row[label] = Double(logProbabilities[document * classes + label]) + shift[label]
        }
        given[DecisionRule.mostProbable.label(row)] += 1
      }
      for label in 0..<classes {
        let share = given[label] / Double(documents)
        shift[label] += step * (naturalLog(wanted[label] + 0.002) - naturalLog(share + 0.002))
      }
      let mean = shift.reduce(0, +) / Double(classes)
      for label in 0..<classes { shift[label] -= mean }
      step *= 0.98
    }
    return shift
  }
}
