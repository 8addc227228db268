/// One labeling function with documents behind its figures.
public struct FunctionReport: Encodable, Sendable {
  /// Another function that votes on the same documents.
  public struct Neighbour: Encodable, Sendable {
    /// The function's name.
    public var function: String
    /// Documents on which both vote.
    public var documents: Int
    /// Those of them on which the two vote for different classes.
    public var disagreements: Int
  }

  /// A document that the function votes on.
  public struct Document: Sendable {
    /// The document's id.
    public var id: String
    /// Its split.
    public var split: String
    /// The class voted for.
    public var vote: String
    /// The gold label, where it is known.
    public var gold: String?
    /// The label model's label and its probability.
    public var labelModel: WorstReport.Label
    /// The votes of the other functions, in the order of the project.
    public var others: [WorstReport.Vote]
    /// A part of the text with the words on which the vote rests, where texts were asked for.
    public var passage: Passage?
  }

  /// The split, or `all`.
  public var split: String
  /// The function's figures.
  public var function: AnalyzeReport.Function
  /// The functions that it shares the most documents with.
  public var neighbours: [Neighbour]
  /// Some documents on which nothing says that it is wrong.
  public var hits: [Document]
  /// Some documents on which gold says that it is wrong.
  public var mistakes: [Document]
  /// Some documents without gold to which the label model gives another label.
  public var overruled: [Document]
  /// What findings say of it.
  public var findings: [Finding]
}

extension FunctionReport.Document: Encodable {
  private enum Key: CodingKey {
    case id, split, vote, gold, labelModel, others, text, matches
  }

  /// Writes the document; the text and its matched words where texts were asked for.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    try container.encode(split, forKey: .split)
    try container.encode(vote, forKey: .vote)
    try container.encode(gold, forKey: .gold)
    try container.encode(labelModel, forKey: .labelModel)
    try container.encode(others, forKey: .others)
    try container.encodeIfPresent(passage?.text, forKey: .text)
    try container.encodeIfPresent(
      passage?.parts.filter(\.isMatch).map(\.text), forKey: .matches)
  }
}
