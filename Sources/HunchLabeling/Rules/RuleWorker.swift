import HunchText

/// What a program found on a batch.
public struct RuleVotes: Sendable {
  /// One column per function of the program: a class index per document, -1 where it abstains; an
  /// empty column abstains everywhere.
  public var columns: [[Int16]]

  /// The documents on which a function could not be evaluated; it abstains there.
  public var failures: [RuleFailure]
}

/// A function that could not be evaluated on a document, because a pattern hit its limits.
public struct RuleFailure: Sendable, Equatable {
  /// The position of the function in the program.
  public var function: Int

  /// The position of the document in the batch.
  public var document: Int

  /// PCRE2's words for the reason.
  public var reason: String
}

/// Runs a program on one thread: owns the scratch memory that matching needs.
public final class RuleWorker {
  private let program: RuleProgram
  private let matcher = PatternMatcher()
  private var failures: [RuleFailure] = []
  private var function = 0

  init(_ program: RuleProgram) { self.program = program }

  /// Evaluates every function of the program on every document of a batch.
  ///
  /// - Parameter batch: Carries the fields that the program names.
  /// - Complexity: One scan for all keywords and gazetteers, one matching run per pattern and
  ///   document, one call per heuristic and document.
  public func evaluate(_ batch: DocumentBatch) -> RuleVotes {
    let store = DocumentStore(batch)
    let leaves = scan(store)
    failures = []
    var columns: [[Int16]] = []
    columns.reserveCapacity(program.roots.count)
    for (index, root) in program.roots.enumerated() {
      function = index
      let column = evaluate(root, store, leaves)
      columns.append(column.contains { $0 != Vote.abstain } ? column : [])
    }
    failures.sort { ($0.document, $0.function) < ($1.document, $1.function) }
    return RuleVotes(columns: columns, failures: failures)
  }

  // MARK: - Literals

  /// The votes of every leaf; an empty column where nothing was found.
  private func scan(_ store: DocumentStore) -> [[Int16]] {
    var columns = [[Int16]](repeating: [], count: program.leaves.count)
    guard !program.leaves.isEmpty else { return columns }
    let count = store.batch.texts.count
    let hits = program.matcher.hits(in: store.batch.texts, folded: store.folded)
    var leavesWithEntities: [Int] = []
    for document in 0..<count {
      leavesWithEntities.removeAll(keepingCapacity: true)
      for hit in hits.documentStarts[document]..<hits.documentStarts[document + 1] {
        let leaf = Int(program.leafOfLiteral[Int(hits.literals[hit])])
        if columns[leaf].isEmpty { columns[leaf] = .init(repeating: Vote.abstain, count: count) }
        switch program.leaves[leaf] {
        case .anyOf(let vote): columns[leaf][document] = vote
        case .entities:
          if !leavesWithEntities.contains(leaf) { leavesWithEntities.append(leaf) }
        }
      }
      for leaf in leavesWithEntities {
        columns[leaf][document] = entityVote(leaf, hits, document)
      }
    }
    return columns
  }

  private func entityVote(_ leaf: Int, _ hits: LiteralHits, _ document: Int) -> Int16 {
    guard case .entities(let first, let votes) = program.leaves[leaf] else { return Vote.abstain }
    let members = first..<(first + Int32(votes.count))
    var tally = VoteTally(classCount: program.labelCount)
    for hit in LongestMatches.select(hits, document: document, where: { members.contains($0) }) {
      for vote in votes[Int(hits.literals[hit] - first)] { tally.add(vote) }
    }
    return tally.winner
  }

  // MARK: - Nodes

