import HunchModels

/// Everything that the HTML report shows, before any wording or drawing.
@dynamicMemberLookup
struct HTMLReportFacts: Sendable {
  struct SplitSize: Sendable {
    var name: String
    var documents: Int
    var gold: Int
    var covered: Int
  }

  /// A document with the part of its text that is shown.
  struct Example: Sendable {
    var document: ExampleDocument
    var passage: Passage?
  }

  var report: ReportFacts
  var name: String
  var pack: String?
  var packSummary: String?
  /// The corpus as the configuration names it.
  var corpus: String
  var splits: [SplitSize]
  var fit: FitReport
  /// `nil` where there was nothing to train on.
  var training: TrainReport?
  /// Errors and doubtful documents of another split than test.
  var errors: EvaluateReport?
  /// The last two recorded runs; `nil` with fewer.
  var runs: RunComparison?
  /// How the workers of crowds answer; `nil` without a crowd.
  var workers: WorkersReport?
  var showsTexts: Bool
  /// For each function.
  var examples: [FunctionExamples<Example>]
  /// The number of functions that examples were drawn for; fewer than all in a very large project.
  var exampleFunctions: Int
  /// Some documents without votes.
  var uncovered: [UncoveredDocument]
  var pairExamples: PairExamples
  /// For each class the words that speak most for it; empty without a classifier, or where texts
  /// are not shown.
  var strongest: [[StrongFeature]]

  subscript<Value>(dynamicMember path: KeyPath<ReportFacts, Value>) -> Value {
    report[keyPath: path]
  }
}
