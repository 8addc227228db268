package import HunchText

/// Makes documents of sentences: one for each pair of entities that a sentence names.
package struct CandidateFinder: Sendable {
  /// The entities that may be first, and those that may be second where they are others.
  private let bases: [EntityNames]
  private let bothOrders: Bool
  private let limit: Int?
  private let keepsNames: Bool
  private let window: Int?

  /// Describes what makes a candidate.
  ///
  /// - Parameters:
  ///   - first: The entities that may be first.
  ///   - second: Those that may be second; `nil` for the same.
  ///   - bothOrders: Whether two entities of one base make two candidates, in either order, and not
  ///     one in the order in which the text first names them.
  ///   - limit: The most words between the two mentions.
  ///   - keepsNames: Whether the text keeps the names instead of markers.
  ///   - window: The most words that the text has on either side of the two mentions.
  package init(
    first: EntityNames, second: EntityNames?, bothOrders: Bool, limit: Int? = nil,
    keepsNames: Bool = false, window: Int? = nil
  ) {
    bases = [first, second].compactMap(\.self)
    self.bothOrders = bothOrders
    self.limit = limit
    self.keepsNames = keepsNames
    self.window = window
  }

  /// The candidates of each text.
  ///
  /// Entities are told apart by their keys. A name that several entities share stands for the one
  /// that the text also names by a name of its own; where there is no such one it is counted and
  /// left out.
  ///
  /// - Complexity: O(bytes + pairs × bytes of their texts).
  package func candidates(in batch: TextBatch) -> [SentenceCandidates] {
    let found = bases.map { $0.mentions(in: batch) }
    let words = WordTable(batch)
    return (0..<batch.count).map { document in
      candidates(
        Array(batch.bytes[batch.range(at: document)]), found.map { $0[document] },
        words.places(in: document, of: batch))
    }
  }

  private struct Named {
    var base: Int
    var key: String
    var places: [Range<Int>]
  }

  private func candidates(
    _ text: [UInt8], _ mentions: [[EntityMention]], _ words: [Range<Int>]
  ) -> SentenceCandidates {
    var sentence = SentenceCandidates()
    let entities = entities(mentions, &sentence)
    for (firstIndex, first) in entities.enumerated() where first.base == 0 {
      for (secondIndex, second) in entities.enumerated() where firstIndex != secondIndex {
        if bases.count > 1 ? second.base == 0 : !bothOrders && secondIndex < firstIndex { continue }
        let marks = keepsNames ? [] : marks(entities, firstIndex, secondIndex)
        // As rules measure, which see the text with its markers.
        let pair = PairPlaces(first: first.places, second: second.places) { between in
          marks.reduce(between.count) { length, mark in
            between.contains(mark.place.lowerBound)
              ? length - mark.place.count + mark.marker.utf8.count : length
          }
        }
        guard let pair else { continue }
        let between = pair.count(between: words)
        if let limit, between > limit {
          sentence.tooFar += 1
          continue
        }
        sentence.candidates.append(
          Candidate(
            text: shown(text, in: excerpt(pair, entities, words, end: text.count), marks),
            first: mention(first, pair.first, text), second: mention(second, pair.second, text),
            wordsBetween: between,
            isReversed: pair.second.lowerBound < pair.first.lowerBound))
      }
    }
    return sentence
  }

  private func mention(
    _ entity: Named, _ range: Range<Int>, _ text: [UInt8]
  ) -> Candidate.Mention {
    Candidate.Mention(
      key: entity.key, name: String(decoding: text[range], as: UTF8.self), range: range)
  }

  /// The entities of a text in the order in which it first names them.
  private func entities(
    _ mentions: [[EntityMention]], _ sentence: inout SentenceCandidates
  ) -> [Named] {
    // Where names of two bases overlap, the leftmost longest one counts, and the first base's.
    let all = mentions.enumerated().flatMap { base, mentions in mentions.map { (base, $0) } }
      .sorted {
        ($0.1.range.lowerBound, -$0.1.range.count, $0.0)
          < ($1.1.range.lowerBound, -$1.1.range.count, $1.0)
      }
    var entities: [Named] = []
    var shared: [(base: Int, keys: [String], place: Range<Int>)] = []
    var end = 0
    func add(_ base: Int, _ key: String, _ place: Range<Int>) {
      if let known = entities.firstIndex(where: { $0.base == base && $0.key == key }) {
        entities[known].places.append(place)
      } else {
        entities.append(Named(base: base, key: key, places: [place]))
      }
    }
    for (base, mention) in all where mention.range.lowerBound >= end {
      end = mention.range.upperBound
      sentence.mentions += 1
      var keys: [String] = []
      for row in mention.rows {
        let key = bases[base].base.key(ofRow: row)
        if !keys.contains(key) { keys.append(key) }
      }
      if keys.count == 1 {
        add(base, keys[0], mention.range)
      } else {
        shared.append((base, keys, mention.range))
      }
    }
    for (base, keys, place) in shared {
      let known = entities.filter { $0.base == base && keys.contains($0.key) }
      if known.count == 1 { add(base, known[0].key, place) } else { sentence.ambiguous += 1 }
    }
    for index in entities.indices { entities[index].places.sort { $0.lowerBound < $1.lowerBound } }
    return entities.sorted { $0.places[0].lowerBound < $1.places[0].lowerBound }
  }

  /// The part of a text that a candidate has; no mention is cut.
  private func excerpt(
    _ pair: PairPlaces, _ entities: [Named], _ words: [Range<Int>], end: Int
  ) -> Range<Int> {
    guard let window,
      let range = pair.range(of: .around(window), words: { words }, end: end)
    else { return 0..<end }
    let cut = entities.flatMap(\.places).filter(range.overlaps)
    return cut.map(\.lowerBound).reduce(
      range.lowerBound, min)..<cut.map(\.upperBound).reduce(range.upperBound, max)
  }

  /// What stands for each mention where two of the entities are a pair, in the order of the text.
  private func marks(
    _ entities: [Named], _ first: Int, _ second: Int
  ) -> [(place: Range<Int>, marker: String)] {
    var marks: [(place: Range<Int>, marker: String)] = []
    for (index, entity) in entities.enumerated() {
      let marker =
        index == first
        ? MentionPair.firstMarker
        : index == second ? MentionPair.secondMarker : MentionPair.otherMarker
      marks += entity.places.map { ($0, marker) }
    }
    return marks.sorted { $0.place.lowerBound < $1.place.lowerBound }
  }

  private func shown(
    _ text: [UInt8], in range: Range<Int>, _ marks: [(place: Range<Int>, marker: String)]
  ) -> String {
    var masked: [UInt8] = []
    var position = range.lowerBound
    for (place, marker) in marks where range.overlaps(place) {
      masked += text[position..<place.lowerBound]
      masked += marker.utf8
      position = place.upperBound
    }
    masked += text[position..<range.upperBound]
    return String(decoding: masked, as: UTF8.self)
  }
}

package struct SentenceCandidates: Sendable, Equatable {
  /// In the order in which the text names the first entities, then the second ones.
  package var candidates: [Candidate] = []
  /// How often the text names an entity.
  package var mentions = 0
  /// Those that may be one of several entities.
  package var ambiguous = 0
  /// The pairs that stand too far apart.
  package var tooFar = 0
}

/// A pair of entities that a text names.
package struct Candidate: Sendable, Equatable {
  package struct Mention: Sendable, Equatable {
    package var key: String
    /// What stands in the text.
    package var name: String
    /// Where it stands, in bytes of UTF-8.
    package var range: Range<Int>
  }

  /// The text with markers in place of the names, or as it was.
  package var text: String
  package var first: Mention
  package var second: Mention
  /// The words between the two mentions that stand nearest to each other.
  package var wordsBetween: Int
  /// Whether the second one comes first in the text.
  package var isReversed: Bool
}
