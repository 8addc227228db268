import HunchModels

/// The texts with the smallest ranks of a stream, each text once.
///
/// Memory is bounded by a few times the limit.
struct PromptSample {
  /// Where a document stands: the smaller, the sooner it is asked about.
  struct Rank: Comparable {
    /// Whether another function votes on it, where that comes first.
    var isCovered: Bool
    /// How much more probable the likeliest class is than the next.
    var margin: Double
    /// Any order, by text and seed.
    var drawn: UInt64

    static func < (one: Rank, other: Rank) -> Bool {
      if one.isCovered != other.isCovered { return !one.isCovered }
      if one.margin != other.margin { return one.margin < other.margin }
      return one.drawn < other.drawn
    }
  }

  let limit: Int
  private var kept: [String: (rank: Rank, text: AskedText)] = [:]
  /// Nothing behind it can get in.
  private var last: Rank?

  init(limit: Int) { self.limit = limit }

  /// Takes the next document; of equal texts the smallest rank counts.
  mutating func add(_ text: AskedText, _ rank: Rank) {
    if let last, last < rank { return }
    if let other = kept[text.key], other.rank < rank { return }
    kept[text.key] = (rank, text)
    if kept.count >= 2 * limit + 64 { shrink() }
  }

  private mutating func shrink() {
    let sorted = kept.values.sorted { $0.rank < $1.rank }.prefix(limit)
    last = sorted.last?.rank
    kept = [:]
    for each in sorted { kept[each.text.key] = each }
  }

  /// What was kept, smallest ranks first.
  func sorted() -> [AskedText] {
    kept.values.sorted { $0.rank < $1.rank }.prefix(limit).map(\.text)
  }

  /// A number that stands for a text's place in an order drawn by a seed.
  static func drawn(_ key: String, seed: UInt64) -> UInt64 {
    let number = UInt64(key.prefix(16), radix: 16) ?? 0
    let salt = VisitingOrder.hash(Int(truncatingIfNeeded: seed))
    return VisitingOrder.hash(Int(truncatingIfNeeded: number ^ salt))
  }
}

extension PromptSample {
  /// Documents of two lists in turn, each once, up to a limit: of the first list one more where the
  /// limit is odd.
  static func alternating(_ one: [AskedText], _ other: [AskedText], limit: Int) -> [AskedText] {
    // The first list has its share, whatever the other holds.
    let share = one.prefix((limit + 1) / 2)
    let keys = Set(share.map(\.key))
    let rest = other.filter { !keys.contains($0.key) }.prefix(limit - share.count)
    var mixed: [AskedText] = []
    for place in 0..<max(share.count, rest.count) {
      if place < share.count { mixed.append(share[place]) }
      if place < rest.count { mixed.append(rest[place]) }
    }
    return mixed
  }
}

extension Pipeline {
  /// The texts to ask language models about, in the order in which they are asked about: the sample
  /// in one list, or all, chunk by chunk.
  ///
  /// A sample depends on the documents, the votes of functions that ask nothing, the label model and
  /// the seed, and on no gold label or answer: so a run that goes on chooses the same.
  func promptTexts(
    _ outcome: Applier.Outcome, _ configuration: LanguageModelConfiguration,
    _ body: ([AskedText]) throws -> Void
  ) throws {
    let splits = Set(configuration.splits)
    func documents(_ chunk: CorpusChunk) -> [(document: Int, text: AskedText)] {
      (0..<chunk.count).compactMap { document in
        guard splits.contains(chunk.splits[document]),
          let text = PromptQuestion.asked(chunk.texts.bytes[chunk.texts.range(at: document)])
        else { return nil }
        return (document, AskedText(text))
      }
    }
    guard let sample = configuration.sample else {
      let pass = self.pass(outcome, functions: [])
      return try pass.run(wantsTexts: true, cancellation: options.cancellation) { chunk, _ in
        try body(documents(chunk).map(\.text))
      }
    }
    let others = catalog.functions.indices.filter { catalog.functions[$0].prompt == nil }
    let pass = self.pass(outcome, functions: others)
    let model = sample.order == .random ? nil : try modelOfOthers(pass, others)
    var chosen = PromptSample(limit: sample.documents)
    var drawnOnes = PromptSample(limit: sample.documents)
    try pass.run(wantsTexts: true, cancellation: options.cancellation) { chunk, block in
      let posteriors = model.map { ChunkPosteriors(block, $0) }
      for (document, text) in documents(chunk) {
        let drawn = PromptSample.drawn(text.key, seed: project.configuration.seed)
        var rank = PromptSample.Rank(isCovered: true, margin: 0, drawn: drawn)
        drawnOnes.add(text, rank)
        if let posteriors {
          let sorted = posteriors.posterior(document).sorted(by: >)
          rank.margin = sorted[0] - sorted[1]
          rank.isCovered = sample.order == .uncertain || posteriors.isCovered(document)
        }
        if posteriors != nil { chosen.add(text, rank) }
      }
    }
    try body(
      model == nil
        ? drawnOnes.sorted()
        : PromptSample.alternating(
          chosen.sorted(), drawnOnes.sorted(), limit: sample.documents))
  }

  private func pass(_ outcome: Applier.Outcome, functions: [Int]) -> VotePass {
    VotePass(
      corpus: corpus, store: store, layout: outcome.layout, signature: outcome.signature,
      functions: functions.map { outcome.functions[$0] }, slices: [], labels: HandLabels(),
      classCount: project.labels.count)
  }

  /// The label model without the functions that ask; nil where the others say nothing.
  private func modelOfOthers(_ pass: VotePass, _ others: [Int]) throws -> FittedLabelModel? {
    if others.isEmpty { return nil }
    var project = self.project
    let names = others.map { catalog.functions[$0].name }
    project.configuration.functionGroups = project.configuration.functionGroups.filter {
      Set($0.functions).isSubset(of: names)
    }
    project.configuration.labelModelGold = .unused
    if project.configuration.classBalance == .valid { project.configuration.classBalance = nil }
    let table = try VoteTable(
      pass, GoldRoles(project.configuration, HandLabels()), functionCount: others.count,
      classCount: project.labels.count, memory: options.patternMemory,
      storage: SpillDirectory(workspace: workspace.path), cancellation: options.cancellation)
    if table.totals(of: nil).covered == 0 { return nil }
    return try LabelFit(
      table, project, functions: names, evidence: voteEvidence().selecting(others)
    ).model
  }
}
