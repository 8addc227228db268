/// Collects names and makes a ``NameIndex`` of them.
///
/// For example:
///
///     var builder = NameIndexBuilder(options: [.plurals])
///     builder.add("New York", row: 0)
///     builder.add("NYC", row: 0)
///     let index = builder.finish()
package struct NameIndexBuilder {
  private let options: GazetteerOptions
  private let spelling: NameSpelling
  /// Spellings as they were added, one after the other.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  /// The row of each, and whether it is another spelling of the one before.
  private var rows: [Int32] = []
  private var isAnother: [Bool] = []

  private var table = SpellingTable()

  package init(options: GazetteerOptions) {
    self.options = options.spelling
    spelling = NameSpelling(options: options.spelling)
  }

  /// Adds a name of a row. Rows ascend; a name of white space alone is none.
  package mutating func add(_ name: some StringProtocol, row: Int) {
    for (index, form) in spelling.forms(of: name).enumerated() {
      bytes += form
      starts.append(bytes.count)
      rows.append(Int32(truncatingIfNeeded: row))
      isAnother.append(index > 0)
    }
  }

  /// Makes the index.
  ///
  /// - Parameter check: Called now and then; may throw to stop the work.
  /// - Complexity: O(bytes), O(1) for each look-up on average.
  package consuming func finish(check: () throws -> Void) rethrows -> NameIndex {
    var entitiesRows: [(entity: UInt32, row: Int32)] = []
    entitiesRows.reserveCapacity(rows.count)
    var entity: UInt32 = 0
    var entityCount: UInt32 = 0
    for index in rows.indices {
      if index & 0xFFFF == 0 { try check() }
      let form = bytes[starts[index]..<starts[index + 1]]
      let (spelling, isNew) = table.insert(form)
      if isNew {
        if !isAnother[index] {
          entity = entityCount
          entityCount += 1
        }
        table.entities.append(entity)
      } else if !isAnother[index] {
        entity = table.entities[spelling]
      }
      if !isAnother[index] { entitiesRows.append((entity, rows[index])) }
    }
    (bytes, starts, rows, isAnother) = ([], [], [], [])
    var lists = Self.lists(entitiesRows, count: Int(entityCount))
    entitiesRows = []
    if options.contains(.plurals) { try addPlurals(&lists, check) }
    return try table.index(options, lists, check)
  }

  /// Makes the index, without asking whether to stop.
  package consuming func finish() -> NameIndex { finish {} }

  struct RowLists {
    var starts: [UInt32]
    var rows: [Int32]

    func rows(of entity: UInt32) -> ArraySlice<Int32> {
      rows[Int(starts[Int(entity)])..<Int(starts[Int(entity) + 1])]
    }
  }

  private static func lists(_ pairs: [(entity: UInt32, row: Int32)], count: Int) -> RowLists {
    var starts = [UInt32](repeating: 0, count: count + 1)
    for pair in pairs { starts[Int(pair.entity) + 1] += 1 }
    for entity in 0..<count { starts[entity + 1] += starts[entity] }
    var next = starts
    var rows = [Int32](repeating: 0, count: pairs.count)
    for pair in pairs {
      rows[Int(next[Int(pair.entity)])] = pair.row
      next[Int(pair.entity)] += 1
    }
    // A row that has a name twice counts once.
    var (keptStarts, kept) = ([UInt32(0)], [Int32]())
    keptStarts.reserveCapacity(count + 1)
    kept.reserveCapacity(rows.count)
    for entity in 0..<count {
      for index in Int(starts[entity])..<Int(starts[entity + 1])
      where index == Int(starts[entity]) || rows[index] != rows[index - 1] {
        kept.append(rows[index])
      }
      keptStarts.append(UInt32(kept.count))
    }
    return RowLists(starts: keptStarts, rows: kept)
  }

  /// What is a name by itself stays that; a plural of several names means all of them.
  private mutating func addPlurals(
    _ lists: inout RowLists, _ check: () throws -> Void
  ) rethrows {
    let names = table.entities.count
    for name in 0..<names {
      if name & 0xFFFF == 0 { try check() }
      let entity = table.entities[name]
      for plural in NameSpelling.plurals(of: Array(table.spelling(name))) {
        let (spelling, isNew) = table.insert(plural[...])
        if isNew {
          table.entities.append(entity)
        } else if spelling >= names, table.entities[spelling] != entity {
          let union = Set(lists.rows(of: table.entities[spelling]) + lists.rows(of: entity))
          table.entities[spelling] = UInt32(lists.starts.count - 1)
          lists.rows += union.sorted()
          lists.starts.append(UInt32(lists.rows.count))
        }
      }
    }
  }
}

