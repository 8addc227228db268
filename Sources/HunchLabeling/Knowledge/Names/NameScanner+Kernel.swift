internal import HunchText

/// Finds the names of an index in documents that were prepared for it. Belongs to one thread.
final class NameScanner {
  /// An occurrence of a name: bytes from the beginning of the prepared document, and the spelling.
  struct Hit: Equatable {
    var start: Int32
    var end: Int32
    var spelling: Int32
  }

  private let index: NameIndex
  private let takesAll: Bool
  private var atoms: NameAtoms
  /// What was found in the document under way.
  private(set) var hits: [Hit] = []
  private var free: UInt32 = 0

  init(_ index: NameIndex, overlapping: Bool) {
    self.index = index
    takesAll = overlapping
    atoms = NameAtoms(capacity: max(4096, 4 * index.longest))
  }

  /// Finds the names in a document: the leftmost longest ones that do not overlap or, if so wanted,
  /// all, by start and of several the shortest first.
  ///
  /// - Complexity: O(bytes) look-ups that stay in the caches, and one in the table for what is
  ///   probably a name.
  func scan(_ bytes: [UInt8], _ range: Range<Int>) {
    hits.removeAll(keepingCapacity: true)
    free = 0
    atoms.keep(last: 0)
    var next = range.lowerBound
    while true {
      next = atoms.fill(bytes, range, from: next)
      let isAll = next >= range.upperBound
      let kept = isAll ? 0 : index.longest - 1
      search(bytes, range, atoms.count - kept)
      if isAll { return }
      atoms.keep(last: kept)
    }
  }

  // SAFETY: places of pieces are below `atoms.count`, which is no more than the size of its arrays,
  // and the piece behind a run is only looked at below it. Places in filters and slots are those that
  // their functions give for the arrays' sizes, none of which is 0. The arrays live through the
  // closures.
  private func search(_ bytes: [UInt8], _ range: Range<Int>, _ limit: Int) {
    let count = atoms.count
    precondition(limit <= count && !index.firsts.words.isEmpty && !index.runs.words.isEmpty)
    let (firstCount, runCount) = (index.firsts.words.count, index.runs.words.count)
    atoms.hashes.withUnsafeBufferPointer { hashes in
      atoms.starts.withUnsafeBufferPointer { starts in
        index.firsts.words.withUnsafeBufferPointer { firsts in
          index.runs.words.withUnsafeBufferPointer { runs in
            guard let hashes = hashes.baseAddress, let starts = starts.baseAddress,
              let firsts = firsts.baseAddress, let runs = runs.baseAddress
            else { return }
            for first in 0..<max(0, limit) {
              var hash = NameHash.run(of: hashes[first])
              var word = firsts[NameFilter.index(hash, firstCount)]
              var (begin, end) = (NameFilter.beginning(hash), NameFilter.ending(hash))
              if word & begin != begin, word & end != end { continue }
              if !takesAll, starts[first] & ~NameAtoms.spaced < free { continue }
              var last = first
              var best: Hit?
              while true {
                if word & end == end, let hit = hit(hash, first, last, bytes, range) {
                  if takesAll { hits.append(hit) } else { best = hit }
                }
                last += 1
                if word & begin != begin || last == count { break }
                hash = NameHash.extend(
                  hash, by: hashes[last], spaced: starts[last] & NameAtoms.spaced != 0)
                word = runs[NameFilter.index(hash, runCount)]
                (begin, end) = (NameFilter.beginning(hash), NameFilter.ending(hash))
              }
              if let best {
                hits.append(best)
                free = UInt32(bitPattern: best.end)
              }
            }
          }
        }
      }
    }
  }

  /// The name that the pieces from one to another are, if they are one.
  @inline(never)
  private func hit(
    _ hash: UInt64, _ first: Int, _ last: Int, _ bytes: [UInt8], _ range: Range<Int>
  ) -> Hit? {
    let slots = index.slots
    var slot = NameIndex.slot(hash, slots.count)
    while slots[slot] != 0 {
      if slots[slot] >> 32 == hash >> 32 {
        let spelling = Int(slots[slot] & 0xFFFF_FFFF) - 1
        if isSpelling(spelling, first, last, bytes, range.lowerBound) {
          return Hit(
            start: Int32(atoms.starts[first] & ~NameAtoms.spaced), end: Int32(atoms.ends[last]),
            spelling: Int32(spelling))
        }
      }
      slot = slot + 1 == slots.count ? 0 : slot + 1
    }
    return nil
  }

  private func isSpelling(
    _ spelling: Int, _ first: Int, _ last: Int, _ bytes: [UInt8], _ base: Int
  ) -> Bool {
    var place = Int(index.starts[spelling])
    let end = Int(index.starts[spelling + 1])
    for atom in first...last {
      let start = atoms.starts[atom]
      if atom > first, start & NameAtoms.spaced != 0 {
        guard place < end, index.bytes[place] == 0x20 else { return false }
        place += 1
      }
      for source in base + Int(start & ~NameAtoms.spaced)..<base + Int(atoms.ends[atom]) {
        guard place < end, index.bytes[place] == bytes[source] else { return false }
        place += 1
      }
    }
    return place == end
  }
}
