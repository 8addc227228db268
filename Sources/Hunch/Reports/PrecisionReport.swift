import HunchModels

/// How often a classifier should be right where it answers.
package struct PrecisionGoal: Sendable, Equatable {
  /// The share of its answers, above 0 and up to 1.
  package var precision: Double
  /// Whether the lower end of the share's 95 % interval has to reach that.
  package var isCertain: Bool

  package init(_ precision: Double, isCertain: Bool = false) {
    (self.precision, self.isCertain) = (precision, isCertain)
  }
}

/// From which probability on the classifier is right often enough, class by class, and how many documents
/// that leaves.
public struct PrecisionReport: Encodable, Sendable, Equatable {
  /// What is answered, of a class or of all.
  public struct Answers: Encodable, Sendable, Equatable {
    /// The documents.
    public var documents: Int
    /// The share of the split's documents with gold.
    public var coverage: Double
    /// The share that is right; `nil` without documents.
    public var precision: Double?
    /// Wilson's 95 % interval of the precision.
    public var precisionInterval: [Double]?

    fileprivate init(_ answers: RankedPredictions.Answers, of documents: Int) {
      self.documents = answers.documents
      coverage = documents > 0 ? Double(answers.documents) / Double(documents) : 0
      (precision, precisionInterval) = (answers.precision, answers.interval?.bounds)
    }
  }

  /// A class.
  public struct Class: Encodable, Sendable, Equatable {
    /// Its name.
    public var label: String
    /// The least probability; `nil` where no probability is high enough, so that it is never answered.
    public var threshold: Double?
    /// What that comes to on the labels that it was chosen on.
    public var chosen: Answers
    /// And on those of the split that is evaluated.
    public var evaluated: Answers
  }

  /// The precision that is asked for.
  public var precision: Double
  /// Whether its 95 % interval has to reach that.
  public var certain: Bool
  /// The split whose gold labels thresholds are chosen on.
  public var chosenOn: String
  /// The classes, in order.
  public var classes: [Class]
  /// All classes together, on the labels that thresholds were chosen on.
  public var chosen: Answers
  /// All classes together, on the split that is evaluated.
  public var evaluated: Answers

  /// - Parameters:
  ///   - chosenOn: The split of `development`.
  ///   - development: The documents with gold labels that thresholds are chosen on.
  ///   - evaluated: Those of the split that is evaluated, which may be the same.
  init(
    _ goal: PrecisionGoal, labels: [String], chosenOn: String, _ development: RankedPredictions,
    evaluated: RankedPredictions
  ) {
    let thresholds = development.thresholds(precision: goal.precision, isCertain: goal.isCertain)
    let (here, there) = (development.answers(from: thresholds), evaluated.answers(from: thresholds))
    (precision, certain, self.chosenOn) = (goal.precision, goal.isCertain, chosenOn)
    classes = labels.indices.map {
      Class(
        label: labels[$0], threshold: thresholds[$0].map(Double.init),
        chosen: Answers(here[$0], of: development.documents),
        evaluated: Answers(there[$0], of: evaluated.documents))
    }
    chosen = Answers(RankedPredictions.Answers(all: here), of: development.documents)
    self.evaluated = Answers(RankedPredictions.Answers(all: there), of: evaluated.documents)
  }
}
