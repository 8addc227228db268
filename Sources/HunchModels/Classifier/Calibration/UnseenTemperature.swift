/// The temperature of a classifier of probabilistic labels, without a gold label.
///
/// A regularised classifier is less certain than the labels that it learns from: a word that it has
/// met a few times gets a small weight. So on documents that it has not seen, its probabilities are
/// held against the probabilistic labels of these documents, and the temperature that makes those
/// most likely is taken (temperature scaling: Guo et al., "On Calibration of Modern Neural Networks",
/// 2017, with labels of the label model in place of gold). That is as good as the labels are
/// calibrated; docs/end-model-calibration.md has what it does to ten corpora.
package enum UnseenTemperature {
  /// T, from e⁻² to e².
  ///
  /// - Parameters:
  ///   - logProbabilities: Flat, documents × classes, of documents that the classifier has not seen.
  ///   - shift: What is added to the log weight of each class before the temperature.
  ///   - labels: Flat, documents × classes: the probabilistic labels.
  /// - Complexity: O(documents × classes), 25 times.
  package static func find(_ logProbabilities: [Float], shift: [Double], labels: [Float]) -> Double
  {
    let classes = shift.count
    var row = [Double](repeating: 0, count: classes)
    return Temperature.minimize { temperature in
      var loss = 0.0
      for begin in stride(from: 0, to: labels.count, by: classes) {
        var expected = 0.0
        var mass = 0.0
        for label in 0..<classes {
          row[label] = (Double(logProbabilities[begin + label]) + shift[label]) / temperature
          expected += Double(labels[begin + label]) * row[label]
          mass += Double(labels[begin + label])
        }
        loss += mass * normalizeLogWeights(&row) - expected
      }
      return loss
    }
  }
}
