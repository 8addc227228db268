/// What became of the labeling functions that a language model wrote.
public struct DraftReport: Encodable, Sendable {
  /// A function and what was decided about it.
  public struct Function: Encodable, Sendable {
    /// The name in the drafted file; for what is no function the one that the model gave, if any.
    public var name: String
    /// The class that it votes for, as the model named it.
    public var label: String?
    /// `keywords`, `pattern` or `gazetteer`; `nil` for what is no function.
    public var kind: String?
    /// Whether it stands in the drafted file.
    public var isAccepted: Bool
    /// Why not; `nil` for an accepted one.
    public var problem: String?
    /// The function as Swift source; `nil` for what cannot be compiled.
    public var swift: String?
    /// What it does on the documents; `nil` for what cannot be run.
    public var figures: Figures?

    private enum CodingKeys: String, CodingKey {
      case name, label, kind, isAccepted = "accepted", problem, swift, figures
    }
  }

  /// What a function does on the documents.
  public struct Figures: Encodable, Sendable, Equatable {
    /// The documents on which it votes, of all splits.
    public var documents: Int
    /// Their share of all documents.
    public var coverage: Double
    /// Those on which no function of the project votes.
    public var newlyCovered: Int
    /// Those on which another function votes too.
    public var overlaps: Int
    /// Those on which another function votes for another class.
    public var conflicts: Int
    /// Of the documents with a gold label that may be looked at (neither of the test split nor marked
    /// as audit gold), those that it votes on.
    public var labelled: Int
    /// Those of them that it is right on.
    public var labelledRight: Int
    /// The Wilson interval of its precision on them; `nil` without any.
    public var precisionInterval: [Double]?
    /// The mean posterior of its class, by the label model, on the other documents that functions
    /// vote on; `nil` without any. It is inferred, not measured.
    public var agreementImpliedPrecision: Double?
    /// The number of these documents.
    public var agreementImpliedDocuments: Int
  }

  /// The language model, or the file with its answer.
  public var source: String
  /// The documents that the model was shown; 0 where the answer was read from a file.
  public var shown: Int
  /// All documents of the corpus.
  public var documents: Int
  /// Each function in the order of the answer.
  public var functions: [Function]
  /// Functions of the answer that were not looked at, since there are too many.
  public var ignored: Int
  /// The drafted Swift file; `nil` where no function was accepted.
  public var file: String?
  /// The files with names for drafted gazetteers.
  public var nameFiles: [String]

  /// The functions that stand in the drafted file.
  public var accepted: [Function] { functions.filter(\.isAccepted) }
}
