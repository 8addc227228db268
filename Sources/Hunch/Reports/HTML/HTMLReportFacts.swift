import HunchModels

/// Everything that the HTML report shows, before any wording or drawing.
struct HTMLReportFacts: Sendable {
  /// A labeling function as the catalog and the analysis know it.
  struct Function: Sendable {
    var name: String
    var kind: String
    var summary: String?
    var figures: FunctionAnalysis
    /// The accuracy that votes of the same classes would have if they were cast blindly: the gold
    /// share of the classes it votes for, weighted by its votes. `nil` without gold.
    var blindAccuracy: Double?
    /// How right the label model believes it to be; not measured.
    var impliedAccuracy: Double?
    var impliedInterval: Interval?
    var hits: [HTMLExample] = []
    var mistakes: [HTMLExample] = []
  }

  /// What the functions say of a class, over all documents.
  struct Class: Sendable {
    var name: String
    /// Functions that vote for it somewhere.
    var functions: Int
    /// Documents with a vote for it.
    var documents: Int
    /// Documents whose gold label it is, those of them with a vote, and with a vote for it.
    var gold: Int
    var goldCovered: Int
    var goldReached: Int
    /// The share that the label model assumes.
    var balance: Double
  }

  struct SplitSize: Sendable {
    var name: String
    var documents: Int
    var gold: Int
    var covered: Int
  }

  /// Two functions that disagree.
  struct Conflict: Sendable {
    var first: Int
    var second: Int
    var disagreements: Int
    var agreements: Int
    var examples: [DocumentID]
    /// Of the documents on which they disagree, those where gold is the first's vote, the second's,
    /// or another class; `nil` where it was not counted.
    var gold: (first: Int, second: Int, neither: Int)?
  }

  var name: String
  var pack: String?
  var packSummary: String?
  /// The corpus as the configuration names it.
  var corpus: String
  var splits: [SplitSize]
  var applied: ApplyReport
  var analysis: LabelingAnalysis
  var functions: [Function]
  var classes: [Class]
  var pairs: HTMLPairTable
  /// Pairs that disagree, most documents first, and the number of all of them.
  var conflicts: [Conflict]
  var conflictPairs: Int
  var fit: FitReport
  /// `nil` where there was nothing to train on; then ``trainingProblem`` says why.
  var training: TrainReport?
  var trainingProblem: String?
  /// `nil` without gold or without a classifier.
  var evaluation: EvaluateReport?
  var showsTexts: Bool
  /// The number of functions that examples were drawn for; fewer than all in a very large project.
  var exampleFunctions: Int

  var documents: Int { analysis.documents }
  var goldDocuments: Int { classes.reduce(0) { $0 + $1.gold } }
  var hasGold: Bool { goldDocuments > 0 }
}
