/// One text to look for in every document: a keyword, the name of an entity, or what a regular
/// expression requires.
package struct Literal: Sendable, Hashable {
  /// Where an occurrence may begin and end, and how it may be spelt.
  package enum Kind: Sendable, Hashable {
    /// Found in composed and decomposed spelling. Whole words begin and end where a word may, by
    /// Unicode's properties, if the literal's own edges are part of a word.
    case keyword(wholeWords: Bool)
    /// Found as it is written, which is folded. An edge that is asked for is there unless an ASCII
    /// word character stands beside it.
    case required(startsWord: Bool, endsWord: Bool)
  }

  /// What to look for; never empty.
  package var text: String

  /// What counts as an occurrence.
  package var kind: Kind

  /// Whether upper and lower case are different letters.
  package var caseSensitive: Bool

  package init(text: String, wholeWords: Bool, caseSensitive: Bool) {
    self.text = text
    self.caseSensitive = caseSensitive
    kind = .keyword(wholeWords: wholeWords)
  }

  package init(_ required: RequiredLiteral) {
    text = String(decoding: required.text, as: UTF8.self)
    caseSensitive = false
    kind = .required(startsWord: required.startsWord, endsWord: required.endsWord)
  }
}

/// One occurrence of a literal in a document.
///
/// Offsets count bytes from the beginning of the document, in the text that the literal was
/// searched in: the folded one unless the literal is case-sensitive.
package struct LiteralHit: Sendable, Hashable, Comparable {
  package var start: Int32

  package var end: Int32

  /// The index of the literal in the list that the matcher was made from.
  package var literal: Int32

  package init(start: Int32, end: Int32, literal: Int32) {
    (self.start, self.end, self.literal) = (start, end, literal)
  }

  /// By start, of several the longest first, then by literal.
  package static func < (left: LiteralHit, right: LiteralHit) -> Bool {
    if left.start != right.start { return left.start < right.start }
    if left.end != right.end { return left.end > right.end }
    return left.literal < right.literal
  }
}
