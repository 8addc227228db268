import HunchModels
import TestSupport
import Testing

/// The steps of ``AdaptiveModel`` one by one.
struct AdaptiveStepsTests {
  /// Three functions for each class, one for the last, none of which knows of the others.
  private func draw(
    _ balance: [Double], seed: UInt64, documents: Int, broad: Double = 0
  ) -> DenseVotes {
    var random = SplitMix64(seed: 900 + seed)
    let functions = balance.indices.flatMap { label in
      (0..<(label == balance.count - 1 ? 1 : 3)).map { place in
        SyntheticFunction.unipolar(
          for: label, accuracy: 0.6 + 0.1 * Double(place) + 0.1 * random.uniform(),
          coverage: (0.2 + 0.3 * random.uniform()) * balance[label], balance: balance)
      }
    }
    let blind = SyntheticFunction.blind([broad] + balance.dropFirst().map { _ in 0 })
    return SyntheticSetting(
      "drawn", "", balance: balance, functions: functions + (broad > 0 ? [blind] : []),
      documents: documents
    ).draw(seed: seed).votes
  }

  /// The same votes with a function that votes where no other does.
  private func withOtherwise(_ votes: DenseVotes, _ label: Int) -> DenseVotes {
    DenseVotes(
      rows: votes.rows.map { row in row + [row.allSatisfy { $0 < 0 } ? label : -1] },
      functionCount: votes.functionCount + 1, classCount: votes.classCount)
  }

  private func fit(
    _ votes: CompressedVotes, otherwise: [Int] = [], balance: [Double]? = nil
  ) throws -> FittedLabelModel {
    var evidence = Evidence(classBalance: balance)
    evidence.otherwise = otherwise
    return try AdaptiveModel().fit(votes.counted(), given: evidence)
  }

  @Test(arguments: Repository.draws(16))
  func equalsTheFormulasDocumentByDocument(number: Int) throws {
    let seed = UInt64(number)
    let balances = [[0.5, 0.5], [0.2, 0.8], [0.5, 0.3, 0.2], [0.6, 0.2, 0.15, 0.05]]
    let balance = balances[Int(seed) % 4]
    var votes = draw(
      balance, seed: seed, documents: seed < 4 ? 60 : 700, broad: seed % 3 == 2 ? 0.3 : 0)
    var oracle = DenseAdaptive(votes: votes, given: seed % 5 == 3 ? balance : nil)
    if seed % 2 == 1 {
      votes = withOtherwise(votes, Int(seed / 2) % balance.count)
      oracle = DenseAdaptive(
        votes: votes, solitary: [votes.functionCount - 1], given: oracle.given)
    }
    let compressed = votes.compressed()
    let fit = try fit(compressed, otherwise: oracle.solitary.sorted(), balance: oracle.given)
    for (document, row) in oracle.posteriors().enumerated() {
      let found = fit.posterior(of: compressed.ids[document], in: compressed.patterns)
      for (label, value) in (row ?? fit.classBalance).enumerated() {
        #expect(abs(found[label] - value) < 1e-7)
      }
    }
  }

  // MARK: - Functions that stand alone

  /// Two functions that meet on 40 of 80 documents would give 8 documents of a third one 4 votes.
  @Test func functionsThatShouldHaveMetAnotherAreFound() throws {
    func found(_ alone: Int, meeting: Int = 0, otherwise: [Int] = []) throws -> [Bool] {
      let rows =
        [[Int]](repeating: [0, 0, -1], count: 40) + [[Int]](repeating: [1, -1, -1], count: 40)
        + [[Int]](repeating: [-1, -1, 1], count: alone)
        + [[Int]](repeating: [0, -1, 1], count: meeting)
      return try DenseVotes(rows: rows, functionCount: 3, classCount: 2).compressed().counted()
        .solitaryFunctions(otherwise: otherwise)
    }
    // ln(3 / .05) = 4.09
    #expect(try found(8) == [false, false, false])
    #expect(try found(9) == [false, false, true])
    #expect(try found(1, otherwise: [2]) == [false, false, true])
    #expect(try found(0, otherwise: [2]) == [false, false, true])
    #expect(try found(500, meeting: 1) == [false, false, false])
    #expect(try found(500, meeting: 1, otherwise: [2]) == [false, false, false])
    let single = DenseVotes(rows: [[0, -1], [0, 1]], functionCount: 2, classCount: 2)
    let alone = DenseVotes(rows: [[0], [0], [-1]], functionCount: 1, classCount: 2)
    #expect(try single.compressed().counted().solitaryFunctions(otherwise: []) == [false, false])
    #expect(try alone.compressed().counted().solitaryFunctions(otherwise: [0]) == [false])
  }

