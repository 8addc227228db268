import HunchModels

/// What is known of a project's functions, classes and models, before any wording: findings are
/// made from it, and the HTML report shows it.
struct ReportFacts: Sendable {
  /// The most pairs for which is counted with which of the two gold sides.
  static let judgedPairs = 100

  /// A labeling function as the catalog and the analysis know it.
  struct Function: Sendable {
    var name: String
    var kind: String
    var summary: String?
    var figures: FunctionAnalysis
    /// The accuracy that votes of the same classes would have if they were cast blindly: the gold
    /// share of the classes it votes for, weighted by its votes. `nil` without gold.
    var blindAccuracy: Double?
    /// How right the label model believes it to be; not measured. `nil` before it is fitted.
    var impliedAccuracy: Double?
    var impliedInterval: Interval?
  }

  /// What the functions say of a class.
  struct Class: Sendable {
    var name: String
    /// Functions that vote for it somewhere.
    var functions: Int
    /// Documents with a vote for it.
    var documents = 0
    /// Documents whose gold label it is, those of them with a vote, and with a vote for it.
    var gold = 0
    var goldCovered = 0
    var goldReached = 0
  }

  /// Two functions that disagree.
  struct Conflict: Sendable {
    var first: Int
    var second: Int
    var disagreements: Int
    var agreements: Int
    /// The first documents of the corpus on which they disagree, where they were looked for.
    var examples: [DocumentID] = []
    /// Of the documents on which they disagree, those where gold is the first's vote, the second's,
    /// or another class; `nil` where it was not counted.
    var gold: (first: Int, second: Int, neither: Int)?
  }

  var applied: ApplyReport
  var analysis: LabelingAnalysis
  var functions: [Function]
  var classes: [Class]
  var pairs: FunctionPairs
  /// Pairs that disagree, most documents first, and the number of all of them.
  var conflicts: [Conflict]
  var conflictPairs: Int
  /// How far the votes of all functions agree; `nil` where that is not defined.
  var alpha: KrippendorffAlpha?
  /// The crowds, without their workers.
  var crowds: [WorkersReport.Crowd]
  /// The gold labels of the test split, of which nothing is said here.
  var testLabels: Int
  /// Whether documents without votes train the classifier.
  var learnsFromUncovered: Bool
  /// Why there is no classifier, where there was nothing to train on.
  var trainingProblem: String?
  /// `nil` without gold, without a classifier, or before either was asked for.
  var evaluation: EvaluateReport?

  var documents: Int { analysis.documents }
  var goldDocuments: Int { classes.reduce(0) { $0 + $1.gold } }
  var hasGold: Bool { goldDocuments > 0 }
}
