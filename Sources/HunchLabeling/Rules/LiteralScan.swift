import HunchText

/// What one scan for all literals says of a batch.
struct LiteralFindings {
  /// For each leaf of keywords, the documents with one of them, ascending.
  var keywordDocuments: [[Int32]]
  /// For each leaf of names, what is named, documents ascending.
  var mentions: [[(document: Int32, entity: Int32)]]
  /// For each pattern, the documents in which it may match; `nil` where it must be tried on all.
  var candidates: [[PatternCandidate]?]
}

/// A document that holds everything a pattern requires.
struct PatternCandidate {
  var document: Int32
  /// The byte offset in the folded document before which no literal of the first clause begins, or
  /// -1 where the clause says nothing of the place of a match.
  var literalStart: Int32
}

/// Follows keywords, entities and the clauses of patterns through a batch, one document after the
/// other. Belongs to one worker.
struct LiteralScan {
  private let program: RuleProgram
  private var findings = LiteralFindings(keywordDocuments: [], mentions: [], candidates: [])
  private var document: Int32 = -1
  /// The documents whose plain form is another, and these forms.
  private var others: (documents: [Int], texts: TextBatch) = ([], TextBatch())
  private let tracker: ChainTracker
  private var patterns: [PatternState]
  private var entities: [[LiteralHit]]
  private var touchedGazetteers: [Int] = []
  /// For each leaf of names that are found by their index, what finds them and the documents that
  /// may have them.
  private var scanners: [NameScanner?]
  private var hinted: [[Int32]]

  private struct PatternState {
    var document: Int32 = -1
    var completeChains: Int32 = 0
    var literalStart: Int32 = -1
  }

  init(_ program: RuleProgram) {
    self.program = program
    tracker = ChainTracker(program)
    patterns = program.patterns.map { _ in PatternState() }
    entities = program.leaves.map { _ in [] }
    hinted = program.leaves.map { _ in [] }
    scanners = program.leaves.map { leaf in
      guard case .names(let leaf) = leaf, leaf.search != .asLiterals else { return nil }
      return NameScanner(leaf.names, overlapping: leaf.options.contains(.overlapping))
    }
  }

  /// Scans a batch.
  ///
  /// - Complexity: O(bytes + hits × uses of their literals).
  mutating func run(_ store: DocumentStore) -> LiteralFindings {
    findings = LiteralFindings(
      keywordDocuments: .init(repeating: [], count: program.leaves.count),
      mentions: .init(repeating: [], count: program.leaves.count),
      candidates: program.patterns.map { $0.chainCount > 0 ? [] : nil })
    if !program.matcher.isEmpty { scanLiterals(store) }
    if !program.keywords.matcher.isEmpty { scanPlainForms(store) }
    scanNames(store)
    return findings
  }

  private mutating func scanLiterals(_ store: DocumentStore) {
    tracker.reset()
    for index in patterns.indices { patterns[index].document = -1 }
    document = -1
    let (program, tracker) = (self.program, self.tracker)
    let isOther = program.keywords.matcher.isEmpty ? [] : otherDocuments(store)
    program.matcher.forEachHit(in: store.composed, folded: store.folded) { document, hit in
      let document = Int32(truncatingIfNeeded: document)
      if document != self.document {
        if !touchedGazetteers.isEmpty { endDocument() }
        self.document = document
      }
      tracker.note(hit, in: document)
      for use in program.uses.indices(of: hit.literal) {
        switch program.uses[use] {
        case .keyword(let leaf, let isPlain):
          if !isPlain || !isOther[Int(document)] { takeKeyword(Int(leaf)) }
        case .entity(let leaf, let entity): take(entity, of: Int(leaf), hit)
        case .hint(let leaf):
          if hinted[Int(leaf)].last != document { hinted[Int(leaf)].append(document) }
        case .lastClause(let chain, let opening):
          if opening >= 0, !tracker.isFound(opening, in: document) { continue }
          let start = tracker.complete(Int(chain), by: hit, in: document)
          if start >= 0 { complete(Int(chain), start) }
        }
      }
    }
    endDocument()
  }

