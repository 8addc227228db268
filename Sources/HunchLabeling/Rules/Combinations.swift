/// Votes where all of its parts apply.
///
/// With `votes:` the class is given; without it, the class on which the parts that name one agree
/// (where they disagree, the rule abstains).
///
/// For example:
///
///     All("prize_call", votes: .spam) {
///       Keywords(["won", "prize"])
///       Pattern(#"call\s+\d+"#)
///     }
public struct All<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function, or, without a name, a part of another.
  public init(
    _ name: String? = nil, votes label: Label? = nil,
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    @RuleBuilder<Label> parts: () -> [RuleDefinition]
  ) {
    let vote = label.map { LabelIndex<Label>()($0) } ?? Vote.fires
    definition = RuleDefinition(name, RulePlace(fileID, line, column), parts()) {
      .all($0, vote: vote)
    }
  }
}

/// Votes where at least one of its parts applies.
///
/// With `votes:` the class is given; without it, the class on which the parts that apply agree
/// (where they disagree, the rule abstains).
public struct AnyOf<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function, or, without a name, a part of another.
  public init(
    _ name: String? = nil, votes label: Label? = nil,
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    @RuleBuilder<Label> parts: () -> [RuleDefinition]
  ) {
    let vote = label.map { LabelIndex<Label>()($0) } ?? Vote.fires
    definition = RuleDefinition(name, RulePlace(fileID, line, column), parts()) {
      .any($0, vote: vote)
    }
  }
}

/// Votes as the first of its parts that does not abstain.
///
/// For example:
///
///     FirstOf("refund_or_fee") {
///       Keywords(["refund", "money back"], votes: .refund)
///       Keywords(["fee", "charge"], votes: .fees)
///     }
public struct FirstOf<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function, or, without a name, a part of another.
  public init(
    _ name: String? = nil, fileID: String = #fileID, line: Int = #line, column: Int = #column,
    @RuleBuilder<Label> parts: () -> [RuleDefinition]
  ) {
    definition = RuleDefinition(name, RulePlace(fileID, line, column), parts()) {
      .firstOf($0)
    }
  }
}
