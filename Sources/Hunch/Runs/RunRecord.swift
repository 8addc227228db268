import HunchModels

/// A run as the workspace remembers it.
public struct RunRecord: Sendable {
  /// One labeling function. Shares are of all documents.
  public struct Function: Codable, Sendable, Equatable {
    /// The name that rules and reports use.
    public var name: String
    /// The kind, such as `keywords` or `pattern`.
    public var kind: String
    /// Stands for everything that its votes depend on besides the document.
    public var fingerprint: String
    /// What of a chunk its votes depend on: the raw value of a ``ChunkAspect``.
    var aspect: Int
    /// The class that it votes for where no other function votes; nil for any other kind.
    var otherwise: Int16?
    /// What it did.
    public var figures: Figures
  }

  /// What a labeling function did.
  public struct Figures: Codable, Sendable, Equatable {
    /// The number of documents it votes on.
    public var votes: Int
    /// The share of documents with a vote of it.
    public var coverage: Double
    /// The share of documents with its vote and one for another class.
    public var conflicts: Double
    /// Votes that agree with gold, and that do not; nil without gold.
    public var correct: Int?
    /// Votes that do not; nil without gold.
    public var incorrect: Int?
    /// The agreement-implied accuracy.
    public var impliedAccuracy: Double?
  }

  /// The figures of a model on the gold labels of the evaluated split.
  public struct Scores: Codable, Sendable, Equatable {
    /// The number of documents.
    public var documents: Int
    /// The share of documents whose label is the gold label.
    public var accuracy: Double
    /// The mean F1 over classes.
    public var macroF1: Double
    /// The mean of −log p(gold).
    public var logLoss: Double
  }

  /// What the run came to.
  public struct Totals: Codable, Sendable, Equatable {
    /// The classes, in order.
    public var labels: [String]
    /// The number of documents.
    public var documents: Int
    /// The share of documents with a vote, with a further one, and with votes that disagree.
    public var coverage: Double
    /// The share with a further vote.
    public var overlaps: Double
    /// The share with votes that disagree.
    public var conflicts: Double
    /// The label model that was taken.
    public var labelModel: String
    /// The share of each class that the label model took; nil in runs of older versions.
    public var classBalance: [Double]?
    /// The split that was evaluated; nil without gold labels that measure.
    public var split: String?
    /// The label model on documents with a vote, and on all; the classifier on all.
    public var labelModelScores: Scores?
    /// The label model on all documents.
    public var labelModelAllScores: Scores?
    /// The classifier on all documents.
    public var classifierScores: Scores?
  }

  /// What is known of the documents, by the names of pieces.
  struct Pieces: Codable, Sendable, Equatable {
    var contents: String
    var labels: String
    var scores: String
  }

  /// The run's number, as `hunch runs` shows it.
  public internal(set) var number: Int
  /// When it began to be recorded, in ISO 8601, UTC.
  public internal(set) var started: String
  /// When the same run was done last, and how often it was done.
  public internal(set) var last: String
  /// How often the same run was done.
  public internal(set) var times: Int
  /// The latest earlier run with the same content; nil without.
  public internal(set) var sameAs: Int?
  /// What `hunch.yaml` and the command line said, by key.
  public internal(set) var configuration: [String: String]
  /// The labeling functions, in the order of the project.
  public internal(set) var functions: [Function]
  /// What the run came to.
  public internal(set) var totals: Totals
  /// Stands for everything above but time and number.
  var identity = ""
  /// What the labels of documents depend on.
  var labelsKey = ""
  /// Nil where documents are no longer kept.
  var pieces: Pieces?
}

extension RunRecord.Scores {
  init?(_ scored: EvaluateReport.Scored?) {
    guard let metrics = scored?.metrics else { return nil }
    self.init(
      documents: metrics.documents, accuracy: metrics.accuracy, macroF1: metrics.macroF1,
      logLoss: metrics.logLoss)
  }
}

extension RunRecord.Totals {
  init(
    _ analysis: AnalyzeReport, _ fit: FitReport, _ evaluation: EvaluateReport?, labels: [String]
  ) {
    self.init(
      labels: labels, documents: analysis.documents, coverage: analysis.coverage,
      overlaps: analysis.overlaps, conflicts: analysis.conflicts,
      labelModel: fit.chosenModel.map { "\(fit.labelModel) (\($0))" } ?? fit.labelModel,
      classBalance: fit.classBalance, split: evaluation?.split,
      labelModelScores: .init(evaluation?.labelModel),
      labelModelAllScores: .init(evaluation?.labelModelAll),
      classifierScores: .init(evaluation?.classifier))
  }
}

extension RunRecord.Function {
  /// The functions of a project with what they did.
  static func all(
    _ functions: [CatalogFunction], _ analysis: AnalyzeReport, _ fit: FitReport?
  ) -> [RunRecord.Function] {
    functions.indices.map { index in
      let (function, figures) = (functions[index], analysis.functions[index])
      return RunRecord.Function(
        name: function.name, kind: function.kind, fingerprint: function.fingerprint,
        aspect: function.aspect.rawValue, otherwise: function.otherwise,
        figures: RunRecord.Figures(
          votes: figures.votes, coverage: figures.coverage, conflicts: figures.conflicts,
          correct: figures.gold?.correct, incorrect: figures.gold?.incorrect,
          impliedAccuracy: fit?.functions[index].accuracy))
    }
  }
}
