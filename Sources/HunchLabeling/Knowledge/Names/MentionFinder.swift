package import HunchText

/// Where a text names an entity of a knowledge base.
package struct Mention: Sendable, Hashable {
  /// The byte range in the document's text.
  package var range: Range<Int>

  /// The entity: rows that share a name; see ``NameIndex/rows(of:)``.
  package var entity: Int
}

/// Finds where documents name entities of a knowledge base.
///
/// For example:
///
///     let finder = MentionFinder(base.names(for: [.plurals]), options: [.plurals])
///     let mentions = finder.mentions(in: TextBatch(["Björk sings"]))
///     for mention in mentions[0] { print(mention.range, finder.names.rows(of: mention.entity)) }
///
/// A finder belongs to one thread; any number of them share a ``NameIndex``.
package final class MentionFinder {
  package let names: NameIndex
  private let options: GazetteerOptions
  private let scanner: NameScanner

  /// Prepares a search.
  ///
  /// - Parameter options: Those that the index was made for; ``GazetteerOptions/overlapping`` finds
  ///   every occurrence, and is left to the finder.
  package init(_ names: NameIndex, options: GazetteerOptions) {
    precondition(names.options == options.spelling, "the index was made for other options")
    self.names = names
    self.options = options
    scanner = NameScanner(names, overlapping: options.contains(.overlapping))
  }

  /// The mentions in each document of a batch, by their beginning.
  ///
  /// Without ``GazetteerOptions/overlapping``, those of a document ascend and do not overlap.
  ///
  /// - Complexity: O(bytes + mentions).
  package func mentions(in batch: TextBatch) -> [[Mention]] {
    let texts = NameTexts(batch, options) {
      let folding = SeparatedTexts.folding(batch)
      return (folding.texts, Set(folding.shifted))
    }
    return (0..<batch.count).map { document in
      scanner.scan(texts.bytes, texts.range(at: document))
      let hits = scanner.hits
      let places =
        hits.isEmpty || !texts.shifted.contains(document)
        ? nil : NameTexts.places(batch, document, options)
      return hits.map { hit in
        let range = Int(hit.start)..<Int(hit.end)
        return Mention(
          range: places.map { $0[range.lowerBound]..<$0[range.upperBound] } ?? range,
          entity: names.entity(of: Int(hit.spelling)))
      }
    }
  }
}
