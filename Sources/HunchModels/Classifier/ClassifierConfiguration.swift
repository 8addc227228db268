/// The settings of a text classifier; the defaults need no tuning.
public struct ClassifierConfiguration: Sendable, Equatable {
  /// Which n-grams become features.
  public var features: FeatureConfiguration

  /// λ: the weight of ½‖W‖² against the mean cross-entropy of a document, above 0; nil for what the
  /// number of documents says, see ``penalty(documents:)``.
  public var penalty: Double?

  /// The number of steps that L-BFGS remembers, 1 or more.
  public var historySize: Int

  /// The most evaluations of the gradient, 0 or more.
  public var maximumEvaluations: Int

  /// Training stops when the gradient's norm is this part of its norm at the start, above 0.
  public var tolerance: Double

  /// Creates a configuration.
  public init(
    features: FeatureConfiguration = FeatureConfiguration(), penalty: Double? = nil,
    historySize: Int = 10, maximumEvaluations: Int = 300, tolerance: Double = 1e-3
  ) {
    self.features = features
    self.penalty = penalty
    self.historySize = historySize
    self.maximumEvaluations = maximumEvaluations
    self.tolerance = tolerance
  }

  /// λ for a number n of documents: 0.5 / n, as if weights had a variance of 2, whatever n is. From
  /// 5,000 documents on it stays at 1e-4, since training would take the longer the more there are.
  public func penalty(documents: Int) -> Double {
    penalty ?? max(1e-4, 0.5 / Double(max(1, documents)))
  }

  /// The name of the first value outside its range, or nil.
  var violation: String? {
    if let name = features.violation { return "features.\(name)" }
    if let penalty, !(penalty > 0 && penalty.isFinite) { return "penalty" }
    if !(1...100 ~= historySize) { return "historySize" }
    if !(0...1_000_000 ~= maximumEvaluations) { return "maximumEvaluations" }
    if !(tolerance > 0 && tolerance.isFinite) { return "tolerance" }
    return nil
  }
}

/// How the weights of a classifier are found; the optimum is the same.
public enum TrainingMethod: String, Sendable, CaseIterable {
  /// L-BFGS (Liu & Nocedal 1989): the gradient of all documents in each iteration. Taken where the
  /// penalty times the number of documents is below 1, that is for less than 10,000 with the
  /// defaults, and where documents bring more than their texts or count differently.
  case quasiNewton = "l-bfgs"
  /// Stochastic dual coordinate ascent (Shalev-Shwartz & Zhang 2013): few passes over the
  /// documents, the fewer the more there are. It runs on one thread.
  case dualAscent = "dual-ascent"
  /// The same with the documents in a file, since memory does not hold them.
  case streamedDualAscent = "streamed-dual-ascent"
  /// Stochastic gradient descent that finds its own step size (Carmon & Hinder 2022), in some 50 passes
  /// on one thread; see ``StepSearch``. Taken only where it is asked for.
  case parameterFree = "parameter-free"
  /// The same with the documents in a file.
  case streamedParameterFree = "streamed-parameter-free"

  /// Whether documents are in a file.
  public var isStreamed: Bool { self == .streamedDualAscent || self == .streamedParameterFree }
}

/// How far a training has come; reported after every iteration.
public struct TrainingProgress: Sendable, Equatable {
  /// The number of iterations done.
  public let iteration: Int
  /// The number of iterations after which training stops in any case.
  public let maximumIterations: Int
  /// The regularised mean cross-entropy, natural logarithm.
  public let objective: Double
  /// The norm of the gradient divided by its norm at the start; of dual ascent, the duality gap
  /// that the pass met divided by that of the first.
  public let relativeGradient: Double
  /// The relative gradient, or gap, at which training ends.
  public let targetGradient: Double
}

/// Why a classifier cannot be trained.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A classifier tells at least two classes apart.
  case tooFewClasses(Int)
  /// No documents were added.
  case noDocuments
  /// There is not one row of probabilities for each text.
  case posteriorCount(expected: Int, found: Int)
  /// A document's posterior has a value that is negative or not finite, or has no positive value;
  /// documents are counted from 0 in the order in which they were added.
  case invalidPosterior(document: Int)
  /// A setting lies outside its range.
  case invalidConfiguration(name: String)
  /// A weight grew beyond all numbers.
  case notFinite
  /// The progress function asked to stop.
  case stopped(iterations: Int)

  /// What is wrong.
  public var description: String {
    switch self {
    case .tooFewClasses(let count):
      "a classifier needs at least two classes, and there are \(count)"
    case .noDocuments:
      "there are no labeled documents to train the classifier on"
    case .posteriorCount(let expected, let found):
      "there are label probabilities of \(found) documents for \(expected) texts"
    case .invalidPosterior(let document):
      "the label probabilities of training document \(document) are not probabilities"
    case .invalidConfiguration(let name):
      "the classifier setting \(name) lies outside its range"
    case .notFinite:
      "the weights of the classifier grew beyond all numbers; columns with very large values may be "
        + "the cause"
    case .stopped(let iterations):
      "training was stopped after \(iterations) iterations"
    }
  }
}
