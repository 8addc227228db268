/// Chooses among overlapping occurrences of entity names: of "New York" and "New York Times" in
/// "the New York Times" only the second is meant.
package enum LongestMatches {
  /// The leftmost-longest selection of non-overlapping hits of a document.
  ///
  /// Of the hits that begin first the longest is taken, then the search goes on behind its end.
  /// Where several members share the same place, the one with the lowest literal is taken.
  ///
  /// - Parameters:
  ///   - hits: The hits of a batch.
  ///   - document: The document in the batch.
  ///   - isMember: Whether a literal takes part. The members must either all be case-sensitive or
  ///     all not be, since their offsets count in different texts.
  /// - Returns: Indices into `hits`, in the order of the text.
  /// - Complexity: O(hits of the document).
  package static func select(
    _ hits: LiteralHits, document: Int, where isMember: (Int32) -> Bool
  ) -> [Int] {
    var chosen: [Int] = []
    var free: Int32 = 0
    for hit in hits.hits(of: document)
    where hits.starts[hit] >= free && isMember(hits.literals[hit]) {
      chosen.append(hit)
      free = hits.ends[hit]
    }
    return chosen
  }
}
