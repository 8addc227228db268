public import HunchModels

/// What applying the labeling functions did.
public struct ApplyReport: Encodable, Sendable {
  /// A function that could not be evaluated on some documents and abstained there.
  public struct Failure: Encodable, Sendable, Equatable {
    public var function: String
    public var documents: Int
    /// The reasons with their counts, most frequent first.
    public var reasons: [String]
  }

  public var documents: Int
  public var functions: Int
  /// Function × document pairs evaluated in this run.
  public var evaluations: Int
  /// Function × document pairs whose stored votes were used.
  public var reused: Int
  /// The functions of which anything was evaluated in this run.
  public var evaluatedFunctions: [String]
  /// Function × document pairs that could not be evaluated; the function abstains there.
  public var errors: Int
  public var failures: [Failure]
  /// Things about the corpus and the vote files that the user should know.
  public var warnings: [String]
  public var seconds: Double
}

/// How the labeling functions behave on the documents of a split.
public struct AnalyzeReport: Encodable, Sendable {
  /// One labeling function. Fractions are of all documents of the split.
  public struct Function: Sendable {
    public var name: String
    public var kind: String
    public var summary: String?
    public var polarity: [String]
    public var votes: Int
    public var coverage: Double
    public var overlaps: Double
    public var conflicts: Double
    /// Figures against gold; `nil` when the split has none.
    public var gold: GoldFigures?
  }

  /// A function against the gold labels of the documents on which it votes.
  public struct GoldFigures: Sendable {
    public var correct: Int
    public var incorrect: Int
    /// The share of its votes that are right; `nil` where it has none on gold.
    public var empiricalAccuracy: Double?
    /// Wilson's 95 % interval of the empirical accuracy.
    public var empiricalAccuracyInterval: Interval?
  }

  /// The split, or `all`.
  public var split: String
  public var documents: Int
  public var goldDocuments: Int
  public var coverage: Double
  public var overlaps: Double
  public var conflicts: Double
  public var functions: [Function]
}

/// Pairs of functions that disagree.
public struct ConflictsReport: Encodable, Sendable {
  public struct Pair: Encodable, Sendable {
    public var functions: [String]
    /// Documents on which the two vote for different classes.
    public var documents: Int
    /// Documents on which the two vote for the same class.
    public var agreements: Int
    public var exampleIds: [String]
  }

  public var split: String
  public var documents: Int
  public var pairs: [Pair]
}

/// What a label model learned.
public struct FitReport: Sendable {
  public struct Function: Sendable {
    public var name: String
    public var votes: Int
    /// The agreement-implied accuracy: how right the model believes the function's votes to be.
    public var accuracy: Double?
    public var accuracyInterval: Interval?
  }

  public struct Dependency: Encodable, Sendable {
    public var functions: [String]
    public var strength: Double
  }

  public var labelModel: String
  /// Whether the model was asked for by name or chosen by `auto`.
  public var isAutomatic: Bool
  public var labels: [String]
  /// By class, in the order of the labels.
  public var classBalance: [Double]
  public var logLikelihood: Double?
  public var iterations: Int
  /// Documents that the model was fitted on, and those of them that have a vote.
  public var documents: Int
  public var covered: Int
  public var patterns: Int
  public var functions: [Function]
  public var dependencies: [Dependency]
  public var warnings: [String]
}

/// What training the classifier did.
public struct TrainReport: Encodable, Sendable {
  public var features: Int
  public var documents: Int
  public var epochs: Int
  /// Whether a stored classifier of the same inputs was used.
  public var reused: Bool
  public var seconds: Double
}

/// The label model and the classifier against gold.
public struct EvaluateReport: Sendable {
  /// A model's figures, with the share of documents that it was scored on.
  public struct Scored: Sendable {
    public var metrics: ClassificationMetrics
    public var coverage: Double
  }

  public var split: String
  /// Documents of the split with gold.
  public var documents: Int
  public var labels: [String]
  /// On covered documents; `nil` where none is covered.
  public var labelModel: Scored?
  /// On all documents; uncovered ones get the class balance.
  public var labelModelAll: Scored?
  /// On all documents.
  public var classifier: Scored?
  /// How ties and uncovered documents are treated, in words.
  public var policy: String
}

/// Why a document got its label.
public struct ExplainReport: Encodable, Sendable {
  public struct FunctionVote: Encodable, Sendable {
    public var function: String
    public var vote: String
    /// The log weight that the vote adds to each class, by class name.
    public var weights: [String: Double]
  }

  public struct Feature: Encodable, Sendable {
    public var feature: String
    public var kind: String
    /// What the feature adds to the predicted class beyond the mean class.
    public var contribution: Double
  }

  public var id: String
  public var split: String
  public var gold: String?
  public var votes: [FunctionVote]
  /// The label model's posterior by class name; the class balance when no function votes.
  public var posterior: [String: Double]
  public var label: String?
  public var covered: Bool
  /// The classifier's probabilities by class name.
  public var classifier: [String: Double]
  public var predicted: String
  public var features: [Feature]
}

/// The figures of a whole run.
public struct RunReport: Sendable {
  public var apply: ApplyReport
  public var analyze: AnalyzeReport
  public var fit: FitReport
  public var train: TrainReport
  /// `nil` when the corpus has no gold label.
  public var evaluate: EvaluateReport?
}
