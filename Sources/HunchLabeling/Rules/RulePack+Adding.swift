extension RuleDefinition {
  /// What `Keywords(name, words, votes:)` makes for the class of an index: whole words, caseless.
  package static func keywords(
    _ name: String, _ words: [String], vote: Int16,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) -> RuleDefinition {
    let rule = KeywordRule(words: words, wholeWords: true, caseSensitive: false, vote: vote)
    return RuleDefinition(name, RulePlace(fileID, line, column), .keywords(rule))
  }

  /// What `Pattern(name, source, votes:)` makes for the class of an index.
  package static func pattern(
    _ name: String, _ source: String, vote: Int16,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) -> RuleDefinition {
    let rule = PatternRule(source: source, options: [], vote: vote)
    return RuleDefinition(name, RulePlace(fileID, line, column), .pattern(rule))
  }
}

extension RulePack {
  /// The pack with further functions behind its own.
  ///
  /// - Parameter functions: For classes of this pack; names that are taken are an error of
  ///   ``validate()``.
  public func adding(_ functions: [RuleDefinition]) -> RulePack {
    var pack = self
    pack.functions += functions
    return pack
  }
}