  private func evaluate(
    _ node: CompiledNode, _ store: DocumentStore, _ leaves: [[Int16]]
  ) -> [Int16] {
    let count = store.batch.texts.count
    switch node {
    case .leaf(let leaf):
      return leaves[leaf].isEmpty ? .init(repeating: Vote.abstain, count: count) : leaves[leaf]
    case .pattern(let pattern, let vote):
      return mark(pattern, vote, store)
    case .match(let pattern, let body):
      return (0..<count).map { document in
        guard let match = firstMatch(pattern, store, document) else { return Vote.abstain }
        return body(match)
      }
    case .heuristic(let body):
      return (0..<count).map { body(Document(store: store, index: $0)) }
    case .keyLookup(let field, let separator, let votes):
      let cells = store.batch.fields[field] ?? []
      return cells.map { lookUp($0, separator, votes) }
    case .all(let parts, let vote):
      return combine(parts.map { evaluate($0, store, leaves) }, vote, needsAll: true)
    case .any(let parts, let vote):
      return combine(parts.map { evaluate($0, store, leaves) }, vote, needsAll: false)
    case .firstOf(let parts):
      return first(of: parts.map { evaluate($0, store, leaves) })
    case .unless(let inner, let exceptions):
      var votes = evaluate(inner, store, leaves)
      for exception in exceptions {
        for (document, vote) in evaluate(exception, store, leaves).enumerated()
        where vote != Vote.abstain {
          votes[document] = Vote.abstain
        }
      }
      return votes
    }
  }

  private func mark(
    _ pattern: CompiledPattern, _ vote: Int16, _ store: DocumentStore
  ) -> [Int16] {
    var votes = [Int16](repeating: Vote.abstain, count: store.batch.texts.count)
    var failed: [PatternFailure] = []
    matcher.mark(pattern, store.batch.texts, vote: vote, into: &votes, failures: &failed)
    for failure in failed { record(failure.document, failure.code) }
    return votes
  }

  private func firstMatch(
    _ pattern: CompiledPattern, _ store: DocumentStore, _ document: Int
  ) -> PatternMatch? {
    switch matcher.firstMatch(pattern, store.batch.texts, document: document) {
    case .success(let match): return match
    case .failure(let failure):
      record(document, failure.code)
      return nil
    }
  }

  private func record(_ document: Int, _ code: Int32) {
    let failure = RuleFailure(
      function: function, document: document, reason: PatternMatcher.describe(code: code))
    if !failures.contains(failure) { failures.append(failure) }
  }

  private func lookUp(
    _ cell: FieldContent, _ separator: Character?, _ votes: [String: [Int16]]
  ) -> Int16 {
    guard let text = String(field: cell) else { return Vote.abstain }
    let keys = separator.map { text.split(separator: $0) } ?? [text[...]]
    var tally = VoteTally(classCount: program.labelCount)
    for key in keys {
      let trimmed = key.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
      for vote in votes[CaseFolding.folded(String(trimmed.reversed()))] ?? [] { tally.add(vote) }
    }
    return tally.winner
  }

  private func combine(_ columns: [[Int16]], _ vote: Int16, needsAll: Bool) -> [Int16] {
    (0..<(columns.first?.count ?? 0)).map { document in
      var agreed = Vote.fires
      var firing = 0
      for column in columns where column[document] != Vote.abstain {
        firing += 1
        let part = column[document]
        if part == Vote.fires { continue }
        if agreed == Vote.fires { agreed = part } else if agreed != part { agreed = Vote.abstain }
      }
      if firing == 0 || (needsAll && firing < columns.count) { return Vote.abstain }
      return vote >= 0 ? vote : agreed
    }
  }

  private func first(of columns: [[Int16]]) -> [Int16] {
    (0..<(columns.first?.count ?? 0)).map { document in
      columns.first { $0[document] != Vote.abstain }?[document] ?? Vote.abstain
    }
  }
}

/// Counts the votes of several entries for one document.
struct VoteTally {
  private var counts: [Int]
  private var fires = false

  init(classCount: Int) { counts = [Int](repeating: 0, count: classCount) }

  mutating func add(_ vote: Int16) {
    if vote == Vote.fires { fires = true }
    if vote >= 0 { counts[Int(vote)] += 1 }
  }

  /// The class with the most votes; abstains on a tie and where nothing voted.
  var winner: Int16 {
    guard let most = counts.max(), most > 0 else { return fires ? Vote.fires : Vote.abstain }
    let leaders = counts.indices.filter { counts[$0] == most }
    return leaders.count == 1 ? Int16(leaders[0]) : Vote.abstain
  }
}
