/// Something that the reader of a report should know, in words, with the command that shows more.
public struct Finding: Sendable, Equatable {
  /// How much it matters.
  public enum Weight: String, Sendable, Encodable, Comparable, CaseIterable {
    /// What never works: fix it first.
    case trouble
    /// What deserves a look.
    case look
    /// What is good to know.
    case note

    /// The more important weight is the smaller one.
    public static func < (one: Self, other: Self) -> Bool {
      allCases.firstIndex(of: one) ?? 0 < allCases.firstIndex(of: other) ?? 0
    }
  }

  /// What the finding is about.
  public enum Kind: String, Sendable, Encodable {
    /// A function could not be evaluated on some documents.
    case failing
    /// Functions never vote.
    case silent
    /// Gold labels say that a function is wrong too often.
    case wrong
    /// The other functions contradict one.
    case contradicted
    /// The label model trusts a function more or less than gold labels do.
    case misjudged
    /// Functions vote alike on nearly the same documents.
    case copies
    /// Two functions disagree often.
    case disagreement
    /// No function votes for a class.
    case silentClass = "silent_class"
    /// Few documents of a class have a vote.
    case thinClass = "thin_class"
    /// Documents have no vote.
    case uncovered
    /// Probabilities are off.
    case calibration
    /// The classifier is worse on a slice.
    case slice
    /// Workers of a crowd answer without regard to the class.
    case workers
    /// A warning of another step.
    case warning
    /// How the models do.
    case models
    /// No document has a gold label.
    case noGold = "no_gold"
    /// How many further findings of a kind there are.
    case more
  }

  /// A piece of the sentence.
  package enum Part: Sendable, Equatable {
    case text(String)
    /// A labeling function by its place among the project's functions.
    case function(Int, name: String)
    case label(String)

    /// The words of the piece.
    package var words: String {
      switch self {
      case .text(let words), .label(let words), .function(_, name: let words): words
      }
    }
  }

  /// What it is about.
  public var kind: Kind
  /// How much it matters.
  public var weight: Weight
  package var parts: [Part]
  /// The command that shows more; `DIR` stands for the project's folder.
  public var command: String?

  /// The sentence.
  public var text: String { parts.map(\.words).joined() }

  /// The names of the functions that it names, in order.
  public var functions: [String] {
    parts.compactMap { if case .function(_, let name) = $0 { name } else { nil } }
  }
}

extension Finding {
  /// A finding that names no function and no class.
  init(kind: Kind, weight: Weight, text: String, command: String? = nil) {
    self.init(kind: kind, weight: weight, parts: [.text(text)], command: command)
  }
}

extension Finding: Encodable {
  private enum Key: CodingKey {
    case kind, weight, text, functions, command
  }

  /// Writes the finding as a sentence with the functions that it names.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(weight, forKey: .weight)
    try container.encode(text, forKey: .text)
    try container.encode(functions, forKey: .functions)
    try container.encodeIfPresent(command, forKey: .command)
  }
}

extension [Finding] {
  /// How much each of some functions deserves attention: the weight of the most important finding
  /// that names it; `nil` where none does.
  package func attention(functions count: Int) -> [Finding.Weight?] {
    var attention = [Finding.Weight?](repeating: nil, count: count)
    for finding in self where finding.weight != .note {
      for case .function(let index, _) in finding.parts {
        attention[index] = Swift.min(attention[index] ?? finding.weight, finding.weight)
      }
    }
    return attention
  }
}
