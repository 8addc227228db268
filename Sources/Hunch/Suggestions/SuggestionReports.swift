package import HunchLabeling
package import HunchModels

/// Which documents are suggested for labelling.
package typealias DocumentChoice = DocumentChooser.Choice

/// Documents that are worth a label, the most valuable first.
package struct DocumentSuggestions: Encodable, Sendable, Equatable {
  /// A document to label.
  package struct Document: Encodable, Sendable, Equatable {
    /// The document's id.
    package var id: String
    /// Its split: train or valid.
    package var split: String
    /// The functions that vote on it, in the order of the project.
    package var votes: [WorstReport.Vote]
    /// The label model's posterior by class; `nil` where no function votes.
    @OrNull package var posterior: [String: Double]?
    /// The classifier's probabilities by class where no function votes; else `nil`.
    @OrNull package var classifier: [String: Double]?
    /// How many of the documents that were looked at are like it: they have the same votes, or no
    /// vote and the same class by the classifier.
    package var similar: Int
    /// How many documents like it have a label for learning.
    package var similarLabelled: Int
    /// How unsure the models are: 0 for certain, 1 for equally probable classes.
    package var uncertainty: Double
    /// The uncertainty of all documents like it, divided by 1 + those that are labelled or stand
    /// before it in this list.
    package var value: Double
    /// Why it is suggested, in words.
    package var reason: String
    /// The beginning of the text where texts were asked for, as ``WorstReport/Document/text``.
    package var text: String?
  }

  /// How documents were chosen.
  package var choice: DocumentChoice
  /// The documents that could have been chosen, of those that were looked at.
  package var candidates: Int
  /// One document in so many was looked at; 1 up to 50,000 documents.
  package var sampledOneIn: Int
  /// The documents, best first.
  package var documents: [Document]
}

/// Labeling functions that are worth adding, the most useful first.
package struct FunctionSuggestions: Encodable, Sendable {
  /// How an existing function and a suggested one go together.
  package struct Overlap: Encodable, Sendable, Equatable {
    /// The existing function.
    package var function: String
    /// The documents on which both vote.
    package var documents: Int
    /// Those of them on which they vote for the same class.
    package var agreements: Int
    /// The documents on which both vote divided by those on which at least one does.
    package var jaccard: Double
  }

  /// A labeling function to add.
  package struct Function: Encodable, Sendable {
    /// All but ``definition``.
    private enum CodingKeys: CodingKey {
      case name, label, words, kind, swift, documents, coverage, newlyCovered, overlaps, conflicts
      case precision, precisionInterval, labelled, labelledRight, agreementImpliedPrecision
      case agreementImpliedDocuments, overlapping
    }

    /// Its name, which no function of the project has.
    package var name: String
    /// The class that it votes for.
    package var label: String
    /// The keywords: it votes where one of them occurs, as whole words, whatever the case. Of a
    /// pattern its two words, which stand in this order with one to three others between them.
    package var words: [String]
    /// `keywords` or `pattern`.
    package var kind: String
    /// What to paste into the rule pack.
    package var swift: String
    /// The same function, to be added in process; see ``HunchLabeling/RulePack/adding(_:)``.
    package var definition: RuleDefinition

    /// The documents on which it would vote, of all splits.
    package var documents: Int
    /// Their share of all documents.
    package var coverage: Double
    /// Those on which no function votes yet.
    package var newlyCovered: Int
    /// Those on which another function votes too.
    package var overlaps: Int
    /// Those on which another function votes for another class.
    package var conflicts: Int

    /// How often it is right, by labels for learning and models together.
    package var precision: Double
    /// The 95 % interval of as many labels as these count for.
    package var precisionInterval: [Double]
    /// The documents with a label for learning on which it would vote.
    package var labelled: Int
    /// Those of them whose label is its class.
    package var labelledRight: Int
    /// The mean probability of its class, by label model or classifier, on the documents without
    /// such a label that were looked at; `nil` without any. It is inferred, not measured.
    @OrNull package var agreementImpliedPrecision: Double?
    /// The number of these documents.
    package var agreementImpliedDocuments: Int
    /// The existing functions that it overlaps most with, largest Jaccard similarity first.
    package var overlapping: [Overlap]
  }

  /// All documents of the corpus.
  package var documents: Int
  /// The documents that words were looked for in.
  package var searched: Int
  /// Those of them with a label for learning.
  package var labelled: Int
  /// The functions, most useful first.
  package var functions: [Function]
}
