import HunchModels
import TestSupport
import Testing

struct DependencyDetectionTests {
  private func detect(
    _ votes: DenseVotes, declared: [[Int]] = [], memory: Int = 64 << 20
  ) throws -> [FunctionDependency] {
    let compressed = votes.compressed(blockSize: 5000)
    return try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
      .detectDependencies(in: compressed.counted(), declared: declared, memory: memory)
  }

  private func pairs(_ found: [FunctionDependency]) -> [[Int]] {
    found.map { [$0.first, $0.second] }
  }

  @Test(arguments: [2, 4], [1000, 5000])
  func plantedCopiesAreFound(classes: Int, documents: Int) throws {
    let expected = [[0, 7], [1, 8], [1, 9], [8, 9]]
    var (right, reported, planted) = (0, 0, 0)
    for seed in 0..<10 as Range<UInt64> {
      var model = PlantedVotes.independent(10, classes: classes, seed: seed)
      for (copy, source) in [(7, 0), (8, 1), (9, 1)] {
        model.functions[copy].source = source
        model.functions[copy].coverage = model.functions[source].coverage
        model.functions[copy].copying = [0.95, 0.97, 0.98, 0.99, 1][Int(seed) % 5]
      }
      let found = try detect(model.draw(documents: documents, seed: seed).votes)
      let copies = pairs(found.filter { $0.kind == .copy })
      right += copies.count { expected.contains($0) }
      reported += copies.count
      planted += expected.count
    }
    #expect(Double(right) >= 0.95 * Double(reported))
    #expect(Double(right) >= 0.95 * Double(planted))
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: [2, 4],
    [1000, 10_000])
  func independentFunctionsAreNotReported(classes: Int, documents: Int) throws {
    var (reported, all) = (0, 0)
    for seed in 0..<20 as Range<UInt64> {
      let model = PlantedVotes.independent(10, classes: classes, seed: seed)
      let oneSided = PlantedVotes.oneSided(10, classes: classes, documents: documents, seed: seed)
      for votes in [model.draw(documents: documents, seed: seed).votes, oneSided.votes] {
        reported += try detect(votes).isEmpty ? 0 : 1
        all += 1
      }
    }
    #expect(Double(reported) <= 0.1 * Double(all))
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: [2, 4])
  func plantedDependenciesAreFound(classes: Int) throws {
    let expected = [[0, 7], [1, 8], [2, 9]]
    var (right, reported, planted) = (0, 0, 0)
    for seed in 0..<10 as Range<UInt64> {
      var model = PlantedVotes.independent(10, classes: classes, seed: 100 + seed)
      for pair in expected {
        model.functions[pair[1]].source = pair[0]
        model.functions[pair[1]].copying = 0.3 + 0.04 * Double(seed)
      }
      let found = pairs(try detect(model.draw(documents: 5000, seed: seed).votes))
      right += found.count { expected.contains($0) }
      reported += found.count
      planted += expected.count
    }
    #expect(Double(right) >= 0.9 * Double(reported))
    #expect(Double(right) >= 0.9 * Double(planted))
  }

  /// Function 1 is a pattern inside that of function 0; function 2 overlaps both by chance.
  @Test func nestedFunctionsAreTold() throws {
    var random = SplitMix64(seed: 3)
    let rows = (0..<3000).map { _ in
      let label = random.below(2)
      let outer = random.uniform() < (label == 0 ? 0.4 : 0.1) ? 0 : -1
      let inner = outer == 0 && random.uniform() < 0.3 ? 0 : -1
      let other = random.uniform() < (label == 0 ? 0.4 : 0.1) ? 0 : -1
      let against = random.uniform() < (label == 1 ? 0.5 : 0.1) ? 1 : -1
      return [outer, inner, other, against]
    }
    let found = try detect(DenseVotes(rows: rows, functionCount: 4, classCount: 2))
    #expect(pairs(found) == [[0, 1]])
    let pair = try #require(found.first)
    #expect(pair.kind == .nested)
    #expect(pair.overlap == rows.count { $0[1] == 0 })
    #expect(pair.agreements == pair.overlap)
    #expect(pair.documents == rows.count { $0[0] == 0 })
    #expect(pair.strength > 0.3 && pair.strength < 0.9)
    #expect(pair.largestChange > 0.05)
    #expect(pair.functions == (0, 1))
  }

  /// Nine functions that are nearly always right and nearly always vote agree on nearly all
  /// documents, and tell of different errors all the same.
  @Test func goodFunctionsThatAgreeAreNoCopies() throws {
    let model = PlantedVotes(
      functions: .init(repeating: .init(accuracy: 0.98, coverage: 0.98), count: 9), classes: 3)
    let found = try detect(model.draw(documents: 3000, seed: 4).votes)
    #expect(found.allSatisfy { $0.kind != .copy })
  }

