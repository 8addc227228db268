/// How a label is chosen from the probabilities of the classes.
///
/// Probabilities are those of the class balance that a model was fitted with. If labels are used
/// where classes are otherwise frequent, the class with the largest posterior_k · decision_k /
/// training_k is the most probable one there (Bayes' rule with the class balance exchanged;
/// Saerens, Latinne and Decaestecker 2002). The probabilities themselves are left as they are.
package struct DecisionRule: Sendable, Equatable {
  /// decision_k / training_k; nil where labels are the most probable classes.
  private let factors: [Double]?

  /// The most probable class is taken.
  package static let mostProbable = DecisionRule(factors: nil)

  private init(factors: [Double]?) { self.factors = factors }

  /// Takes the class balance of the place where labels are used.
  ///
  /// - Parameters:
  ///   - decision: That balance, positive.
  ///   - training: The class balance of the probabilities, positive.
  /// - Precondition: There are equally many shares of both.
  package init(decision: [Double], training: [Double]) {
    precondition(decision.count == training.count, "there is a share for each class")
    factors = decision == training ? nil : zip(decision, training).map { $0 / $1 }
  }

  /// The label of a document by its probabilities; of several equally good ones, the first.
  ///
  /// - Complexity: O(classes).
  package func label(_ probabilities: ArraySlice<Double>) -> Int { first(probabilities) }

  /// The same of an array.
  package func label(_ probabilities: [Double]) -> Int { first(probabilities[...]) }

  /// The same of single precision.
  package func label(_ probabilities: ArraySlice<Float>) -> Int {
    first(probabilities.lazy.map(Double.init))
  }

  // Generic code is slow where it is called from another module.
  @inline(__always)
  func first(_ probabilities: some Collection<Double>) -> Int {
    var best = 0
    var highest = -Double.infinity
    for (label, probability) in probabilities.enumerated() {
      let weight = factors.map { probability * $0[label] } ?? probability
      if weight > highest { (best, highest) = (label, weight) }
    }
    return best
  }
}
