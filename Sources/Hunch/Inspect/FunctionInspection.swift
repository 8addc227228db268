import HunchLabeling
import HunchModels

extension FunctionReport {
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
  public init(
    _ labels: FittedLabels, named name: String, split: Split?, count: Int = 5, texts: Bool = false
  ) throws {
    let (project, catalog) = (labels.project, labels.catalog)
    let names = catalog.functions.map(\.name)
    guard let index = names.firstIndex(of: name) else {
      throw HunchError.noSuchFunction(name, known: names)
    }
    let analysis = try Analysis(labels.votes, split: split)
    let report = analysis.report
    let finder = MatchFinder.finder(labels.session, of: index)
    let drawn = try ExampleSampler.examples(
      of: index, labels, count: count, splits: split.map { [$0] } ?? [.train, .valid], texts: texts
    ).map { example in
      FunctionReport.Document(
        id: example.id.description, split: example.split.name,
        vote: project.labels[example.vote], gold: example.gold.map { project.labels[$0] },
        labelModel: .init(
          label: project.labels[example.label.label], probability: example.label.probability),
        others: example.others.map {
          .init(function: names[$0.function], vote: project.labels[$0.vote])
        }, passage: example.passage(finder))
    }
    self.init(
      split: report.split, function: report.functions[index],
      neighbours: Self.neighbours(of: index, analysis.facts.pairs, names),
      hits: drawn.hits, mistakes: drawn.mistakes, overruled: drawn.overruled,
      findings: report.findings.filter { $0.functions.contains(name) })
  }

  /// The five functions that vote most often on the same documents.
  private static func neighbours(
    of index: Int, _ pairs: FunctionPairs, _ names: [String]
  ) -> [Neighbour] {
    let shared = pairs.functions.filter { $0 != index }.map { other in
      (other: other, pair: pairs.pair(index, other))
    }
    return shared.filter { $0.pair.common > 0 }
      .sorted { ($1.pair.common, $0.other) < ($0.pair.common, $1.other) }.prefix(5)
      .map { other, pair in
        Neighbour(
          function: names[other], documents: pair.common,
          disagreements: pair.differing)
      }
  }
}

extension ExampleSampler {
  /// Draws documents for a function, in one pass over the corpus.
  fileprivate static func examples(
    of function: Int, _ labels: FittedLabels, count: Int, splits: Set<Split>, texts: Bool
  ) throws -> FunctionExamples<ExampleDocument> {
    let (decision, labeling) = (labels.fit.decision, labels.labeling)
    var sampler = ExampleSampler(
      functions: [function], of: labels.catalog.functions.count, limit: count,
      seed: labels.project.configuration.seed, splits: splits, wantsTexts: texts)
    try labels.pass.run(texts ? .texts : labeling.needs) { chunk, block in
      (chunk: chunk, block: block, posteriors: labeling.posteriors(chunk, block))
    } take: { part in
      sampler.add(part.chunk, part.block) { .init(part.posteriors.posterior($0), decision) }
    }
    return sampler.examples(of: function)
  }
}

extension MatchFinder {
  /// What finds the words on which a function's votes rest; `nil` for votes from a file.
  static func finder(_ session: Session, of function: Int) -> MatchFinder? {
    guard let pack = session.project.pack,
      case .rule(let rule) = session.catalog.functions[function].origin
    else { return nil }
    return MatchFinder(pack.functions[rule], knowledge: session.catalog.knowledge)
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
