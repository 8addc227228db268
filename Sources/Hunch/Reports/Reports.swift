public import HunchModels

/// What applying the labeling functions did.
public struct ApplyReport: Encodable, Sendable {
  /// A function that could not be evaluated on some documents and abstained there.
  public struct Failure: Encodable, Sendable, Equatable {
    /// The function's name.
    public var function: String
    /// The number of documents.
    public var documents: Int
    /// The reasons with their counts, most frequent first.
    public var reasons: [String]
  }

  /// What the last evaluation of a function took.
  public struct Timing: Encodable, Sendable, Equatable {
    /// The function's name.
    public var function: String
    /// The seconds of all threads, without the scan that all functions share. What functions have
    /// in common, such as an equal pattern, counts for the first of them.
    public var seconds: Double
    /// The number of documents that it was evaluated on.
    public var documents: Int
  }

  /// The number of documents.
  public var documents: Int
  /// The labeling functions, in the order of the project.
  public var functions: Int
  /// Function × document pairs evaluated in this run.
  public var evaluations: Int
  /// Function × document pairs whose stored votes were used.
  public var reused: Int
  /// The functions of which anything was evaluated in this run.
  public var evaluatedFunctions: [String]
  /// Function × document pairs that could not be evaluated; the function abstains there.
  public var errors: Int
  /// The functions concerned, in the order of the project.
  public var failures: [Failure]
  /// Things about the corpus and the vote files that the user should know.
  public var warnings: [String]
  /// What the last evaluation of each function took, be it in this run or in an earlier one; votes
  /// from files take no time of their own.
  public var timings: [Timing]
  /// The seconds of all threads that this run spent on the one scan for keywords, names and the
  /// literals that patterns require.
  public var scanSeconds: Double
  /// How long it took, in wall-clock seconds.
  public var seconds: Double
  /// What language models were asked; nil where no rule asks.
  public var languageModel: AskReport?
}

/// How the labeling functions behave on the documents of a split.
public struct AnalyzeReport: Encodable, Sendable {
  /// One labeling function. Fractions are of all documents of the split.
  public struct Function: Sendable {
    /// The name that rules and reports use.
    public var name: String
    /// The kind, such as `keywords` or `pattern`.
    public var kind: String
    /// The line that the author wrote on it.
    public var summary: String?
    /// The classes it votes for, in the order of the labels.
    public var polarity: [String]
    /// The number of documents it votes on.
    public var votes: Int
    /// The share of documents with a vote.
    public var coverage: Double
    /// The share of documents with a vote and a further one.
    public var overlaps: Double
    /// The share of documents with votes that disagree.
    public var conflicts: Double
    /// Figures against gold; `nil` when the split has none.
    public var gold: GoldFigures?
  }

  /// A function against the gold labels of the documents on which it votes.
  public struct GoldFigures: Sendable {
    /// Votes that agree with gold.
    public var correct: Int
    /// Votes that disagree with gold.
    public var incorrect: Int
    /// The share of its votes that are right; `nil` where it has none on gold.
    public var empiricalAccuracy: Double?
    /// Wilson's 95 % interval of the empirical accuracy.
    public var empiricalAccuracyInterval: Interval?
  }

  /// The split, or `all`.
  public var split: String
  /// The number of documents.
  public var documents: Int
  /// The documents of the split with a gold label.
  public var goldDocuments: Int
  /// The share of documents with a vote.
  public var coverage: Double
  /// The share of documents with a vote and a further one.
  public var overlaps: Double
  /// The share of documents with votes that disagree.
  public var conflicts: Double
  /// The labeling functions, in the order of the project.
  public var functions: [Function]
  /// What to fix first, by votes and gold labels alone.
  public var findings: [Finding]

  /// The gold labels that were given by hand; `nil` without.
  package var workspaceLabels: WorkspaceLabels?

  /// Krippendorff's alpha of all functions, who abstain where they have no answer; `nil` where no
  /// document has two votes, or all votes are for one class.
  public var alpha: Double?
  /// Its 95 % interval.
  public var alphaInterval: [Double]?
  /// The crowds, without their workers; `nil` without a crowd.
  public var crowds: [WorkersReport.Crowd]?

  /// For each function the weight of the most important finding that names it, if any does.
  public var attention: [Finding.Weight?] { findings.attention(functions: functions.count) }
}

/// Pairs of functions that disagree.
public struct ConflictsReport: Encodable, Sendable {
  /// Two functions that disagree.
  public struct Pair: Encodable, Sendable {
    /// The labeling functions, in the order of the project.
    public var functions: [String]
    /// Documents on which the two vote for different classes.
    public var documents: Int
    /// Documents on which the two vote for the same class.
    public var agreements: Int
    /// The ids of some documents on which they disagree.
    public var exampleIds: [String]
  }

  /// The split, or `all`.
  public var split: String
  /// The number of documents.
  public var documents: Int
  /// The pairs, most documents first.
  public var pairs: [Pair]
  /// The pairs that disagree too, on no more documents than those listed; `nil` where all are
  /// listed.
  public var omittedPairs: Int?
}

