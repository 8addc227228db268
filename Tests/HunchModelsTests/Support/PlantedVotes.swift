import HunchModels
import TestSupport
import Testing

/// Votes with dependencies that are known.
struct PlantedVotes {
  /// A function that votes by itself.
  struct Function {
    var accuracy: Double
    var coverage: Double
    /// The function that it copies, by index, which comes before it, and how often it does.
    var source: Int?
    var copying = 0.0
  }

  var functions: [Function]
  var classes: Int

  /// Draws documents with equally frequent classes. Errors are spread evenly over other classes. A
  /// copy takes its source's vote or silence, or else votes by itself.
  func draw(documents: Int, seed: UInt64) -> (votes: DenseVotes, gold: [Int]) {
    var random = SplitMix64(seed: seed)
    let gold = (0..<documents).map { _ in random.below(classes) }
    let rows = gold.map { label in
      var row: [Int] = []
      for function in functions {
        let copies = random.uniform() < function.copying
        let fires = random.uniform() < function.coverage
        let isRight = random.uniform() < function.accuracy
        let wrong = (label + 1 + random.below(classes - 1)) % classes
        let own = fires ? (isRight ? label : wrong) : -1
        row.append(copies ? function.source.map { row[$0] } ?? own : own)
      }
      return row
    }
    return (DenseVotes(rows: rows, functionCount: functions.count, classCount: classes), gold)
  }

  /// Functions of accuracy 0.6–0.9 and coverage 0.1–0.4 that are independent.
  static func independent(_ count: Int, classes: Int, seed: UInt64) -> PlantedVotes {
    var random = SplitMix64(seed: seed ^ 0xD1CE)
    let functions = (0..<count).map { _ in
      Function(accuracy: 0.6 + 0.3 * random.uniform(), coverage: 0.1 + 0.3 * random.uniform())
    }
    return PlantedVotes(functions: functions, classes: classes)
  }

  /// Votes of functions that each know one class: they vote for it alone, on a share of its
  /// documents and, less often, of others.
  static func oneSided(
    _ count: Int, classes: Int, documents: Int, seed: UInt64
  ) -> (votes: DenseVotes, gold: [Int]) {
    var random = SplitMix64(seed: seed)
    let rates = (0..<count).map { _ in
      (own: 0.15 + 0.35 * random.uniform(), other: 0.02 + 0.08 * random.uniform())
    }
    let gold = (0..<documents).map { _ in random.below(classes) }
    let rows = gold.map { label in
      (0..<count).map { function in
        let vote = function % classes
        let rate = vote == label ? rates[function].own : rates[function].other
        return random.uniform() < rate ? vote : -1
      }
    }
    return (DenseVotes(rows: rows, functionCount: count, classCount: classes), gold)
  }
}

extension CompressedVotes {
  /// The figures over documents with a vote whose class is known; it is -1 where it is not.
  func figures(of fit: FittedLabelModel, gold: [Int]) throws -> ClassificationMetrics {
    var accumulator = MetricsAccumulator(classCount: patterns.classCount)
    for (id, label) in zip(ids, gold) where patterns.isCovered(id) && label >= 0 {
      accumulator.add(fit.posterior(of: id, in: patterns), gold: label)
    }
    return try #require(accumulator.metrics())
  }
}
