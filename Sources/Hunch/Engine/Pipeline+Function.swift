import HunchLabeling
import HunchModels

extension Pipeline {
  /// One labeling function with documents behind its figures: some that it votes on, some on which
  /// gold says that it is wrong, and some without gold that the label model labels otherwise.
  ///
  /// - Parameters:
  ///   - name: The function's name.
  ///   - split: The documents to look at; `nil` for all, of which test documents are not shown.
  ///   - count: The most documents of each sort.
  ///   - texts: Whether to give the part of each text on which the vote rests.
  /// - Throws: ``HunchError/noSuchFunction(_:known:)``.
  /// - Complexity: One pass over the corpus.
  public func function(
    named name: String, split: Split?, count: Int = 5, texts: Bool = false
  ) throws -> FunctionReport {
    let names = catalog.functions.map(\.name)
    guard let index = names.firstIndex(of: name) else {
      throw HunchError.noSuchFunction(name, known: names)
    }
    let report = try analyze(split: split)
    let examples = try examples(
      of: [index], count: count, splits: split.map { [$0] } ?? [.train, .valid], texts: texts)
    let finder = matchFinder(of: index)
    func documents(_ examples: [ExampleDocument]) -> [FunctionReport.Document] {
      examples.map { example in
        FunctionReport.Document(
          id: example.id.description, split: example.split.name,
          vote: project.labels[example.vote], gold: example.gold.map { project.labels[$0] },
          labelModel: .init(
            label: project.labels[example.label.label], probability: example.label.probability),
          others: example.others.map {
            .init(function: names[$0.function], vote: project.labels[$0.vote])
          }, passage: example.passage(finder))
      }
    }
    let drawn = examples.examples(of: index)
    return FunctionReport(
      split: report.split, function: report.functions[index],
      neighbours: try neighbours(of: index, split: split), hits: documents(drawn.hits),
      mistakes: documents(drawn.mistakes), overruled: documents(drawn.overruled),
      findings: report.findings.filter { $0.functions.contains(name) })
  }

  /// The five functions that vote most often on the same documents.
  private func neighbours(of index: Int, split: Split?) throws -> [FunctionReport.Neighbour] {
    let pairs = try facts(split: split).pairs
    let shared = pairs.functions.filter { $0 != index }.map { other in
      (other: other, pair: pairs.pair(index, other))
    }
    return shared.filter { $0.pair.common > 0 }
      .sorted { ($1.pair.common, $0.other) < ($0.pair.common, $1.other) }.prefix(5)
      .map { other, pair in
        FunctionReport.Neighbour(
          function: catalog.functions[other].name, documents: pair.common,
          disagreements: pair.differing)
      }
  }

  /// Draws documents for some functions, in one pass over the corpus.
  func examples(
    of functions: [Int], count: Int, splits: Set<Split> = [.train, .valid], texts: Bool
  ) throws -> ExampleSampler {
    let fit = try labelFit()
    let labeling = try labeling()
    var sampler = ExampleSampler(
      functions: functions, of: catalog.functions.count, limit: count,
      seed: project.configuration.seed, splits: splits, wantsTexts: texts)
    try votePass().run(
      wantsTexts: texts || labeling.readsTexts, cancellation: options.cancellation
    ) { chunk, block in
      let posteriors = labeling.posteriors(chunk, block)
      sampler.add(chunk, block) { document in
        .init(posteriors.posterior(document), fit.decision)
      }
    }
    return sampler
  }

  /// What finds the words on which a function's votes rest; `nil` for votes from a file.
  func matchFinder(of function: Int) -> MatchFinder? {
    guard let pack = project.pack, case .rule(let rule) = catalog.functions[function].origin else {
      return nil
    }
    return MatchFinder(pack.functions[rule], knowledge: catalog.knowledge)
  }
}

extension ExampleDocument.Label {
  /// The label of a posterior.
  init(_ posterior: ArraySlice<Double>, _ decision: DecisionRule) {
    label = decision.label(posterior)
    probability = posterior[posterior.startIndex + label]
  }
}

extension ExampleDocument {
  /// The part of the text to show; `nil` where texts are not shown.
  func passage(_ finder: MatchFinder?) -> Passage? {
    source.map { Passage($0, matches: finder?.ranges(in: $0) ?? []) }
  }
}
