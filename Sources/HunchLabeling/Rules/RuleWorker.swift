import HunchText

/// What a program found on a batch.
public struct RuleVotes: Sendable {
  /// One column per function of the program.
  public var columns: [VoteColumn]

  /// The seconds that each function took, apart from ``scanSeconds``. What functions have in
  /// common, such as the same pattern, counts for the first of them.
  public var seconds: [Double]

  /// The seconds of the one scan for all keywords, names and literals that patterns require.
  public var scanSeconds: Double

  /// The documents on which a function could not be evaluated; it abstains there.
  public var failures: [RuleFailure]
}

/// A function that could not be evaluated on a document, because a pattern hit its limits or
/// the mentions of its pair were not found.
public struct RuleFailure: Sendable, Hashable {
  /// The position of the function in the program.
  public var function: Int

  /// The position of the document in the batch.
  public var document: Int

  /// The reason: PCRE2's words, or that mentions were not found.
  public var reason: String
}

/// Runs a program on one thread: owns the scratch memory that matching needs.
public final class RuleWorker {
  private let program: RuleProgram
  private let matcher = PatternMatcher()
  private var scan: LiteralScan
  private let pairs: PairWorker

  // What belongs to the batch under way.
  private var findings = LiteralFindings(keywordDocuments: [], mentions: [], candidates: [])
  private var matched: [Int: (documents: [Int32], failures: [PatternFailure])] = [:]
  private var failures: [RuleFailure] = []
  private var reported: Set<RuleFailure> = []
  private var function = 0

  init(_ program: RuleProgram) {
    self.program = program
    scan = LiteralScan(program)
    pairs = PairWorker(program.pairs)
  }

  /// Evaluates every function of the program on every document of a batch.
  ///
  /// - Parameter batch: Carries the fields that the program names.
  /// - Complexity: One scan for all keywords, gazetteers and what patterns require; one matching
  ///   run per pattern and document that has all it requires; one call per heuristic and document.
  public func evaluate(_ batch: DocumentBatch) -> RuleVotes {
    let store = DocumentStore(batch)
    var stopwatch = Stopwatch()
    findings = scan.run(store)
    var votes = RuleVotes(
      columns: [], seconds: [], scanSeconds: stopwatch.lap(), failures: [])
    matched = [:]
    failures = []
    reported = []
    pairs.begin()
    votes.columns.reserveCapacity(program.roots.count)
    for (index, root) in program.roots.enumerated() {
      function = index
      votes.columns.append(column(of: root, store))
      votes.seconds.append(stopwatch.lap())
    }
    failures.sort { ($0.document, $0.function) < ($1.document, $1.function) }
    votes.failures = failures
    return votes
  }

  private func column(of root: CompiledNode, _ store: DocumentStore) -> VoteColumn {
    switch root {
    case .keywords(let leaf, let vote):
      return .sparse(documents: findings.keywordDocuments[leaf], vote: vote)
    case .pattern(let pattern, let vote):
      return .sparse(documents: matches(pattern, store), vote: vote)
    default:
      return .dense(evaluate(root, store))
    }
  }

  // MARK: - Nodes

  private func evaluate(_ node: CompiledNode, _ store: DocumentStore) -> [Int16] {
    let count = store.batch.texts.count
    switch node {
    case .keywords(let leaf, let vote):
      return column(of: findings.keywordDocuments[leaf], vote, count)
    case .entities(let leaf, let votes):
      return entityVotes(leaf, votes, count)
    case .pattern(let pattern, let vote):
      return column(of: matches(pattern, store), vote, count)
    case .match(let pattern, let body):
      return matchVotes(pattern, body, store)
    case .heuristic(let body):
      return (0..<count).map { body(Document(store: store, index: $0)) }
    case .keyLookup(let field, let separator, let base, let votes):
      let cells = store.batch.fields[field] ?? []
      var voter = EntityVoter(votes)
      return cells.map { lookUp($0, separator, base, &voter) }
    case .all(let parts, let vote):
      return combine(parts.map { evaluate($0, store) }, vote, needsAll: true)
    case .any(let parts, let vote):
      return combine(parts.map { evaluate($0, store) }, vote, needsAll: false)
    case .firstOf(let parts):
      return first(of: parts.map { evaluate($0, store) })
    case .unless(let inner, let exceptions):
      var votes = evaluate(inner, store)
      for exception in exceptions {
        for (document, vote) in evaluate(exception, store).enumerated()
        where vote != Vote.abstain {
          votes[document] = Vote.abstain
        }
      }
      return votes
    case .within(let region, let root):
      return pairs.votes(region: region, root: root, store, fail: fail)
    case .related(let finder, let relations, let vote, let body):
      return pairs.votes(finder: finder, relations, vote: vote, body, store)
    case .pairHeuristic(let finder, let body):
      return pairs.votes(finder: finder, body, store, fail: fail)
    }
  }

