package import HunchModels

/// What to say of two runs beside counts and figures.
public struct RunComparisonRequest: Sendable, Equatable {
  /// The most documents to list whose label flipped.
  public var count: Int
  /// Whether their texts' beginnings are shown.
  public var texts: Bool

  /// Asks for so many documents.
  public init(count: Int = 20, texts: Bool = false) {
    self.count = count
    self.texts = texts
  }
}

/// How one run differs from another: facts, which reports put into words.
public struct RunComparison: Encodable, Sendable {
  /// One of the two runs.
  public struct Run: Encodable, Sendable, Equatable {
    /// Its number in `hunch runs`.
    public var number: Int
    /// When it was recorded, in ISO 8601, UTC.
    public var started: String
    /// The number of documents, and the share of them with a vote.
    public var documents: Int
    /// The share of documents with a vote.
    public var coverage: Double
    /// The label model that was taken.
    public var labelModel: String
    /// The split that was evaluated.
    public var split: String?
  }

  /// How a labeling function changed.
  public enum Change: String, Encodable, Sendable {
    case added, removed, changed, renamed
  }

  /// A labeling function that is not the same in both runs.
  public struct Function: Encodable, Sendable, Equatable {
    /// The function's name.
    public var name: String
    /// What it was called, for one that was renamed.
    public var previousName: String?
    /// What happened to it.
    public var change: Change
    /// The kind, such as `keywords` or `pattern`.
    public var kind: String
    /// What it did in each run; nil where it was not there.
    public var before: RunRecord.Figures?
    /// In the later run.
    public var after: RunRecord.Figures?
    /// The documents with a flipped label on which its vote is another one; nil where the votes of
    /// the earlier run are no longer kept, or nobody asked.
    public var flipped: Int?
  }

  /// A setting that is not the same in both runs.
  public struct Setting: Encodable, Sendable, Equatable {
    /// The key, such as `label_model`.
    public var key: String
    /// In the earlier run.
    public var before: String?
    /// In the later run.
    public var after: String?
  }

  /// How many documents went from one label to another; nil stands for no label.
  public struct Transition: Encodable, Sendable, Equatable {
    /// In the earlier run.
    public var before: String?
    /// In the later run.
    public var after: String?
    /// The number of documents.
    public var documents: Int
  }

  /// Why the label of a document flipped.
  public enum Cause: String, Encodable, Sendable {
    /// A function that changed votes differently on it.
    case votes
    /// No function that changed does: the others' votes count otherwise, or texts say otherwise.
    case weights
    /// Its text or columns may have been edited: those of its chunk of documents were.
    case content
    /// Votes of the earlier run are no longer kept.
    case unknown
  }

  /// A vote that is not the same in both runs; nil stands for an abstention.
  public struct Vote: Encodable, Sendable, Equatable {
    /// The function's name.
    public var function: String
    /// In the earlier run.
    public var before: String?
    /// In the later run.
    public var after: String?
    /// Whether the vote of the earlier run is still known.
    public var isBeforeKnown: Bool
  }

  /// A document whose label flipped.
  public struct Flip: Encodable, Sendable, Equatable {
    /// The document's id.
    public var id: String
    /// In the earlier run.
    public var before: String?
    /// In the later run.
    public var after: String?
    /// The gold label, where it measures and its split was evaluated.
    public var gold: String?
    /// Why it flipped.
    public var cause: Cause
    /// The votes that are not the same.
    public var votes: [Vote]
    /// The beginning of the text, where asked for.
    public var text: String?
  }

  /// What flipped labels come from.
  public struct Causes: Encodable, Sendable, Equatable {
    /// Those on which a function that is not the same votes differently.
    public var votes = 0
    /// Those on which none does.
    public var weights = 0
    /// Those that may have been edited.
    public var content = 0
    /// Those whose old votes are no longer kept.
    public var unknown = 0
  }

