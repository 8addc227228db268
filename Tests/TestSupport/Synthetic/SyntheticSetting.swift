/// Functions, classes and documents of which everything is known: what label models can be
/// measured against exactly.
public struct SyntheticSetting: Sendable {
  /// Its name, such as `unipolar-k4`; the number behind `k` is that of the classes.
  public let name: String

  /// What is particular about it, as one phrase.
  public let summary: String

  /// The share of each class among all documents.
  public let balance: [Double]

  /// The functions; each may imitate one before it.
  public let functions: [SyntheticFunction]

  /// The number of documents of a draw.
  public let documents: Int

  /// The probability of a vote by each function (first index) for each class (last) on a document
  /// of each class, imitation included.
  public let tables: [[[Double]]]

  /// Creates a setting.
  ///
  /// - Precondition: The balance has a positive share for each class of every function, and
  ///   functions imitate only such as come before them.
  public init(
    _ name: String, _ summary: String, balance: [Double], functions: [SyntheticFunction],
    documents: Int = 4000
  ) {
    precondition(abs(balance.reduce(0, +) - 1) < 1e-9 && balance.allSatisfy { $0 > 0 })
    var tables: [[[Double]]] = []
    for function in functions {
      precondition(function.table.count == balance.count, "a table has a row for each class")
      guard let model = function.model else {
        tables.append(function.table)
        continue
      }
      precondition(model.function < tables.count, "the imitated function comes first")
      tables.append(
        zip(tables[model.function], function.table).map { imitated, own in
          zip(imitated, own).map { model.share * $0 + (1 - model.share) * $1 }
        })
    }
    self.name = name
    self.summary = summary
    self.balance = balance
    self.functions = functions
    self.documents = documents
    self.tables = tables
  }

  /// The number of classes.
  public var classCount: Int { balance.count }

  /// Whether some function imitates another.
  public var hasDependencies: Bool { functions.contains { $0.model != nil } }

  /// The true accuracy of each function: the probability that its vote is right, given that it
  /// votes.
  public var accuracies: [Double] {
    tables.map { table in
      let votes = balance.indices.reduce(0) { $0 + balance[$1] * table[$1].reduce(0, +) }
      return balance.indices.reduce(0) { $0 + balance[$1] * table[$1][$1] } / votes
    }
  }

  /// The mean over the functions of how much more accurate they are than somebody who votes as
  /// often for each class without looking at the document.
  public var meanAdvantage: Double {
    let advantages = zip(tables, accuracies).map { table, accuracy in
      let votes = balance.indices.map { vote in
        balance.indices.reduce(0) { $0 + balance[$1] * table[$1][vote] }
      }
      let blind = zip(votes, balance).reduce(0) { $0 + $1.0 * $1.1 } / votes.reduce(0, +)
      return accuracy - blind
    }
    return advantages.reduce(0, +) / Double(advantages.count)
  }

  /// Draws the classes and votes of ``documents``, the same for the same seed.
  package func draw(seed: UInt64) -> (votes: DenseVotes, gold: [Int]) {
    var random = SplitMix64(seed: seed)
    var gold: [Int] = []
    var rows: [[Int]] = []
    for _ in 0..<documents {
      // The last class where rounding leaves a gap below 1.
      let label = Self.outcome(balance, at: random.uniform()) ?? classCount - 1
      var row: [Int] = []
      for function in functions {
        if let model = function.model, random.uniform() < model.share {
          row.append(row[model.function])
        } else {
          row.append(Self.outcome(function.table[label], at: random.uniform()) ?? -1)
        }
      }
      gold.append(label)
      rows.append(row)
    }
    return (
      DenseVotes(rows: rows, functionCount: functions.count, classCount: classCount), gold
    )
  }

  /// The votes of a draw with the true classes as gold labels.
  public func labeledVotes(seed: UInt64) -> LabeledVotes {
    let (votes, gold) = draw(seed: seed)
    return LabeledVotes(votes, gold: gold)
  }

  /// The outcome whose part of 0..<1 holds a number; nil beyond the last.
  private static func outcome(_ probabilities: [Double], at number: Double) -> Int? {
    var sum = 0.0
    for (index, probability) in probabilities.enumerated() {
      sum += probability
      if number < sum { return index }
    }
    return nil
  }
}
