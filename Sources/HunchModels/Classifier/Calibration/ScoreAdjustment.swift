/// What is done to a classifier's log weights after its training, so that its decisions and
/// probabilities can be trusted:
///
///     p_k ∝ exp((z_k + classShift_k) / temperature)
///
/// with the log weight z_k that training gives to class k.
public struct ScoreAdjustment: Sendable, Equatable {
  /// What is added to the log weight of each class; the mean is 0.
  public let classShift: [Double]

  /// T, above 0: below 1 probabilities become more certain, above 1 less.
  public let temperature: Double

  /// Creates an adjustment.
  ///
  /// - Parameter classShift: A value for each class; their mean is taken off.
  /// - Precondition: Values are finite, and the temperature is above 0.
  public init(classShift: [Double], temperature: Double = 1) {
    precondition(temperature > 0 && temperature.isFinite, "the temperature is above 0")
    let mean = classShift.reduce(0, +) / Double(max(1, classShift.count))
    self.classShift = classShift.map { $0 - mean }
    self.temperature = temperature
  }

  /// As it was stored, to the last bit.
  init(stored classShift: [Double], temperature: Double) {
    self.classShift = classShift
    self.temperature = temperature
  }

  /// This adjustment, and then another one of what it gives.
  func followed(by next: ScoreAdjustment) -> ScoreAdjustment {
    ScoreAdjustment(
      classShift: zip(classShift, next.classShift).map { $0 + temperature * $1 },
      temperature: temperature * next.temperature)
  }
}

extension TextClassifier {
  /// The same classifier with other log weights of the classes.
  ///
  /// What was done to it before stays; ``adjustment`` has both.
  ///
  /// - Precondition: The adjustment has a shift for each class.
  /// - Complexity: O(features × classes).
  public func adjusted(by change: ScoreAdjustment) -> TextClassifier {
    precondition(change.classShift.count == labels.count, "there is a shift for each class")
    let scale = 1 / change.temperature
    var classifier = self
    if scale != 1 { classifier.weights = weights.map { Float(Double($0) * scale) } }
    classifier.intercepts = zip(intercepts, change.classShift).map {
      Float((Double($0) + $1) * scale)
    }
    classifier.adjustment = adjustment?.followed(by: change) ?? change
    return classifier
  }
}
