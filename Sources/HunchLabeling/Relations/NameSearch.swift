internal import HunchText

/// Looks for a list of names as whole words, caseless, in either Unicode normal form.
struct NameSearch: Sendable {
  private let matcher: LiteralMatcher

  /// - Parameter names: None is blank.
  init(_ names: [String]) {
    matcher = LiteralMatcher(
      names.map { Literal(text: $0, wholeWords: true, caseSensitive: false) })
  }

  /// All occurrences in each document, by their beginnings, of several the longest first; `name`
  /// is an index into the list.
  ///
  /// - Complexity: O(bytes + hits × log hits).
  func hits(in batch: TextBatch) -> [[(range: Range<Int>, name: Int)]] {
    let (folded, shifted) = CaseFolding.foldedWithShifts(batch)
    let changed = Set(shifted)
    return matcher.hits(in: batch, folded: folded).enumerated().map { document, hits in
      if hits.isEmpty { return [] }
      // Folding a letter may change its length.
      let form =
        changed.contains(document)
        ? TextForm(Array(batch.bytes[batch.range(at: document)])).folded() : nil
      return hits.map { hit in
        let range = Int(hit.start)..<Int(hit.end)
        return (form?.original(of: range) ?? range, Int(hit.literal))
      }
    }
  }
}
