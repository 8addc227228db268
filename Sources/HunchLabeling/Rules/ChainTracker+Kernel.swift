/// Follows the clauses of all patterns through a document. Belongs to one worker.
///
/// This runs for every literal found, so it works on plain memory: as elements of arrays in a type
/// that a closure changes, the states took twice as long.
// SAFETY: all memory is allocated in `init` with the sizes of the program's tables, which never
// change, and freed in `deinit`; nothing of it is handed out. Chains are indices below
// `chainCount`, which `init` checks for every use, and literals and uses are checked where they come
// in. The type is not `Sendable`, so no two threads use it at once.
final class ChainTracker {
  /// How far a chain is in a document. Of another document than the present one it is at the start.
  private struct ChainState {
    var document: Int32 = -1
    var nextClause: Int32 = 0
    /// Where the last clause's literal ends.
    var end: Int32 = 0
    /// Where the first clause's literal begins.
    var start: Int32 = 0
  }

  /// A use of a literal: a clause of a chain, or (-1) something else.
  private struct Use {
    var chain: Int32
    var clause: Int32
  }

  private let chainCount: Int
  private let useCount: Int
  private let states: UnsafeMutablePointer<ChainState>
  private let clauseCounts: UnsafeMutablePointer<Int32>
  private let uses: UnsafeMutablePointer<Use>

  init(_ program: RuleProgram) {
    chainCount = program.chains.count
    useCount = program.uses.count
    states = .allocate(capacity: max(1, chainCount))
    states.initialize(repeating: ChainState(), count: chainCount)
    clauseCounts = .allocate(capacity: max(1, chainCount))
    for (index, chain) in program.chains.enumerated() {
      (clauseCounts + index).initialize(to: chain.clauseCount)
    }
    uses = .allocate(capacity: max(1, useCount))
    for index in 0..<useCount {
      var use = Use(chain: -1, clause: 0)
      if case .clause(let chain, let clause) = program.uses[index] {
        precondition(chain >= 0 && chain < chainCount, "a use names a chain of the program")
        use = Use(chain: chain, clause: clause)
      }
      (uses + index).initialize(to: use)
    }
  }

  deinit {
    states.deallocate()
    clauseCounts.deallocate()
    uses.deallocate()
  }

  /// Forgets all documents.
  func reset() {
    for chain in 0..<chainCount { states[chain].document = -1 }
  }

  /// What an occurrence of a literal means for a chain.
  enum Step {
    case nothing
    case completes(chain: Int, firstStart: Int32)
    /// The use is of another kind.
    case other
  }

  /// Takes one use of a literal that was found.
  ///
  /// Hits come by their ends, so taking the first that fits leaves the most room for the rest.
  @inline(__always)
  func take(use: Int, _ hit: LiteralHit, in document: Int32) -> Step {
    precondition(use >= 0 && use < useCount)
    let (chain, clause) = (Int(uses[use].chain), uses[use].clause)
    if chain < 0 { return .other }
    let state = states + chain
    if state.pointee.document != document {
      if clause != 0 { return .nothing }
      state.pointee = ChainState(document: document, start: hit.start)
    }
    guard state.pointee.nextClause == clause, hit.start >= state.pointee.end else {
      return .nothing
    }
    state.pointee.nextClause = clause + 1
    state.pointee.end = hit.end
    return clause + 1 == clauseCounts[chain]
      ? .completes(chain: chain, firstStart: state.pointee.start) : .nothing
  }
}
