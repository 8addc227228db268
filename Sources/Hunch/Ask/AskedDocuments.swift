import HunchModels

/// The documents that language models are asked about.
struct AskedDocuments: InSession {
  private let votes: AppliedVotes

  init(_ votes: AppliedVotes) { self.votes = votes }

  var session: Session { votes.session }

  /// The texts to ask language models about, in the order in which they are asked about: the sample
  /// in one list, or all, chunk by chunk.
  ///
  /// A sample depends on the documents, the votes of functions that ask nothing, the label model and
  /// the seed, and on no gold label or answer: so a run that goes on chooses the same.
  func texts(
    _ configuration: LanguageModelConfiguration,
    _ body: ([AskedText]) throws -> Void
  ) throws {
    let splits = Set(configuration.splits)
    let needs = PassNeeds(texts: splits)
    func documents(_ chunk: CorpusChunk) -> [(document: Int, text: AskedText)] {
      (0..<chunk.count).compactMap { document in
        guard splits.contains(chunk.splits[document]),
          let text = ServiceText.sent(chunk.texts.bytes[chunk.texts.range(at: document)])
        else { return nil }
        return (document, AskedText(text))
      }
    }
    guard let sample = configuration.sample else {
      return try pass(functions: []).run(needs) { chunk, _ in
        try body(documents(chunk).map(\.text))
      }
    }
    let others = catalog.functions.indices.filter {
      catalog.functions[$0].prompt == nil && catalog.functions[$0].otherwise == nil
    }
    let pass = pass(functions: others)
    let model = sample.order == .random ? nil : try modelOfOthers(pass, others)
    var chosen = PromptSample(limit: sample.documents)
    var drawnOnes = PromptSample(limit: sample.documents)
    try pass.run(needs) { chunk, block in
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

  private func pass(functions: [Int]) -> VotePass {
    var pass = votes.pass
    pass.functions = functions.map { votes.outcome.functions[$0] }
    (pass.slices, pass.labels) = ([], HandLabels())
    return pass
  }

  /// The label model without the functions that ask; nil where the others say nothing.
  private func modelOfOthers(_ pass: VotePass, _ others: [Int]) throws -> FittedLabelModel? {
    if others.isEmpty { return nil }
    var project = session.project
    let names = others.map { catalog.functions[$0].name }
    project.configuration.functionGroups = project.configuration.functionGroups.filter {
      Set($0.functions).isSubset(of: names)
    }
    project.configuration.labelModelGold = .unused
    if project.configuration.classBalance == .valid { project.configuration.classBalance = nil }
    let table = try VoteTable(
      pass, GoldRoles(project.configuration, HandLabels()), functionCount: others.count,
      classCount: project.labels.count, memory: options.patternMemory,
      storage: SpillDirectory(workspace: workspace.path))
    if table.totals(of: nil).covered == 0 { return nil }
    return try LabelFit(
      table, project, functions: names,
      evidence: VoteEvidence(
        catalog, labels: project.labels, models: ModelStore(workspace: workspace)
      ).selecting(others)
    ).model
  }
}
