/// One text to look for in every document: a keyword or the name of an entity.
package struct Literal: Sendable, Equatable {
  /// What to look for; never empty.
  package var text: String

  /// Whether an occurrence counts only where a word may begin and end at its edges.
  package var wholeWords: Bool

  /// Whether upper and lower case are different letters.
  package var caseSensitive: Bool

  /// Creates a literal.
  package init(text: String, wholeWords: Bool, caseSensitive: Bool) {
    self.text = text
    self.wholeWords = wholeWords
    self.caseSensitive = caseSensitive
  }
}

/// Every occurrence of every literal in the documents of a batch.
///
/// The hits of one document stand together, ordered by start, then by end (the longest first),
/// then by literal. Offsets count bytes from the beginning of the document, in the text that the
/// literal was searched in: the folded one unless the literal is case-sensitive.
package struct LiteralHits: Sendable, Equatable {
  /// The index of each document's first hit, and at last the number of hits.
  package internal(set) var documentStarts: [Int] = [0]

  /// The literal of each hit: its index in the list the matcher was made from.
  package internal(set) var literals: [Int32] = []

  /// The byte offset at which each hit begins.
  package internal(set) var starts: [Int32] = []

  /// The byte offset at which each hit ends.
  package internal(set) var ends: [Int32] = []

  /// No documents.
  package init() {}

  /// The indices of a document's hits.
  package func hits(of document: Int) -> Range<Int> {
    documentStarts[document]..<documentStarts[document + 1]
  }

  mutating func append(_ hit: LiteralHit) {
    literals.append(hit.literal)
    starts.append(hit.start)
    ends.append(hit.end)
  }

  mutating func endDocument() { documentStarts.append(literals.count) }
}

/// One occurrence, as it is collected before a document's hits are put in order.
struct LiteralHit: Comparable {
  var start: Int32
  var end: Int32
  var literal: Int32

  static func < (left: LiteralHit, right: LiteralHit) -> Bool {
    if left.start != right.start { return left.start < right.start }
    if left.end != right.end { return left.end > right.end }
    return left.literal < right.literal
  }
}