/// Different spellings with a hash table that grows with them.
private struct SpellingTable {
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [UInt32] = [0]
  /// The entity of each spelling, kept by whoever inserts.
  var entities: [UInt32] = []
  private var hashes: [UInt64] = []
  private var slots = [Int32](repeating: -1, count: 1024)

  func spelling(_ index: Int) -> ArraySlice<UInt8> {
    bytes[Int(starts[index])..<Int(starts[index + 1])]
  }

  /// The spelling's number, and whether it was not there before.
  mutating func insert(_ form: ArraySlice<UInt8>) -> (spelling: Int, isNew: Bool) {
    var hash: UInt64 = NameHash.start
    for byte in form { hash = NameHash.add(byte, to: hash) }
    hash = NameHash.finish(hash)
    var slot = Int(hash >> 20) & (slots.count - 1)
    while slots[slot] >= 0 {
      let known = Int(slots[slot])
      if hashes[known] == hash, spelling(known).elementsEqual(form) { return (known, false) }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(hashes.count)
    hashes.append(hash)
    bytes += form
    starts.append(UInt32(bytes.count))
    if 2 * hashes.count > slots.count { grow() }
    return (hashes.count - 1, true)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 4 * slots.count)
    for (index, hash) in hashes.enumerated() {
      var slot = Int(hash >> 20) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(index)
    }
  }

  consuming func index(
    _ options: GazetteerOptions, _ lists: NameIndexBuilder.RowLists, _ check: () throws -> Void
  ) rethrows -> NameIndex {
    (hashes, slots) = ([], [])
    var runs = RunHashes()
    for spelling in entities.indices {
      if spelling & 0xFFFF == 0 { try check() }
      runs.add(bytes, Int(starts[spelling])..<Int(starts[spelling + 1]))
    }
    var firsts = NameFilter(capacity: runs.counts.count)
    var others = NameFilter(capacity: runs.hashes.count)
    var table = [UInt64](repeating: 0, count: runs.counts.count + runs.counts.count / 2 + 8)
    var index = 0
    for (spelling, count) in runs.counts.enumerated() {
      for place in 0..<Int(count) {
        let hash = runs.hashes[index]
        let endsName = place == count - 1
        if place == 0 {
          firsts.insert(hash, endsName: endsName)
        } else {
          others.insert(hash, endsName: endsName)
        }
        if endsName {
          var slot = NameIndex.slot(hash, table.count)
          while table[slot] != 0 { slot = slot + 1 == table.count ? 0 : slot + 1 }
          table[slot] = (hash >> 32) << 32 | UInt64(spelling + 1)
        }
        index += 1
      }
    }
    return NameIndex(
      options: options, longest: max(1, Int(runs.counts.max() ?? 1)), hasSpaces: runs.hasSpaces,
      firsts: firsts, runs: others, slots: table, bytes: bytes, starts: starts,
      entities: entities, rowStarts: lists.starts, rows: lists.rows)
  }
}

/// The hashes of the runs of pieces with which names begin, up to the whole name.
private struct RunHashes {
  private(set) var hashes: [UInt64] = []
  /// How many of them each name has.
  private(set) var counts: [Int32] = []
  private(set) var hasSpaces = false
  private var atoms = NameAtoms(capacity: 4096)

  mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
    if range.count > atoms.capacity { atoms = NameAtoms(capacity: range.count) }
    atoms.keep(last: 0)
    _ = atoms.fill(bytes, range, from: range.lowerBound)
    var hash: UInt64 = 0
    for index in 0..<atoms.count {
      let isSpaced = atoms.starts[index] & NameAtoms.spaced != 0
      if isSpaced { hasSpaces = true }
      hash =
        index == 0
        ? NameHash.run(of: atoms.hashes[0])
        : NameHash.extend(hash, by: atoms.hashes[index], spaced: isSpaced)
      hashes.append(hash)
    }
    counts.append(Int32(atoms.count))
  }
}
