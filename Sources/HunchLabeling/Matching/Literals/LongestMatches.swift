/// Chooses among overlapping occurrences of entity names: of "New York" and "New York Times" in
/// "the New York Times" only the second is meant.
package enum LongestMatches {
  /// The leftmost-longest selection of non-overlapping hits of a document.
  ///
  /// Of the hits that begin first the longest is taken, then the search goes on behind its end.
  /// Where several share the same place, the one with the lowest literal is taken.
  ///
  /// - Parameter hits: Hits of one document, in order. The literals must either all be
  ///   case-sensitive or all not be, since their offsets count in different texts.
  /// - Complexity: O(hits).
  package static func select(_ hits: [LiteralHit]) -> [LiteralHit] {
    var chosen: [LiteralHit] = []
    var free: Int32 = 0
    for hit in hits where hit.start >= free {
      chosen.append(hit)
      free = hit.end
    }
    return chosen
  }
}
