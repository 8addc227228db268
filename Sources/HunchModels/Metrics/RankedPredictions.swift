/// What a classifier takes documents for and how sure it is, beside whether it is right: so that one can
/// tell from which probability on it is right often enough.
///
/// The predicted class is the most probable one; a tie goes to the class that is listed first.
package struct RankedPredictions: Sendable {
  /// A document by the class that it is taken for.
  fileprivate struct Prediction {
    var probability: Float
    var isRight: Bool
  }

  /// What is right of the documents that are taken for a class.
  package struct Answers: Sendable, Equatable {
    /// The documents that are taken for it with a probability from the threshold on.
    package fileprivate(set) var documents: Int
    /// Those of them that belong to it.
    package fileprivate(set) var right: Int

    fileprivate mutating func add(_ prediction: Prediction) {
      documents += 1
      right += prediction.isRight ? 1 : 0
    }

    /// The share that is right; nil without documents.
    package var precision: Double? {
      documents > 0 ? Double(right) / Double(documents) : nil
    }

    /// Wilson's 95 % interval of ``precision``.
    package var interval: Interval? {
      Wilson.interval(successes: Double(right), trials: Double(documents))
    }

    /// What is right of the documents of several classes.
    package init(all answers: [Answers] = []) {
      documents = answers.reduce(0) { $0 + $1.documents }
      right = answers.reduce(0) { $0 + $1.right }
    }
  }

  /// By predicted class.
  private var predictions: [[Prediction]]

  /// The number of documents.
  package var documents: Int { predictions.reduce(0) { $0 + $1.count } }

  package init(classCount: Int) { predictions = Array(repeating: [], count: classCount) }

  /// Adds documents.
  ///
  /// - Parameters:
  ///   - probabilities: Flat, documents × classes, as ``TextClassifier/probabilities(_:)`` returns.
  ///   - gold: The gold class of each document; -1 means unknown, and the document is not counted.
  /// - Complexity: O(documents × classes).
  package mutating func add(_ probabilities: [Float], gold: [Int]) {
    let classes = predictions.count
    precondition(
      probabilities.count == gold.count * classes, "there is a probability for each class")
    for (document, gold) in gold.enumerated() where gold >= 0 {
      let row = probabilities[document * classes..<(document + 1) * classes]
      let label = DecisionRule.mostProbable.first(row.lazy.map(Double.init))
      predictions[label].append(
        Prediction(probability: row[row.startIndex + label], isRight: label == gold))
    }
  }

  /// For each class the least probability from which on what is taken for it is right often enough; nil
  /// where there is none.
  ///
  /// - Parameters:
  ///   - precision: The share that has to be right.
  ///   - isCertain: Whether the lower end of the share's 95 % interval has to reach it, and not the
  ///   share itself.
  /// - Complexity: O(n log n) for n documents.
  package func thresholds(precision: Double, isCertain: Bool) -> [Float?] {
    predictions.map { predictions in
      let ranked = predictions.sorted { $0.probability > $1.probability }
      var answers = Answers()
      var threshold: Float?
      for (place, prediction) in ranked.enumerated() {
        answers.add(prediction)
        // Documents of one probability are answered together or not at all.
        if place + 1 < ranked.count, ranked[place + 1].probability == prediction.probability {
          continue
        }
        let reached = isCertain ? answers.interval?.lower : answers.precision
        if let reached, reached >= precision { threshold = prediction.probability }
      }
      return threshold
    }
  }

  /// What is right from the threshold of each class on; nothing is taken for a class without one.
  ///
  /// - Complexity: O(documents).
  package func answers(from thresholds: [Float?]) -> [Answers] {
    zip(predictions, thresholds).map { predictions, threshold in
      guard let threshold else { return Answers() }
      var answers = Answers()
      for prediction in predictions where prediction.probability >= threshold {
        answers.add(prediction)
      }
      return answers
    }
  }
}
