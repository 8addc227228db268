internal import HunchText

/// How the rows of a knowledge base vote.
enum EntityVotes: Sendable {
  /// Every row alike.
  case fixed(Int16)
  /// One vote for each row.
  case rows([Int16])
  /// Several votes for each row: where they begin, and at last their number, and the votes.
  case lists(starts: [UInt32], votes: [Int16])
  /// As a closure says.
  case closure(EntityClosure)
}

struct EntityClosure: Sendable {
  let base: KnowledgeBase
  let body: @Sendable (Entity) -> Int16
  let unknown = UnknownColumns()

  func vote(row: Int) -> Int16 { body(Entity(base, row: row, unknown: unknown)) }
}

/// Asks for the votes of rows; belongs to one worker, which asks a closure once for each row.
struct EntityVoter {
  private let votes: EntityVotes
  private var known: [Int16] = []

  /// A vote that no closure gives: it was not asked yet.
  private static let unasked = Int16.min

  init(_ votes: EntityVotes) { self.votes = votes }

  mutating func add(_ row: Int, to tally: inout VoteTally) {
    switch votes {
    case .fixed(let vote): tally.add(vote)
    case .rows(let votes): tally.add(votes[row])
    case .lists(let starts, let votes):
      for index in Int(starts[row])..<Int(starts[row + 1]) { tally.add(votes[index]) }
    case .closure(let closure):
      if known.isEmpty {
        known = [Int16](repeating: Self.unasked, count: closure.base.count)
      }
      if known[row] == Self.unasked { known[row] = closure.vote(row: row) }
      tally.add(known[row])
    }
  }

  /// A column that a closure asked for and that does not exist.
  var unknownColumn: String? {
    if case .closure(let closure) = votes { closure.unknown.first } else { nil }
  }
}

struct EntityVoteCompiler {
  let labels: [String]

  /// How many rows a closure is tried on when rules are started.
  private static let probes = 100

  func votes(
    _ rule: GazetteerRule, _ base: KnowledgeBase, _ function: RuleDefinition
  ) throws(RuleError) -> EntityVotes {
    if let body = rule.body { return .closure(EntityClosure(base: base, body: body)) }
    let votes = try votes(rule.choice, base, function)
    guard let filter = rule.filter else { return votes }
    let place = try place(of: filter.column, base, function)
    let passes = Self.passes(filter, place, base.storage)
    switch votes {
    case .fixed(let vote): return .rows(passes.map { $0 ? vote : Vote.abstain })
    case .rows(let votes): return .rows(zip(votes, passes).map { $1 ? $0 : Vote.abstain })
    case .lists, .closure: return votes
    }
  }

  func place(
    of column: String, _ base: KnowledgeBase, _ function: RuleDefinition
  ) throws(RuleError) -> ColumnPlace {
    if let place = base.storage.place(of: column) { return place }
    throw .missingKnowledgeColumn(
      function.name ?? "", base: base.name, source: base.source, column: column,
      known: base.columns, place: function.place)
  }

  private static func passes(
    _ filter: EntityFilter, _ place: ColumnPlace, _ storage: KnowledgeStorage
  ) -> [Bool] {
    let values = Set(filter.values.map { Array($0.utf8)[...] })
    return (0..<storage.cells.count).map { row in
      var passes = false
      storage.forEachCell(row, place) { cell in
        passes = passes || values.contains(KnowledgeText.trimmed(cell))
      }
      return passes
    }
  }

  /// Checks what a gazetteer asks of its base; tries a closure on some rows.
  func check(
    _ rule: GazetteerRule, _ base: KnowledgeBase, _ function: RuleDefinition
  ) throws(RuleError) {
    if let filter = rule.filter { _ = try place(of: filter.column, base, function) }
    guard let body = rule.body else { return try check(rule.choice, base, function) }
    let closure = EntityClosure(base: base, body: body)
    for row in 0..<min(Self.probes, base.count) { _ = closure.vote(row: row) }
    if let column = closure.unknown.first { _ = try place(of: column, base, function) }
  }

  /// Checks that a base has the column and the classes that a rule needs.
  func check(
    _ choice: KnowledgeChoice, _ base: KnowledgeBase, _ function: RuleDefinition
  ) throws(RuleError) {
    if case .fixed = choice { return }
    _ = try votes(choice, base, function)
  }

  /// The votes of the rows of a base.
  func votes(
    _ choice: KnowledgeChoice, _ base: KnowledgeBase, _ function: RuleDefinition
  ) throws(RuleError) -> EntityVotes {
    let column: String
    var classes: [ArraySlice<UInt8>: Int16] = [:]
    var isListed = false
    switch choice {
    case .fixed(let vote): return .fixed(vote)
    case .column(let name):
      column = name
      for (index, label) in labels.enumerated() { classes[Array(label.utf8)[...]] = Int16(index) }
      classes[[]] = Vote.abstain
    case .mapped(let name, let mapped):
      column = name
      isListed = true
      for (value, vote) in mapped { classes[Array(value.utf8)[...]] = vote }
    }
    let place = try place(of: column, base, function)
    let storage = base.storage
    var starts: [UInt32] = [0]
    var votes: [Int16] = []
    votes.reserveCapacity(base.count)
    var failedRow: Int?
    for row in 0..<base.count {
      storage.forEachCell(row, place) { cell in
        let vote = classes[cell]
        if vote == nil, !isListed { failedRow = failedRow ?? row }
        votes.append(vote ?? Vote.abstain)
      }
      if place.table > 0 { starts.append(UInt32(votes.count)) }
    }
    if let failedRow {
      throw .unknownClass(
        function.name ?? "", base: base.name, source: base.source, row: failedRow + 1,
        column: column, labels: labels, place: function.place)
    }
    return place.table == 0 ? .rows(votes) : .lists(starts: starts, votes: votes)
  }
}