  private func column(of documents: [Int32], _ vote: Int16, _ count: Int) -> [Int16] {
    var column = [Int16](repeating: Vote.abstain, count: count)
    for document in documents { column[Int(document)] = vote }
    return column
  }

  // MARK: - Patterns

  /// The documents that a pattern matches; looked for once per batch, whoever asks.
  private func matches(_ index: Int, _ store: DocumentStore) -> [Int32] {
    let found: (documents: [Int32], failures: [PatternFailure])
    if let known = matched[index] {
      found = known
    } else {
      found = matcher.matches(
        program.patterns[index].pattern, store.composed, starts: starts(index, store))
      matched[index] = found
    }
    for failure in found.failures { record(failure) }
    return found.documents
  }

  private func matchVotes(
    _ index: Int, _ body: (PatternMatch) -> Int16, _ store: DocumentStore
  ) -> [Int16] {
    let texts = store.composed
    var column = [Int16](repeating: Vote.abstain, count: texts.count)
    for (document, start) in starts(index, store) {
      switch matcher.firstMatch(
        program.patterns[index].pattern, texts, document: document, from: start)
      {
      case .success(let match): if let match { column[document] = body(match) }
      case .failure(let failure): record(failure)
      }
    }
    return column
  }

  /// The documents that a pattern must be tried on, and the byte offset before which no match
  /// begins.
  private func starts(_ index: Int, _ store: DocumentStore) -> [(document: Int, start: Int)] {
    guard let candidates = findings.candidates[index] else {
      return (0..<store.batch.texts.count).map { ($0, 0) }
    }
    let (lead, shifted, texts) = (program.leads[index], store.shifted, store.composed)
    return candidates.map { candidate in
      let document = Int(candidate.document)
      guard candidate.literalStart > 0, shifted.isEmpty || !shifted.contains(document) else {
        return (document, 0)
      }
      return (
        document,
        texts.offset(inDocument: document, scalars: lead, before: Int(candidate.literalStart))
      )
    }
  }

  private func record(_ failed: PatternFailure) {
    fail(failed.document, PatternMatcher.describe(code: failed.code))
  }

  /// Notes that the function under way abstains on a document, and why; each once.
  private func fail(_ document: Int, _ reason: String) {
    let failure = RuleFailure(function: function, document: document, reason: reason)
    if reported.insert(failure).inserted { failures.append(failure) }
  }

  // MARK: - Look-ups and combinations

  private func lookUp(
    _ cell: FieldContent, _ separator: Character?, _ base: KnowledgeBase,
    _ voter: inout EntityVoter
  ) -> Int16 {
    guard let text = String(field: cell) else { return Vote.abstain }
    let keys = separator.map { text.split(separator: $0) } ?? [text[...]]
    var tally = VoteTally(classCount: program.labelCount)
    for key in keys {
      for row in base.rows(forKey: String(key)) { voter.add(row, to: &tally) }
    }
    return tally.winner
  }

  /// The class that most of the entities have that a document names.
  private func entityVotes(_ leaf: Int, _ votes: EntityVotes, _ count: Int) -> [Int16] {
    var column = [Int16](repeating: Vote.abstain, count: count)
    guard case .names(let names) = program.leaves[leaf] else { return column }
    let mentions = findings.mentions[leaf]
    var voter = EntityVoter(votes)
    var index = 0
    while index < mentions.count {
      let document = mentions[index].document
      var tally = VoteTally(classCount: program.labelCount)
      while index < mentions.count, mentions[index].document == document {
        for row in names.names.rows(of: Int(mentions[index].entity)) {
          voter.add(Int(row), to: &tally)
        }
        index += 1
      }
      column[Int(document)] = tally.winner
      if let unknown = voter.unknownColumn {
        fail(Int(document), "the knowledge base has no column '\(unknown)'")
        column[Int(document)] = Vote.abstain
      }
    }
    return column
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

/// Measures one piece of work after the other.
private struct Stopwatch {
  private var last = ContinuousClock.now

  /// The seconds since the last call.
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    let (seconds, attoseconds) = last.duration(to: now).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
