/// The names of a knowledge base, ready to be found in texts: a hash table of runs of pieces (see
/// `NameAtoms`) and filters before it that stay in the caches.
///
/// A scan looks up the hash of every piece of a text, and goes on to longer runs as long as the
/// filter says that a name may begin so. What the table has is compared byte by byte, so filters and
/// hashes decide about speed alone.
package struct NameIndex: Sendable {
  /// What the names were prepared for.
  package let options: GazetteerOptions

  /// The most pieces of a name.
  package let longest: Int

  /// Whether some name has white space in it.
  package let hasSpaces: Bool

  /// Single pieces.
  let firsts: NameFilter
  /// Runs of pieces from the second on.
  let runs: NameFilter
  /// The upper half of a run's hash, and a spelling's number and one; 0 where a slot is free.
  let slots: [UInt64]
  /// The spellings, and where each begins.
  let bytes: [UInt8]
  let starts: [UInt32]
  /// The entity that each spelling belongs to.
  let entities: [UInt32]
  /// The rows of each entity.
  let rowStarts: [UInt32]
  let rows: [Int32]

  package var spellingCount: Int { entities.count }

  /// The bytes that the spellings have.
  package var spellingBytes: Int { bytes.count }

  /// The rows of the base that an entity's name stands for, ascending.
  package func rows(of entity: Int) -> ArraySlice<Int32> {
    rows[Int(rowStarts[entity])..<Int(rowStarts[entity + 1])]
  }

  func entity(of spelling: Int) -> Int { Int(entities[spelling]) }

  func spelling(_ index: Int) -> String {
    String(decoding: bytes[Int(starts[index])..<Int(starts[index + 1])], as: UTF8.self)
  }

  /// The last row of the base that a name stands for; -1 without names.
  package var greatestRow: Int { Int(rows.max() ?? -1) }

  @inline(__always)
  static func slot(_ hash: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: ((hash & 0xFFFF_FFFF) &* UInt64(truncatingIfNeeded: count)) >> 32)
  }
}

extension NameIndex {
  /// What to write into a file.
  package var parts: KnowledgeParts {
    var parts = KnowledgeParts()
    parts.numbers = [Int(options.rawValue), longest, hasSpaces ? 1 : 0]
    parts.wide = [firsts.words, runs.words, slots]
    parts.narrow = [starts, entities, rowStarts]
    (parts.rows, parts.bytes) = ([rows], [bytes])
    return parts
  }

  /// An index as it was written; `nil` for parts that do not belong together.
  package init?(_ parts: KnowledgeParts) {
    guard parts.numbers.count == 3, parts.wide.count == 3, parts.narrow.count == 3,
      parts.rows.count == 1, parts.bytes.count == 1,
      let options = UInt8(exactly: parts.numbers[0]), parts.numbers[1] > 0
    else { return nil }
    self.options = GazetteerOptions(rawValue: options)
    longest = parts.numbers[1]
    hasSpaces = parts.numbers[2] != 0
    (firsts, runs) = (NameFilter(words: parts.wide[0]), NameFilter(words: parts.wide[1]))
    slots = parts.wide[2]
    (starts, entities, rowStarts) = (parts.narrow[0], parts.narrow[1], parts.narrow[2])
    (rows, bytes) = (parts.rows[0], parts.bytes[0])
    guard !firsts.words.isEmpty, !runs.words.isEmpty, !slots.isEmpty,
      slots.count > entities.count, starts.count == entities.count + 1, !rowStarts.isEmpty,
      starts.last.map(Int.init) == bytes.count, rowStarts.last.map(Int.init) == rows.count,
      starts.isAscending, rowStarts.isAscending, rows.allSatisfy({ $0 >= 0 }),
      entities.allSatisfy({ Int($0) < rowStarts.count - 1 }),
      // A piece has a byte at least, and a scan keeps room for the longest name.
      longest <= max(1, longestSpelling), areSlotsSound
    else { return nil }
  }

  private var longestSpelling: Int {
    entities.indices.reduce(0) { max($0, Int(starts[$1 + 1] - starts[$1])) }
  }

  /// Whether slots are free or name a spelling, and one is free: a look-up ends there.
  private var areSlotsSound: Bool {
    slots.contains(0)
      && slots.allSatisfy { $0 == 0 || 1...UInt64(entities.count) ~= $0 & 0xFFFF_FFFF }
  }
}