  /// The documents of the two runs and the label model's labels of them.
  public struct Documents: Encodable, Sendable, Equatable {
    /// Those that are in both runs, by id.
    public var shared = 0
    /// Those of the earlier run alone.
    public var onlyBefore = 0
    /// Those of the later run alone.
    public var onlyAfter = 0
    /// Those of both whose label, or lack of one, is not the same.
    public var flipped = 0
    /// From which label to which, most documents first.
    public var transitions: [Transition] = []
    /// Where flips come from; nil where nobody asked.
    public var causes: Causes?
    /// Some of them, in corpus order.
    public var flips: [Flip] = []
  }

  /// A figure before and after.
  public struct Figure: Encodable, Sendable, Equatable {
    /// In the earlier run.
    public var before: Double
    /// In the later run.
    public var after: Double
    /// After minus before.
    public var difference: Double
    /// The 95 % interval of the difference: lower and upper end.
    public var interval: [Double]
    /// Of the exact test, for accuracy.
    public var pValue: Double?
    /// `better`, `worse`, `noise` or `unchanged`.
    package var verdict: FigureDifference.Verdict

    init(_ difference: FigureDifference) {
      (before, after) = (difference.before, difference.after)
      self.difference = difference.difference
      interval = [difference.interval.lower, difference.interval.upper]
      (pValue, verdict) = (difference.pValue, difference.verdict)
    }
  }

  /// A model on the documents that both runs scored.
  public struct Model: Encodable, Sendable, Equatable {
    /// The documents that became right, and that became wrong.
    public var becameRight: Int
    /// The documents that became wrong.
    public var becameWrong: Int
    /// The share of documents whose label is the gold label.
    public var accuracy: Figure
    /// The mean F1 over classes.
    public var macroF1: Figure
    /// The mean of −log p(gold); less is better.
    public var logLoss: Figure

    init(_ comparison: PairedComparison) {
      (becameRight, becameWrong) = (comparison.becameRight, comparison.becameWrong)
      accuracy = Figure(comparison.accuracy)
      macroF1 = Figure(comparison.macroF1)
      logLoss = Figure(comparison.logLoss)
    }
  }

  /// What gold labels say of both runs.
  public struct Evaluation: Encodable, Sendable, Equatable {
    /// The documents that were scored in both runs.
    public var documents: Int
    /// Those of them whose gold label changed in between; that of the later run counts.
    public var changedGold: Int
    /// The label model on all of them; one without votes gets the class balance.
    public var labelModel: Model
    /// The classifier.
    public var classifier: Model
  }

  /// What the labels rest on beside votes, where it is not the same in both runs. A function that
  /// got better can cost accuracy by way of these.
  public struct Moved: Encodable, Sendable, Equatable {
    /// A share or an accuracy in both runs.
    public struct Share: Encodable, Sendable, Equatable {
      /// The class or function.
      public var name: String
      /// In the earlier run.
      public var before: Double
      /// In the later run.
      public var after: Double
    }

    /// The classes whose share of the class balance is not the same, in their order; empty where
    /// one of the runs does not know its balance.
    public var classBalance: [Share] = []
    /// The share of documents without a vote, before and after.
    public var uncovered: [Double]
    /// The functions that are the same in both runs but count otherwise, by agreement-implied
    /// accuracy: those first where votes times difference is largest.
    public var weights: [Share] = []
  }

  /// In the earlier run.
  public var before: Run
  /// In the later run.
  public var after: Run
  /// Whether the two runs are the same in everything but time and number.
  public var identical: Bool
  /// The functions that are not the same, in the order of the later run, then the removed ones.
  public var functions: [Function]
  /// Whether functions are the same, but in another order.
  public var reordered: Bool
  /// The settings that are not the same, by key.
  public var settings: [Setting]
  /// What else changed: `documents`, `gold` or `label_model`, in this order.
  public var data: [String]
  /// What else labels rest on.
  public var moved: Moved
  /// Nil where one of the runs no longer has its documents.
  public var documents: Documents?
  /// Nil where no document was scored in both runs, or one of them no longer has its documents.
  public var evaluation: Evaluation?
}