/// What a label model learned.
public struct FitReport: Sendable {
  /// One labeling function.
  public struct Function: Sendable {
    /// The name that rules and reports use.
    public var name: String
    /// The number of documents it votes on.
    public var votes: Int
    /// The agreement-implied accuracy: how right the model believes the function's votes to be.
    public var accuracy: Double?
    /// An interval of the implied accuracy, 95 %.
    public var accuracyInterval: Interval?
    /// The share of covered documents whose label would be another one without its votes.
    public var changedLabels: Double
    /// The largest change of a posterior without its votes.
    public var largestChange: Double
    /// The share of covered documents that have no vote but its own.
    public var coverageLost: Double
    /// Figures against development labels; `nil` where there are none.
    public var gold: AnalyzeReport.GoldFigures?
  }

  /// How well the model explains how often pairs of functions vote together. What it explains may
  /// still be wrong: it is a necessary condition, not a sufficient one.
  public struct Goodness: Encodable, Sendable {
    /// What two functions vote on the same documents.
    public struct Pair: Encodable, Sendable {
      /// The labeling functions, in the order of the project.
      public var functions: [String]
      /// The class that each votes for.
      public var labels: [String]
      /// The documents on which they do.
      public var observed: Int
      /// The documents that the model expects.
      public var expected: Double
      /// The standardised residual.
      public var z: Double
    }

    /// The root of the mean squared residual; `nil` where no pair is expected on five documents.
    public var rms: Double?
    /// The number of pairs that are expected on five documents or more.
    public var pairs: Int
    /// The pairs furthest off.
    public var worst: [Pair]
  }

  /// Two functions that depend on each other.
  public struct Dependency: Encodable, Sendable {
    /// The labeling functions, in the order of the project.
    public var functions: [String]
    /// How they depend on each other: copy, nested, dependent or declared.
    public var kind: String
    /// The correlation of the functions given the class: 1 for exact copies.
    public var strength: Double
    /// The number of documents on which both vote.
    public var overlap: Int
    /// The number of documents on which they vote alike.
    public var agreements: Int
    /// The number of documents on which at least one votes.
    public var documents: Int
    /// The share of covered documents whose most probable class changes with the dependence.
    public var changedLabels: Double
    /// The largest change of a posterior with the dependence.
    public var largestChange: Double
  }

  /// What a classifier of the texts, trained on the labels of other documents, says of documents.
  public struct Text: Encodable, Sendable {
    /// The training documents.
    public var documents: Int
    /// The share of what the votes say that it predicts; see ``TextEvidence/explained``.
    public var explained: Double
    /// How much it counts, where a vote counts 1; 0 where the label model does without.
    public var strength: Double
  }

  /// How the votes of a crowd joined the fit.
  public struct Crowd: Encodable, Sendable, Equatable {
    /// What the configuration calls it.
    public var name: String
    /// The number of workers.
    public var workers: Int
    /// The model that compared the workers with each other.
    public var model: String
    /// What became of it, and why.
    public var reason: String
  }

  /// The label model's name.
  public var labelModel: String
  /// Whether the model was asked for by name or chosen by `auto`.
  public var isAutomatic: Bool
  /// How its posteriors are found.
  public var method: FittedLabelModel.Method
  /// The model that compared workers, where all votes are a crowd's.
  public var chosenModel: String?
  /// What gold labels say of the posteriors, and the temperature that they led to.
  package var calibration: Calibration
  /// The models that gold labels chose between, that which was taken first; empty without a choice.
  package var modelChoice: [ModelScore]
  /// The classes, in order.
  public var labels: [String]
  /// By class, in the order of the labels.
  public var classBalance: [Double]
  /// The class balance for which labels are chosen, likewise.
  public var decisionBalance: [Double]
  /// How votes of crowds joined the fit; empty without a crowd.
  public var crowds: [Crowd]
  /// What pairs of functions told before the fit, for a model that learns its prior.
  public var learnedPrior: LearnedPrior?
  /// What the texts say beside the votes, for a model that lets them.
  public var text: Text?
  /// The log-likelihood of the votes, where the model has one.
  public var logLikelihood: Double?
  /// The rounds until the fit was stable.
  public var iterations: Int
  /// The documents that the model was fitted on.
  public var documents: Int
  /// Those of them with a vote.
  public var covered: Int
  /// The number of distinct rows of votes.
  public var patterns: Int
  /// The labeling functions, in the order of the project.
  public var functions: [Function]
  /// Functions that depend on each other.
  public var dependencies: [Dependency]
  /// How well the model explains how often pairs of functions vote together.
  public var goodnessOfFit: Goodness
  /// The share of covered documents on which one class has most votes and another label is taken.
  public var majorityDifference: Double
  /// What the user should know, in words.
  public var warnings: [String]
}