  /// Finds the names that are found by an index. Leaves that compare alike read the same texts.
  private mutating func scanNames(_ store: DocumentStore) {
    var prepared: [GazetteerOptions: NameTexts] = [:]
    for (leaf, scanner) in scanners.enumerated() {
      guard let scanner, case .names(let names) = program.leaves[leaf] else { continue }
      let isEverywhere = names.search == .everywhere
      if !isEverywhere, hinted[leaf].isEmpty { continue }
      let spelling = names.options.intersection([.caseSensitive, .ignoringDiacritics])
      let texts =
        prepared[spelling]
        ?? NameTexts(store.composed, spelling) { (store.folded, store.shifted) }
      prepared[spelling] = texts
      let documents = isEverywhere ? Array(0..<Int32(store.batch.texts.count)) : hinted[leaf]
      for document in documents {
        scanner.scan(texts.bytes, texts.range(at: Int(document)))
        for hit in scanner.hits {
          findings.mentions[leaf].append(
            (document, Int32(names.names.entity(of: Int(hit.spelling)))))
        }
      }
      hinted[leaf].removeAll(keepingCapacity: true)
    }
  }

  /// For each document whether its plain form is another.
  private mutating func otherDocuments(_ store: DocumentStore) -> [Bool] {
    others = PlainText.others(in: store.composed, program.keywords.needs)
    var isOther = [Bool](repeating: false, count: store.composed.count)
    for document in others.documents { isOther[document] = true }
    return isOther
  }

  /// Looks for keywords in the plain forms of the documents that have another.
  private mutating func scanPlainForms(_ store: DocumentStore) {
    if others.documents.isEmpty { return }
    let (program, others) = (self.program, self.others)
    let folded = SeparatedTexts.folding(others.texts).texts
    var touched: Set<Int> = []
    program.keywords.matcher.forEachHit(in: others.texts, folded: folded) { place, hit in
      document = Int32(truncatingIfNeeded: others.documents[place])
      for use in program.uses.indices(of: program.keywords.literals[Int(hit.literal)]) {
        guard case .keyword(let leaf, isPlain: true) = program.uses[use] else { continue }
        takeKeyword(Int(leaf))
        touched.insert(Int(leaf))
      }
    }
    for leaf in touched { findings.keywordDocuments[leaf].sort() }
  }

  private mutating func takeKeyword(_ leaf: Int) {
    if findings.keywordDocuments[leaf].last != document {
      findings.keywordDocuments[leaf].append(document)
    }
  }

  private mutating func take(_ entity: Int32, of leaf: Int, _ hit: LiteralHit) {
    if entities[leaf].isEmpty { touchedGazetteers.append(leaf) }
    entities[leaf].append(LiteralHit(start: hit.start, end: hit.end, literal: entity))
  }

  private mutating func complete(_ chain: Int, _ firstStart: Int32) {
    let plan = program.chains[chain]
    let pattern = Int(plan.pattern)
    if patterns[pattern].document != document {
      patterns[pattern] = PatternState(document: document)
    }
    patterns[pattern].completeChains += 1
    if plan.lead >= 0 { patterns[pattern].literalStart = firstStart }
    if patterns[pattern].completeChains == program.patterns[pattern].chainCount {
      findings.candidates[pattern]?.append(
        PatternCandidate(document: document, literalStart: patterns[pattern].literalStart))
    }
  }

  private mutating func endDocument() {
    for leaf in touchedGazetteers {
      entities[leaf].sort()
      for hit in LongestMatches.select(entities[leaf]) {
        findings.mentions[leaf].append((document, hit.literal))
      }
      entities[leaf].removeAll(keepingCapacity: true)
    }
    touchedGazetteers.removeAll(keepingCapacity: true)
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
