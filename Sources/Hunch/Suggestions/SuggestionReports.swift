package import HunchLabeling
package import HunchModels

/// Which documents are suggested for labelling.
package enum DocumentChoice: String, Sendable, CaseIterable {
  /// Where a label would tell most: many documents with the same votes, of which the models are
  /// unsure and few are labelled.
  case value
  /// Documents on which functions vote for different classes.
  case conflicted
  /// Documents on which no function votes.
  case uncovered
}

/// Documents that are worth a label, the most valuable first.
package struct DocumentSuggestions: Sendable, Equatable {
  /// A document to label.
  package struct Document: Sendable, Equatable {
    /// The document's id.
    package var id: String
    /// Its split: train or valid.
    package var split: String
    /// The functions that vote on it, in the order of the project.
    package var votes: [WorstReport.Vote]
    /// The label model's posterior by class; `nil` where no function votes.
    package var posterior: [String: Double]?
    /// The classifier's probabilities by class where no function votes; else `nil`.
    package var classifier: [String: Double]?
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
package struct FunctionSuggestions: Sendable {
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
  package struct Function: Sendable {
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
    package var precisionInterval: Interval
    /// The documents with a label for learning on which it would vote.
    package var labelled: Int
    /// Those of them whose label is its class.
    package var labelledRight: Int
    /// The mean probability of its class, by label model or classifier, on the documents without
    /// such a label that were looked at; `nil` without any. It is inferred, not measured.
    package var agreementImpliedPrecision: Double?
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

// MARK: - JSON

extension DocumentSuggestions: Encodable {
  private enum Key: CodingKey { case choice, candidates, sampledOneIn, documents }

  /// Writes the list with all keys; what does not apply is null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(choice.rawValue, forKey: .choice)
    try container.encode(candidates, forKey: .candidates)
    try container.encode(sampledOneIn, forKey: .sampledOneIn)
    try container.encode(documents, forKey: .documents)
  }
}

extension DocumentSuggestions.Document: Encodable {
  private enum Key: CodingKey {
    case id, split, votes, posterior, classifier, similar, similarLabelled, uncertainty, value
    case reason, text
  }

  /// Writes the document with all keys but `text`, which is there if it was asked for.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    try container.encode(split, forKey: .split)
    try container.encode(votes, forKey: .votes)
    try container.encode(posterior, forKey: .posterior)
    try container.encode(classifier, forKey: .classifier)
    try container.encode(similar, forKey: .similar)
    try container.encode(similarLabelled, forKey: .similarLabelled)
    try container.encode(uncertainty, forKey: .uncertainty)
    try container.encode(value, forKey: .value)
    try container.encode(reason, forKey: .reason)
    try container.encodeIfPresent(text, forKey: .text)
  }
}

extension FunctionSuggestions: Encodable {
  private enum Key: CodingKey { case documents, searched, labelled, functions }

  /// Writes the list.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(documents, forKey: .documents)
    try container.encode(searched, forKey: .searched)
    try container.encode(labelled, forKey: .labelled)
    try container.encode(functions, forKey: .functions)
  }
}

extension FunctionSuggestions.Function: Encodable {
  private enum Key: CodingKey {
    case name, label, words, kind, swift, documents, coverage, newlyCovered, overlaps, conflicts
    case precision, precisionInterval, labelled, labelledRight, agreementImpliedPrecision
    case agreementImpliedDocuments, overlapping
  }

  /// Writes everything but ``definition``.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(label, forKey: .label)
    try container.encode(words, forKey: .words)
    try container.encode(kind, forKey: .kind)
    try container.encode(swift, forKey: .swift)
    try container.encode(documents, forKey: .documents)
    try container.encode(coverage, forKey: .coverage)
    try container.encode(newlyCovered, forKey: .newlyCovered)
    try container.encode(overlaps, forKey: .overlaps)
    try container.encode(conflicts, forKey: .conflicts)
    try container.encode(precision, forKey: .precision)
    try container.encode(precisionInterval.bounds, forKey: .precisionInterval)
    try container.encode(labelled, forKey: .labelled)
    try container.encode(labelledRight, forKey: .labelledRight)
    try container.encode(agreementImpliedPrecision, forKey: .agreementImpliedPrecision)
    try container.encode(agreementImpliedDocuments, forKey: .agreementImpliedDocuments)
    try container.encode(overlapping, forKey: .overlapping)
  }
}
