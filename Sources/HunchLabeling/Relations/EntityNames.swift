package import HunchText

/// The entities of a knowledge base by everything that they are called: their key, and their names.
package struct EntityNames: Sendable {
  package let base: KnowledgeBase

  private let names: NameIndex

  /// Takes the names of a base, which are indexed when they are first asked for.
  package init(_ base: KnowledgeBase) {
    self.base = base
    names = base.names(for: [])
  }

  /// The rows of the entities with a name, ascending; empty for an unknown one.
  ///
  /// - Complexity: O(bytes + rows found).
  package func rows(named names: [String]) -> [[Int]] {
    let batch = TextBatch(names.map(KnowledgeText.trimmed))
    return zip(names, mentions(in: batch)).enumerated().map { index, pair in
      let length = batch.range(at: index).count
      let named = pair.1.first { $0.range == 0..<length }?.rows ?? []
      return Set(base.rows(forKey: pair.0) + named).sorted()
    }
  }

  /// What an entity is called, its key first.
  package func names(ofRow row: Int) -> [String] { [base.key(ofRow: row)] + base.names(ofRow: row) }

  /// The entities that each document names, leftmost longest first; none overlaps another.
  ///
  /// - Complexity: O(bytes + mentions).
  package func mentions(in batch: TextBatch) -> [[EntityMention]] {
    MentionFinder(names, options: []).mentions(in: batch).map { mentions in
      mentions.map { mention in
        EntityMention(range: mention.range, rows: names.rows(of: mention.entity).map { Int($0) })
      }
    }
  }

  /// The form in which names are compared: decomposed and folded, without white space around it.
  package static func normalized(_ name: String) -> String {
    let trimmed = Array(KnowledgeText.trimmed(name).utf8)
    return String(decoding: KnowledgeText.normalized(trimmed[...]), as: UTF8.self)
  }
}

/// Where a text names an entity.
package struct EntityMention: Sendable, Equatable {
  /// The bytes of the name, from the beginning of the text.
  package var range: Range<Int>

  /// The rows of the base that have the name.
  package var rows: [Int]
}

extension KnowledgeBase {
  /// The names of a row's entity, as they stand in the base; none is blank.
  fileprivate func names(ofRow row: Int) -> [String] {
    var names: [String] = []
    for (place, separator) in storage.names {
      storage.forEachCell(row, place) { cell in
        let text = String(decoding: cell, as: UTF8.self)
        let parts = separator.map { KnowledgeText.parts(text, separator: $0) } ?? [text]
        names += parts.map { KnowledgeText.trimmed($0) }.filter { !$0.isEmpty }
      }
    }
    return names
  }
}
