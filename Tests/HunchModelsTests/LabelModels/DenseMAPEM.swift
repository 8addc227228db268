import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The formulas of fire-only MAP-EM written down for single documents, without patterns: slow and
/// plain.
struct DenseMAPEM {
  var balance: [Double]
  var accuracy = 0.75
  /// In its place, functions × votes.
  var accuracies: [[Double]]?
  var strength = 1.0
  var tolerance = 1e-5
  var maximumRounds = 500
  var weights: [Double]?

  /// The posterior of each document that has votes, nil for the others, and the rounds needed.
  func posteriors(_ votes: DenseVotes) -> (rows: [[Double]?], rounds: Int) {
    let (rows, rounds, _) = fit(votes)
    return (rows, rounds)
  }

  /// The same with θ by function, class and vote.
  func fit(_ votes: DenseVotes) -> (rows: [[Double]?], rounds: Int, tables: [[[Double]]]) {
    let classes = votes.classCount
    let covered = votes.rows.filter { $0.contains { $0 >= 0 } }
    let total = Double(covered.count)
    var posteriors = covered.map { row in
      (0..<classes).map { label in
        Double(row.count { $0 == label }) / Double(row.count { $0 >= 0 })
      }
    }
    var rounds = 0
    var change = Double.infinity
    var tables: [[[Double]]] = []
    while !covered.isEmpty, change >= tolerance, rounds < maximumRounds {
      tables = learned(covered, posteriors, total, classes, votes.functionCount)
      change = 0
      for (index, row) in covered.enumerated() {
        let next = posterior(row, tables)
        for label in 0..<classes {
          change = max(change, abs(next[label] - posteriors[index][label]))
        }
        posteriors[index] = next
      }
      rounds += 1
    }
    var rest = posteriors[...]
    return (votes.rows.map { $0.contains { $0 >= 0 } ? rest.removeFirst() : nil }, rounds, tables)
  }

  /// θ by function, class and vote.
  private func learned(
    _ covered: [[Int]], _ posteriors: [[Double]], _ total: Double, _ classes: Int, _ functions: Int
  ) -> [[[Double]]] {
    (0..<functions).map { function in
      (0..<classes).map { label in
        var prior = (0..<classes).map { vote in
          let share = Double(covered.count { $0[function] == vote }) / total
          let accuracy = accuracies?[function][vote] ?? accuracy
          return vote == label
            ? share * accuracy / balance[vote] : share * (1 - accuracy) / (1 - balance[vote])
        }
        let sum = prior.reduce(0, +)
        if sum > 0.999 { prior = prior.map { $0 * 0.999 / sum } }
        let mass = posteriors.reduce(0) { $0 + $1[label] }
        return (0..<classes).map { vote in
          let fired = zip(covered, posteriors).reduce(0.0) {
            $0 + ($1.0[function] == vote ? $1.1[label] : 0)
          }
          return (fired + strength * total * balance[label] * prior[vote])
            / (mass + strength * total * balance[label])
        }
      }
    }
  }

  private func posterior(_ row: [Int], _ tables: [[[Double]]]) -> [Double] {
    var product = balance
    for (function, vote) in row.enumerated() where vote >= 0 {
      for label in balance.indices {
        product[label] *= pow(tables[function][label][vote], weights?[function] ?? 1)
      }
    }
    let sum = product.reduce(0, +)
    return product.map { $0 / sum }
  }
}
