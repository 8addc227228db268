/// Finds out in which documents the clauses of a pattern occur in their order. Belongs to one worker.
///
/// Where a literal of a chain's last clause is found, a look at what is known of the literals of
/// the clauses before it tells whether the chain is complete. So an occurrence of any other literal
/// costs no more than to note its place, however many patterns require it.
///
/// This runs for every literal found, so it works on plain memory: as elements of arrays in a type
/// that a closure changes, the states took twice as long.
// SAFETY: all memory is allocated in `init` with the sizes of the program's tables, which never
// change, and freed in `deinit`; nothing of it is handed out. Literals and chains are checked where
// they come in; those of the clauses come from the same program, which `init` checks. The type is not
// `Sendable`, so no two threads use it at once.
final class ChainTracker {
  /// Where a literal is in a document; of another document than the present one: nowhere.
  private struct Places {
    var document: Int32 = -1
    var firstStart: Int32 = 0
    var firstEnd: Int32 = 0
    var lastStart: Int32 = 0
  }

  private let literalCount: Int
  private let places: UnsafeMutablePointer<Places>
  private let chainCount: Int
  /// The document in which each chain was complete last.
  private let completed: UnsafeMutablePointer<Int32>
  /// For each chain, the literals of each clause but the last.
  private let clauses: [[[Int32]]]

  init(_ program: RuleProgram) {
    literalCount = program.uses.literalCount
    places = .allocate(capacity: max(1, literalCount))
    places.initialize(repeating: Places(), count: literalCount)
    chainCount = program.chains.count
    completed = .allocate(capacity: max(1, chainCount))
    completed.initialize(repeating: -1, count: chainCount)
    clauses = program.chains.map(\.earlierClauses)
    for literal in clauses.joined().joined() {
      precondition(literal >= 0 && literal < literalCount, "a clause names literals of the program")
    }
  }

  deinit {
    places.deallocate()
    completed.deallocate()
  }

  func reset() {
    for literal in 0..<literalCount { places[literal].document = -1 }
    for chain in 0..<chainCount { completed[chain] = -1 }
  }

  /// Notes where a literal was found; hits come by their ends.
  @inline(__always)
  func note(_ hit: LiteralHit, in document: Int32) {
    precondition(hit.literal >= 0 && hit.literal < literalCount)
    let place = places + Int(hit.literal)
    if place.pointee.document != document {
      place.pointee = Places(document: document, firstStart: hit.start, firstEnd: hit.end)
    }
    place.pointee.lastStart = hit.start
  }

  /// Whether a literal was found in a document.
  @inline(__always)
  func isFound(_ literal: Int32, in document: Int32) -> Bool {
    precondition(literal >= 0 && literal < literalCount)
    return places[Int(literal)].document == document
  }

  /// Whether a literal of a chain's last clause that was found makes the chain complete, which it is
  /// once in a document.
  ///
  /// Of a chain of more than two clauses, those between the first and the last are asked for behind
  /// the one and before the other, in any order.
  ///
  /// - Returns: Where the first literal of the first clause begins; -1 if the chain is not complete,
  ///   or was before.
  @inline(__always)
  func complete(_ chain: Int, by hit: LiteralHit, in document: Int32) -> Int32 {
    precondition(chain >= 0 && chain < chainCount)
    if completed[chain] == document { return -1 }
    var start = hit.start
    var end: Int32 = 0
    for (index, literals) in clauses[chain].enumerated() {
      var (firstStart, firstEnd, lastStart) = (Int32.max, Int32.max, Int32(-1))
      for literal in literals where places[Int(literal)].document == document {
        firstStart = min(firstStart, places[Int(literal)].firstStart)
        firstEnd = min(firstEnd, places[Int(literal)].firstEnd)
        lastStart = max(lastStart, places[Int(literal)].lastStart)
      }
      if firstEnd > hit.start || lastStart < end { return -1 }
      if index == 0 { (start, end) = (firstStart, firstEnd) }
    }
    completed[chain] = document
    return start
  }
}