  /// The other documents have the labels that they would have without it.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func aFunctionThatStandsAloneChangesNoOther(seed: UInt64) throws {
    let votes = draw([0.5, 0.3, 0.2], seed: seed, documents: 2000)
    let (plain, joined) = (votes.compressed(), withOtherwise(votes, 1).compressed())
    let without = try fit(plain)
    let flagged = try fit(joined, otherwise: [votes.functionCount])
    #expect(try fit(joined) == flagged, "there are so many votes that none need be told")
    #expect(flagged.classBalance == without.classBalance)
    #expect(Array(flagged.functions.prefix(votes.functionCount)) == without.functions)
    // Nor does it spoil how well the pairs of the others are explained.
    let goodness = try flagged.goodnessOfFit(in: joined.counted())
    #expect(goodness.pairs > 0)
    #expect(try goodness == without.goodnessOfFit(in: plain.counted()))
    for (document, row) in votes.rows.enumerated() {
      let found = flagged.posterior(of: joined.ids[document], in: joined.patterns)
      if row.contains(where: { $0 >= 0 }) {
        #expect(found == without.posterior(of: plain.ids[document], in: plain.patterns))
      } else {
        // The share of the class among documents without a vote is known to be about this.
        #expect(found[1] > found[0] && found[1] > found[2] && found[1] <= 0.98)
        #expect(abs(found.reduce(0, +) - 1) < 1e-12)
      }
    }
  }

  /// A rule for what is left is right where the others cover all else, and wrong where they do not.
  @Test func anOtherwiseIsWorthWhatTheOthersLeave() throws {
    func accuracy(coverage: Double) throws -> (implied: Double, true: Double) {
      let balance = [0.8, 0.2]
      let setting = SyntheticSetting(
        "rare", "", balance: balance,
        functions: [0.7, 0.8, 0.9, 0.85].map {
          .unipolar(for: 1, accuracy: $0, coverage: coverage * balance[1], balance: balance)
        } + [
          .unipolar(for: 0, accuracy: 0.95, coverage: 0.1, balance: balance),
          .unipolar(for: 0, accuracy: 0.9, coverage: 0.1, balance: balance),
        ], documents: 8000)
      let (votes, gold) = setting.draw(seed: 4)
      let all = withOtherwise(votes, 0)
      let fit = try fit(all.compressed(), otherwise: [6])
      let left = all.rows.indices.filter { all.rows[$0][6] >= 0 }
      let right = left.count { gold[$0] == 0 }
      return (try #require(fit.functions[6].accuracy), Double(right) / Double(left.count))
    }
    let (few, many) = (try accuracy(coverage: 0.15), try accuracy(coverage: 0.7))
    #expect(many.implied > few.implied)
    #expect(abs(few.implied - few.true) < 0.15)
    #expect(abs(many.implied - many.true) < 0.15)
  }

  // MARK: - Shares

  /// Functions that tell their classes equally well; the last class has a single one, so no balance
  /// is looked for: the mean of the logarithms is half way from equal shares.
  @Test(arguments: [[0.6, 0.3, 0.1], [0.75, 0.2, 0.05]])
  func sharesAreThoseThatAccuraciesImply(balance: [Double]) throws {
    let functions = [0, 0, 0, 1, 1, 2].map { label in
      SyntheticFunction(
        table: balance.indices.map { truth in
          balance.indices.map { $0 == label ? (truth == label ? 0.4 : 0.05) : 0 }
        })
    }
    let votes = SyntheticSetting(
      "told", "", balance: balance, functions: functions, documents: 20_000
    ).draw(seed: 2).votes
    let fit = try fit(votes.compressed())
    let squares = fit.classBalance.map { $0 * $0 }
    for (found, share) in zip(squares, balance) {
      #expect(abs(found / squares.reduce(0, +) - share) < 0.12)
    }
    #expect(fit.learnedPrior?.isBalanceLearned == true)
    #expect(fit.warnings.contains(.classBalanceAssumed([2])))
  }

  // MARK: - Copies

  /// Every function several times: where all vote, the labels are the same.
  @Test(arguments: 0..<3 as Range<UInt64>)
  func everyCopyCountsOnce(seed: UInt64) throws {
    let votes = draw([0.5, 0.3, 0.2], seed: seed, documents: 1500, broad: 0.2)
    let times = 2 + Int(seed)
    let copies = DenseVotes(
      rows: votes.rows.map { row in (0..<times).flatMap { _ in row } },
      functionCount: times * votes.functionCount, classCount: 3)
    let (one, many) = (votes.compressed(), copies.compressed())
    let (alone, together) = (try fit(one), try fit(many))
    #expect(together.groups.count == votes.functionCount)
    for document in votes.rows.indices {
      let here = alone.posterior(of: one.ids[document], in: one.patterns)
      let there = together.posterior(of: many.ids[document], in: many.patterns)
      for (a, b) in zip(here, there) { #expect(abs(a - b) < 1e-9) }
    }
  }
}
