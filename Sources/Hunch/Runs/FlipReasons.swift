import GRDB
import HunchLabeling
import HunchModels

/// Says why the labels of documents flipped: by the votes, in both runs, of the functions that are
/// not the same in both.
struct FlipReasons {
  struct Reason {
    var cause: RunComparison.Cause
    var votes: [RunComparison.Vote]
  }

  /// A function that is not the same, as each run knew it.
  private struct Changed {
    /// Its place in the list of changes.
    var index: Int
    var name: String
    var before: RunRecord.Function?
    var after: RunRecord.Function?
    var flipped = 0
    /// Whether votes of the earlier run were looked for and not found.
    var isForgotten = false
  }

  private let store: VoteStore
  private let pair: RunPair
  private var changed: [Changed] = []
  /// The votes of a chunk by its place, for each changed function; nil where they are not kept.
  private var old: (chunk: Int, columns: [[Int16]?]) = (-1, [])
  private var new: (chunk: Int, columns: [[Int16]?]) = (-1, [])

  init(_ store: VoteStore, _ pair: RunPair, _ changes: [RunComparison.Function]) throws {
    (self.store, self.pair) = (store, pair)
    func find(_ name: String?, in run: RunRecord) -> RunRecord.Function? {
      run.functions.first { $0.name == name }
    }
    for (index, change) in changes.enumerated() where change.change != .renamed {
      changed.append(
        Changed(
          index: index, name: change.name, before: find(change.name, in: pair.before.run),
          after: find(change.name, in: pair.after.run)))
    }
  }

  /// The documents with a flipped label on which a function of the list of changes votes
  /// differently; nil where its old votes are not kept.
  func flipped(_ index: Int) -> Int? {
    guard let function = changed.first(where: { $0.index == index }) else { return 0 }
    return function.isForgotten ? nil : function.flipped
  }

  /// Why a label flipped; adds to the counts.
  mutating func reason(_ flip: LabelFlip, _ causes: inout RunComparison.Causes) throws -> Reason {
    let (oldChunk, newChunk) = (flip.oldPlace.chunk, flip.newPlace.chunk)
    let (before, after) = (
      pair.before.contents.chunks[oldChunk], pair.after.contents.chunks[newChunk]
    )
    if old.chunk != oldChunk {
      old = (oldChunk, try changed.map { try column($0.before, pair.before.run, before) })
    }
    if new.chunk != newChunk {
      new = (newChunk, try changed.map { try column($0.after, pair.after.run, after) })
    }
    var votes: [RunComparison.Vote] = []
    var isUnknown = false
    for place in changed.indices {
      let earlier = old.columns[place].map { pair.oldClass($0[flip.oldPlace.document]) }
      let later = new.columns[place].map { $0[flip.newPlace.document] } ?? -1
      if let earlier {
        if earlier == later { continue }
        changed[place].flipped += 1
      } else {
        changed[place].isForgotten = true
        isUnknown = true
        if later < 0 { continue }
      }
      votes.append(
        RunComparison.Vote(
          function: changed[place].name, before: earlier.flatMap(pair.name),
          after: pair.name(later), isBeforeKnown: earlier != nil))
    }
    if votes.contains(where: \.isBeforeKnown) {
      causes.votes += 1
      return Reason(cause: .votes, votes: votes)
    } else if before.contents != after.contents {
      causes.content += 1
      return Reason(cause: .content, votes: votes)
    } else if isUnknown {
      causes.unknown += 1
      return Reason(cause: .unknown, votes: votes)
    }
    causes.weights += 1
    return Reason(cause: .weights, votes: votes)
  }

  /// The votes of a function on a chunk, abstentions where it was not there; nil where they are not
  /// kept.
  private func column(
    _ function: RunRecord.Function?, _ run: RunRecord, _ chunk: RunContents.Chunk
  ) throws -> [Int16]? {
    guard let function else { return [Int16](repeating: -1, count: chunk.documents) }
    if function.otherwise == nil { return try store.keptVotes(of: function, on: chunk) }
    var columns: [[Int16]] = []
    for other in run.functions {
      let stored = other.otherwise == nil ? try store.keptVotes(of: other, on: chunk) : []
      guard let stored else { return nil }
      columns.append(stored)
    }
    OtherwiseVotes.fill(
      &columns, classes: run.functions.map(\.otherwise), count: chunk.documents)
    return run.functions.firstIndex(of: function).map { columns[$0] }
  }
}

extension VoteStore {
  /// The votes of a function on a chunk as some run knew them; nil where they are not kept.
  func keptVotes(
    of function: RunRecord.Function, on chunk: RunContents.Chunk
  ) throws -> [Int16]? {
    guard let aspect = ChunkAspect(rawValue: function.aspect) else { return nil }
    let numbers = try find(contents: chunk.contents)
    guard numbers[aspect.rawValue] >= 0 else { return nil }
    return try workspace.access { db in
      guard
        let number = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT id FROM functions WHERE fingerprint = ?"),
          arguments: [function.fingerprint]), (1..<1 << 32).contains(number)
      else { return nil }
      let key = VoteKey(
        StoredFunction(number: number, aspect: aspect, fingerprint: function.fingerprint),
        numbers: numbers, contents: chunk.contents)
      guard
        let value = try DatabaseValue.fetchOne(
          db.cachedStatement(sql: "SELECT votes FROM votes WHERE key = ?"), arguments: [key.row]),
        let bytes = DatabaseBytes.fromDatabaseValue(value)?.bytes,
        let blob = key.seal.opened(bytes),
        let column = VoteBlob.decode(blob, count: chunk.documents)
      else { return nil }
      // No votes at all on the chunk.
      return column.isEmpty ? [Int16](repeating: -1, count: chunk.documents) : column
    }
  }
}