  @Test func fewCommonDocumentsAreNoCopy() throws {
    func votes(_ common: Int) -> DenseVotes {
      let rows = (0..<400).map { row in
        row < common ? [0, 0, -1] : [-1, -1, row % 2]
      }
      return DenseVotes(rows: rows, functionCount: 3, classCount: 2)
    }
    #expect(try detect(votes(9)).isEmpty)
    let found = try detect(votes(10))
    #expect(pairs(found) == [[0, 1]])
    #expect(found.first?.kind == .copy)
    #expect(abs((found.first?.strength ?? 0) - 1) < 1e-9)
  }

  @Test func declaredGroupsAreReportedAndChecked() throws {
    let (votes, _) = PlantedVotes.independent(6, classes: 3, seed: 2).draw(documents: 500, seed: 2)
    let found = try detect(votes, declared: [[4, 0, 2], [5]])
    #expect(pairs(found) == [[0, 2], [0, 4], [2, 4]])
    #expect(found.allSatisfy { $0.kind == .declared })
    #expect(found.copyGroups(functionCount: 6).isEmpty)
    #expect(found.copyGroups(functionCount: 6, declared: [[4, 0, 2], [2, 5]]) == [[0, 2, 4, 5]])
    #expect(
      found.functionWeights(functionCount: 6, declared: [[1, 3]]) == [1, 0.5, 1, 0.5, 1, 1])
    #expect(throws: FitError.hyperParameter(name: "declared", value: 6, range: "0 to 5")) {
      try detect(votes, declared: [[1, 6]])
    }
  }

  @Test func memoryAndOrderOfFunctionsChangeNothing() throws {
    var model = PlantedVotes.independent(12, classes: 3, seed: 5)
    for (copy, source, copying) in [(3, 1, 0.5), (7, 2, 1), (9, 0, 0.4)] {
      model.functions[copy].source = source
      model.functions[copy].copying = copying
    }
    var votes = model.draw(documents: 3000, seed: 5).votes
    let found = try detect(votes)
    #expect(pairs(found) == [[0, 9], [1, 3], [2, 7]])
    #expect(try detect(votes, memory: 1) == found)
    votes.rows = votes.rows.map { $0.reversed() }
    let moved = try detect(votes)
    #expect(moved.count == found.count)
    for one in found {
      let other = try #require(
        moved.first { $0.first == 11 - one.second && $0.second == 11 - one.first })
      #expect(abs(one.strength - other.strength) < 1e-9)
      #expect(one.kind == other.kind)
      #expect(one.overlap == other.overlap && one.agreements == other.agreements)
      #expect(abs(one.largestChange - other.largestChange) < 1e-9)
    }
  }

  @Test func aThousandFunctions() throws {
    var model = PlantedVotes.independent(1000, classes: 2, seed: 6)
    for index in model.functions.indices { model.functions[index].coverage *= 0.1 }
    for copy in stride(from: 101, to: 1000, by: 100) {
      model.functions[copy].source = copy - 1
      model.functions[copy].coverage = model.functions[copy - 1].coverage
      model.functions[copy].copying = 0.97
    }
    let found = try detect(model.draw(documents: 3000, seed: 6).votes)
    let expected = stride(from: 101, to: 1000, by: 100).map { [$0 - 1, $0] }
    #expect(pairs(found).count { expected.contains($0) } == 9)
    #expect(found.count <= 10)
  }

  @Test func groupingCopiesChangesNothingWithoutThem() throws {
    let (votes, _) = PlantedVotes.independent(8, classes: 3, seed: 8).draw(documents: 800, seed: 8)
    let compressed = votes.compressed()
    let plain = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    #expect(try FireOnlyMAPEM().fitGroupingCopies(compressed.counted()) == plain)
  }
}

struct SignificanceTests {
  @Test(arguments: [
    (3.841459, 1), (5.991465, 2), (7.814728, 3), (9.487729, 4), (18.307038, 10),
    (124.342113, 100), (23.684791, 14), (24.995790, 15),
  ])
  func tailsOfChiSquare(value: Double, degrees: Int) {
    #expect(abs(chiSquareTail(value, degrees: degrees) - 0.05) < 1e-6)
  }

  @Test func tailsAtTheEnds() {
    #expect(chiSquareTail(0, degrees: 3) == 1)
    #expect(chiSquareTail(10, degrees: 0) == 1)
    #expect(chiSquareTail(1e5, degrees: 7) >= 0)
    #expect(chiSquareTail(200, degrees: 1) < 1e-44)
  }

  @Test func falseDiscoveriesByHand() {
    // Sorted 0.01, 0.013, 0.02, 0.2 against 0.0125, 0.025, 0.0375, 0.05.
    #expect(falseDiscoveryThreshold([0.2, 0.02, 0.013, 0.01], tests: 4, rate: 0.05) == 0.02)
    #expect(falseDiscoveryThreshold([0.2, 0.02, 0.013, 0.01], tests: 400, rate: 0.05) == nil)
    #expect(falseDiscoveryThreshold([], tests: 0, rate: 0.05) == nil)
  }
}
