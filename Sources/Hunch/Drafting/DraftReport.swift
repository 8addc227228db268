/// What became of the labeling functions that a language model wrote.
package struct DraftReport: Encodable, Sendable {
  /// A function and what was decided about it.
  package struct Function: Encodable, Sendable {
    /// The name in the drafted file; for what is no function the one that the model gave, if any.
    package var name: String
    /// The class that it votes for, as the model named it.
    package var label: String?
    /// `keywords`, `pattern` or `gazetteer`; `nil` for what is no function.
    package var kind: String?
    /// Whether it stands in the drafted file.
    package var isAccepted: Bool
    /// Why not; `nil` for an accepted one.
    package var problem: String?
    /// The function as Swift source; `nil` for what cannot be compiled.
    package var swift: String?
    /// What it does on the documents; `nil` for what cannot be run.
    package var figures: Figures?

    private enum CodingKeys: String, CodingKey {
      case name, label, kind, isAccepted = "accepted", problem, swift, figures
    }
  }

  /// What a function does on the documents.
  package struct Figures: Encodable, Sendable, Equatable {
    /// The documents on which it votes, of all splits.
    package var documents: Int
    /// Their share of all documents.
    package var coverage: Double
    /// Those on which no function of the project votes.
    package var newlyCovered: Int
    /// Those on which another function votes too.
    package var overlaps: Int
    /// Those on which another function votes for another class.
    package var conflicts: Int
    /// Of the documents with a gold label that may be looked at (neither of the test split nor marked
    /// as audit gold), those that it votes on.
    package var labelled: Int
    /// Those of them that it is right on.
    package var labelledRight: Int
    /// The Wilson interval of its precision on them; `nil` without any.
    package var precisionInterval: [Double]?
    /// The mean posterior of its class, by the label model, on the other documents that functions
    /// vote on; `nil` without any. It is inferred, not measured.
    package var agreementImpliedPrecision: Double?
    /// The number of these documents.
    package var agreementImpliedDocuments: Int
  }

  /// The language model, or the file with its answer.
  package var source: String
  /// The documents that the model was shown; 0 where the answer was read from a file.
  package var shown: Int
  /// All documents of the corpus.
  package var documents: Int
  /// Each function in the order of the answer.
  package var functions: [Function]
  /// Functions of the answer that were not looked at, since there are too many.
  package var ignored: Int
  /// The drafted Swift file; `nil` where no function was accepted.
  package var file: String?
  /// The files with names for drafted gazetteers.
  package var nameFiles: [String]

  /// The functions that stand in the drafted file.
  package var accepted: [Function] { functions.filter(\.isAccepted) }
}