/// What training the classifier did.
public struct TrainReport: Encodable, Sendable {
  /// The search for a step size of ``HunchModels/TrainingMethod/parameterFree``.
  public struct StepSize: Encodable, Sendable, Equatable {
    /// η_lo and η_hi, between which the step that is neither too small nor too large lies.
    public var bracket: [Double]
    /// The one that was taken.
    public var step: Double
    /// The passes of each run, in the order of the attempts.
    public var budgets: [Int]

    init(_ search: StepSearch) {
      bracket = [search.bracket.lowerBound, search.bracket.upperBound]
      (step, budgets) = (search.step, search.budgets)
    }
  }

  /// The features in use.
  public var features: Int
  /// The number of documents.
  public var documents: Int
  /// The covered training documents that were left out, evenly, because memory is bounded; `nil`
  /// where all were used.
  public var omittedDocuments: Int?
  /// The rounds of the optimiser: iterations of L-BFGS, or passes of dual ascent.
  public var epochs: Int
  /// How the weights were found: the raw value of a ``HunchModels/TrainingMethod``.
  public var method: String
  /// How the step size was found; `nil` for a method without one.
  public var stepSearch: StepSize?
  /// What was added to the log weight of each class, so that documents that a classifier has not
  /// seen get each class as often as the label model gives it, by class name; `nil` where nothing
  /// was.
  public var classShift: [String: Double]?
  /// By what the log weights of the classes were then divided: below 1, probabilities became more
  /// certain; `nil` where nothing was done.
  public var temperature: Double?
  /// What gold labels then taught it; `nil` where it was not adapted to any.
  public var goldLearning: GoldLearningReport?
  /// Whether a stored classifier of the same inputs was used.
  public var reused: Bool
  /// How long it took, in wall-clock seconds.
  public var seconds: Double
}

/// The label model and the classifier against gold.
public struct EvaluateReport: Sendable {
  /// A model's figures, with the share of documents that it was scored on.
  public struct Scored: Sendable {
    /// The figures.
    public var metrics: ClassificationMetrics
    /// The share of documents with a vote.
    public var coverage: Double
  }

  /// What the label model is called on all documents: the first row wherever figures are shown,
  /// since the classifier is scored on the same ones.
  public static let allName = "label model, all"
  /// What it is called on documents with a vote.
  public static let coveredName = "label model, covered"

  /// The split, or `all`.
  public var split: String
  /// Documents of the split with gold.
  public var documents: Int
  /// The classes, in order.
  public var labels: [String]
  /// On covered documents; `nil` where none is covered.
  public var labelModel: Scored?
  /// On all documents; uncovered ones get the class balance.
  public var labelModelAll: Scored?
  /// On all documents.
  public var classifier: Scored?
  /// A classifier that learned from gold labels alone, on all documents.
  public var goldOnly: GoldOnly?
  /// The figures on each slice of the rule pack, in its order.
  public var slices: [Slice]
  /// How ties and uncovered documents are treated, in words.
  public var policy: String
  /// How sure the classifier has to be to be right often enough, where that was asked for.
  public var precision: PrecisionReport?
  /// The documents that deserve a look, where they were asked for.
  public var worst: WorstReport?
  /// The documents by gold class, prediction and votes, where they were asked for.
  public var buckets: BucketReport?
  /// The gold labels that were given by hand; `nil` without.
  package var workspaceLabels: WorkspaceLabels?
}

/// Why a document got its label.
public struct ExplainReport: Encodable, Sendable {
  /// A vote on the document.
  public struct FunctionVote: Encodable, Sendable {
    /// The function's name.
    public var function: String
    /// The class voted for.
    public var vote: String
    /// The log weight that the vote adds to each class, by class name.
    public var weights: [String: Double]
  }

  /// A feature of the document's text.
  public struct Feature: Encodable, Sendable {
    /// The n-gram as text.
    public var feature: String
    /// The raw value of a ``HunchModels/FeatureContribution/Kind``.
    public var kind: String
    /// What the feature adds to the predicted class beyond the mean class.
    public var contribution: Double
    /// Whether different n-grams of the document share the weight, because they fall into the same
    /// bucket.
    public var collides: Bool
    /// The others of them; empty without.
    public var sharesWith: [String]
  }

  /// The document's id.
  public var id: String
  /// Its split.
  public var split: String
  /// The text, where asked for.
  public var text: String?
  /// The gold label, where it is known.
  public var gold: String?
  /// The votes on it.
  public var votes: [FunctionVote]
  /// What the text adds to the log weight of each class, by class name.
  public var textWeights: [String: Double]
  /// The label model's posterior by class name; the class balance when no function votes.
  public var posterior: [String: Double]
  /// The predicted class.
  public var label: String?
  /// Whether any function votes on it.
  public var covered: Bool
  /// The classifier's probabilities by class name.
  public var classifier: [String: Double]
  /// The class that the classifier takes.
  public var predicted: String
  /// The features of the text that speak most for the predicted class, strongest first.
  public var features: [Feature]
  /// The features of the text that speak most against it, strongest first.
  public var against: [Feature]
}
