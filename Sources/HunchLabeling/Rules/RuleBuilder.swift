/// Collects the rules of a list; `for` and `if` work as in any Swift code.
@resultBuilder
public enum RuleBuilder<Label: LabelSet> {
  /// Takes one rule.
  public static func buildExpression(_ rule: some Rule<Label>) -> [RuleDefinition] {
    [rule.definition]
  }

  /// Takes a list of rules made elsewhere.
  public static func buildExpression(_ rules: [RuleDefinition]) -> [RuleDefinition] { rules }

  /// Joins the lines of a block.
  public static func buildBlock(_ parts: [RuleDefinition]...) -> [RuleDefinition] {
    parts.flatMap { $0 }
  }

  /// Joins the rounds of a loop.
  public static func buildArray(_ parts: [[RuleDefinition]]) -> [RuleDefinition] {
    parts.flatMap { $0 }
  }

  /// Takes the rules of an `if` without `else`.
  public static func buildOptional(_ part: [RuleDefinition]?) -> [RuleDefinition] { part ?? [] }

  /// Takes the rules of the first branch.
  public static func buildEither(first part: [RuleDefinition]) -> [RuleDefinition] { part }

  /// Takes the rules of the other branch.
  public static func buildEither(second part: [RuleDefinition]) -> [RuleDefinition] { part }

  /// Takes rules behind an availability check.
  public static func buildLimitedAvailability(_ part: [RuleDefinition]) -> [RuleDefinition] {
    part
  }
}
