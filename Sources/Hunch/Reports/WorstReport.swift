/// The documents of a split that deserve a look: where the classifier is most wrong, and where it
/// and the label model differ most.
public struct WorstReport: Sendable, Equatable {
  /// What a model takes a document for.
  public struct Label: Encodable, Sendable, Equatable {
    /// The class.
    public var label: String
    /// Its probability.
    public var probability: Double
  }

  /// A vote on a document.
  public struct Vote: Encodable, Sendable, Equatable {
    /// The function's name.
    public var function: String
    /// The class voted for.
    public var vote: String
  }

  /// A listed document.
  public struct Document: Sendable, Equatable {
    /// The document's id.
    public var id: String
    /// Its split.
    public var split: String
    /// The gold label, where it is known.
    public var gold: String?
    /// The label model's label; `nil` where no function votes.
    public var labelModel: Label?
    /// The classifier's label.
    public var classifier: Label
    /// The functions that vote on it, in the order of the project.
    public var votes: [Vote]
    /// The beginning of the text, where texts were asked for: at most 80 characters, each control
    /// character replaced by a visible sign.
    public var text: String?
  }

  /// A document with the loss of the classifier.
  public struct Loss: Sendable, Equatable {
    /// The document.
    public var document: Document
    /// −log p of the gold class, natural logarithm; probabilities below 1e-6 count as 1e-6.
    public var loss: Double
  }

  /// A document with the difference of the two models.
  public struct Disagreement: Sendable, Equatable {
    /// The document.
    public var document: Document
    /// The Jensen-Shannon divergence of the probabilities, natural logarithm: 0 to ln 2.
    public var divergence: Double
  }

  /// The documents with the largest losses, largest first; `nil` where no gold label measures.
  public var worst: [Loss]?
  /// The documents with a vote on which the models differ most, largest difference first.
  public var disagreements: [Disagreement]
}

extension WorstReport {
  fileprivate enum Key: CodingKey {
    case id, split, gold, loss, divergence, labelModel, classifier, votes, text
  }

  /// A ``Label`` as JSON: what a model does not say is null.
  fileprivate struct LabelJSON: Encodable {
    @OrNull var label: String?
    @OrNull var probability: Double?
  }
}

extension WorstReport.Document {
  fileprivate func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: WorstReport.Key.self)
    try container.encode(id, forKey: .id)
    try container.encode(split, forKey: .split)
    try container.encode(gold, forKey: .gold)
    try container.encode(
      WorstReport.LabelJSON(label: labelModel?.label, probability: labelModel?.probability),
      forKey: .labelModel)
    try container.encode(classifier, forKey: .classifier)
    try container.encode(votes, forKey: .votes)
    try container.encodeIfPresent(text, forKey: .text)
  }
}

extension WorstReport.Loss: Encodable {
  /// Writes the document with its loss.
  public func encode(to encoder: any Encoder) throws {
    try document.encode(to: encoder)
    var container = encoder.container(keyedBy: WorstReport.Key.self)
    try container.encode(loss, forKey: .loss)
  }
}

extension WorstReport.Disagreement: Encodable {
  /// Writes the document with the difference of the models.
  public func encode(to encoder: any Encoder) throws {
    try document.encode(to: encoder)
    var container = encoder.container(keyedBy: WorstReport.Key.self)
    try container.encode(divergence, forKey: .divergence)
  }
}
