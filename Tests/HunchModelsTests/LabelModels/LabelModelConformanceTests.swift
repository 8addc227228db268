import HunchModels
import TestSupport
import Testing

/// What every label model must do.
struct LabelModelConformanceTests {
  static let models = LabelModel.compared.map(\.algorithm)

  static func expectSound(
    _ model: any LabelModelAlgorithm, _ votes: DenseVotes, balance: [Double]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> FittedLabelModel {
    let compressed = votes.compressed()
    let fit = try model.fit(compressed.patterns, counts: compressed.counts, classBalance: balance)
    let again = try model.fit(compressed.patterns, counts: compressed.counts, classBalance: balance)
    #expect(fit == again, "fitting twice gives the same bits", sourceLocation: sourceLocation)
    #expect(fit.name == model.name)
    #expect(fit.classCount == votes.classCount)
    let posteriors = fit.posteriors(of: compressed.patterns)
    #expect(posteriors.count == compressed.patterns.count * votes.classCount)
    #expect(fit.functions.count == votes.functionCount)
    #expect(fit.history.count == fit.iterations)
    #expect(posteriors.allSatisfy { $0 >= 0 && $0 <= 1 }, sourceLocation: sourceLocation)
    for pattern in 0..<compressed.patterns.count {
      let row = fit.posterior(of: pattern, in: compressed.patterns)
      #expect(abs(row.reduce(0, +) - 1) < 1e-9, sourceLocation: sourceLocation)
      if !compressed.patterns.isCovered(pattern) { #expect(row == fit.classBalance) }
    }
    for estimate in fit.functions {
      #expect((estimate.accuracy == nil) == (estimate.votes == 0))
      guard let accuracy = estimate.accuracy, let interval = estimate.interval else { continue }
      #expect(accuracy >= 0 && accuracy <= 1)
      #expect(interval.lower <= accuracy + 1e-12 && accuracy <= interval.upper + 1e-12)
    }
    for entry in compressed.patterns.votes.indices {
      let evidence = fit.logEvidence(
        function: Int(compressed.patterns.functions[entry]),
        vote: Int(compressed.patterns.votes[entry]))
      #expect(evidence?.count == votes.classCount, sourceLocation: sourceLocation)
      #expect(evidence?.allSatisfy { $0.isFinite } == true, sourceLocation: sourceLocation)
    }
    #expect(fit.logLikelihood?.isFinite ?? true)
    return fit
  }

  @Test(arguments: models.indices)
  func noDocumentsAndNoFunctions(index: Int) throws {
    let model = Self.models[index]
    let empty = try Self.expectSound(model, DenseVotes(rows: [], functionCount: 3, classCount: 2))
    #expect(empty.warnings == [.noVotes])
    _ = try Self.expectSound(model, DenseVotes(rows: [[], []], functionCount: 0, classCount: 2))
    _ = try Self.expectSound(model, DenseVotes(rows: [[0], [-1]], functionCount: 1, classCount: 1))
  }

  @Test(arguments: models.indices)
  func allAbstain(index: Int) throws {
    let votes = DenseVotes(
      rows: [[Int]](repeating: [-1, -1], count: 5), functionCount: 2, classCount: 3)
    let fit = try Self.expectSound(Self.models[index], votes, balance: [0.2, 0.3, 0.5])
    #expect(fit.warnings == [.noVotes])
    #expect(fit.posteriors(of: votes.compressed().patterns) == [0.2, 0.3, 0.5])
  }

  @Test(arguments: models.indices)
  func oneFunctionAndOneClassVoted(index: Int) throws {
    let model = Self.models[index]
    let single = DenseVotes(rows: [[1], [-1], [1], [0]], functionCount: 1, classCount: 2)
    let fit = try Self.expectSound(model, single)
    #expect(fit.posteriors(of: single.compressed().patterns)[1] > 0.5)
    let oneClass = DenseVotes(
      rows: (0..<60).map { [$0 % 2 == 0 ? 2 : -1, $0 % 3 == 0 ? 2 : -1, $0 % 5 == 0 ? 2 : -1] },
      functionCount: 3, classCount: 4)
    let other = try Self.expectSound(model, oneClass)
    #expect(other.warnings.contains(.classWithoutVotes(0)))
    #expect(other.warnings.contains(.classWithoutVotes(3)))
    #expect(!other.warnings.contains(.classWithoutVotes(2)))
  }

  @Test(arguments: models.indices, Repository.isOptimized ? [2, 3, 10, 50, 200] : [2, 3, 10])
  func fewAndManyClasses(index: Int, classes: Int) throws {
    let (votes, gold) = DenseVotes.random(
      documents: 800, functions: 12, classes: classes, seed: UInt64(classes))
    let fit = try Self.expectSound(Self.models[index], votes)
    let compressed = votes.compressed()
    var accumulator = MetricsAccumulator(classCount: classes)
    for (id, label) in zip(compressed.ids, gold) where compressed.patterns.isCovered(id) {
      accumulator.add(fit.posterior(of: id, in: compressed.patterns), gold: label)
    }
    #expect((accumulator.metrics()?.accuracy ?? 0) > 0.6)
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: models.indices)
  func extremeBalanceAndManyFunctions(index: Int) throws {
    let (votes, _) = DenseVotes.random(
      documents: 300, functions: 400, classes: 2, seed: 4, coverage: 0.9)
    _ = try Self.expectSound(Self.models[index], votes, balance: [1 - 1e-9, 1e-9])
  }

  @Test(arguments: models.indices, 0..<4 as Range<UInt64>)
  func orderOfFunctionsDoesNotMatter(index: Int, seed: UInt64) throws {
    let (votes, _) = DenseVotes.random(documents: 500, functions: 9, classes: 3, seed: seed)
    var random = SplitMix64(seed: seed)
    let order = Array(0..<9).shuffled(using: &random)
    var moved = votes
    moved.rows = votes.rows.map { row in order.map { row[$0] } }
    let first = try Self.expectSound(Self.models[index], votes)
    let second = try Self.expectSound(Self.models[index], moved)
    for (one, other) in zip(
      first.posteriors(of: votes.compressed().patterns),
      second.posteriors(of: moved.compressed().patterns))
    {
      #expect(abs(one - other) < 1e-9)
    }
    for (place, function) in order.enumerated() {
      let one = first.functions[function].accuracy ?? -1
      let other = second.functions[place].accuracy ?? -1
      #expect(abs(one - other) < 1e-9)
    }
  }

  @Test(arguments: models.indices, 0..<4 as Range<UInt64>)
  func namesOfClassesDoNotMatter(index: Int, seed: UInt64) throws {
    let (votes, _) = DenseVotes.random(documents: 500, functions: 7, classes: 4, seed: seed)
    var random = SplitMix64(seed: 50 + seed)
    let renamed = Array(0..<4).shuffled(using: &random)
    var moved = votes
    moved.rows = votes.rows.map { $0.map { $0 < 0 ? $0 : renamed[$0] } }
    let first = try Self.expectSound(Self.models[index], votes)
    let second = try Self.expectSound(Self.models[index], moved)
    let here = first.posteriors(of: votes.compressed().patterns)
    let there = second.posteriors(of: moved.compressed().patterns)
    for pattern in 0..<votes.compressed().patterns.count {
      for label in 0..<4 {
        let one = here[pattern * 4 + label]
        #expect(abs(one - there[pattern * 4 + renamed[label]]) < 1e-9)
      }
    }
  }

  @Test(arguments: models.indices, 0..<4 as Range<UInt64>)
  func orderOfDocumentsDoesNotMatter(index: Int, seed: UInt64) throws {
    let (votes, _) = DenseVotes.random(documents: 400, functions: 6, classes: 3, seed: seed)
    var moved = votes
    moved.rows.reverse()
    let (first, second) = (votes.compressed(), moved.compressed())
    let one = try Self.models[index].fit(first.patterns, counts: first.counts, classBalance: nil)
    let other = try Self.models[index].fit(
      second.patterns, counts: second.counts, classBalance: nil)
    for document in 0..<400 {
      let here = one.posterior(of: first.ids[document], in: first.patterns)
      let there = other.posterior(of: second.ids[399 - document], in: second.patterns)
      for (a, b) in zip(here, there) { #expect(abs(a - b) < 1e-9) }
    }
  }

  @Test(arguments: models.indices)
  func rejectsBadArguments(index: Int) {
    let model = Self.models[index]
    let votes = DenseVotes(rows: [[0, 1], [1, 1]], functionCount: 2, classCount: 2).compressed()
    func expect(_ error: FitError, balance: [Double]) {
      #expect(throws: error) {
        try model.fit(votes.patterns, counts: [1, 1], classBalance: balance)
      }
      #expect(!error.description.isEmpty)
    }
    expect(.classBalanceCount(expected: 2, found: 3), balance: [0.2, 0.3, 0.5])
    expect(.classBalanceNotPositive(class: 1, share: 0), balance: [1, 0])
    expect(.classBalanceSum(0.75), balance: [0.5, 0.25])
    #expect(throws: FitError.self) {
      try model.fit(votes.patterns, counts: [1, 1], classBalance: [.nan, 1])
    }
    #expect(throws: Never.self) {
      try model.fit(votes.patterns, counts: [1, 1], classBalance: [0.5, 0.5 + 5e-7])
    }
  }
}
