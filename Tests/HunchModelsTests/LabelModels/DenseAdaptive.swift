import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The formulas of the adaptive model written down for single documents, for votes without copies and
/// with a class that fewer than two functions vote for, so that no balance is searched: slow and plain.
struct DenseAdaptive {
  let votes: DenseVotes
  /// The functions that stand alone.
  var solitary: Set<Int> = []
  var given: [Double]?

  private var classes: Int { votes.classCount }
  private var labels: Range<Int> { 0..<classes }

  /// What pairs of functions tell, given the shares of the classes.
  private struct Moments {
    let outcomes: [(function: Int, vote: Int)]
    var accuracies: [Double]
    let common: Double
    let background: Double
    var dispersion = 0.0

    init?(_ rows: [[Int]], _ balance: [Double], functions: Int) {
      let outcomes = (0..<functions).flatMap { function in
        balance.indices.filter { vote in rows.contains { $0[function] == vote } }
          .map { (function: function, vote: $0) }
      }
      let all = outcomes.indices
      let table = outcomes.map { a in
        outcomes.map { b in
          Double(rows.count { $0[a.function] == a.vote && $0[b.function] == b.vote })
        }
      }
      func both(_ one: Int, _ other: Int) -> Double { table[one][other] }
      func gain(_ one: Int, _ other: Int) -> Double {
        let share = balance[outcomes[one].vote]
        return outcomes[one].vote == outcomes[other].vote ? (1 - share) / share : -1
      }
      let pairs = all.flatMap { one in
        all.filter { outcomes[$0].function != outcomes[one].function }.map { (one, $0) }
      }
      func chance(_ pair: (Int, Int)) -> Double {
        both(pair.0, pair.0) * both(pair.1, pair.1) / Double(rows.count)
      }
      let agreeing = pairs.filter { outcomes[$0.0].vote == outcomes[$0.1].vote }
      let conflicting = pairs.filter { outcomes[$0.0].vote != outcomes[$0.1].vote }
      func sum(_ pairs: [(Int, Int)], _ value: ((Int, Int)) -> Double) -> Double {
        pairs.reduce(0) { $0 + value($1) }
      }
      let expected = (sum(agreeing, chance), sum(conflicting, chance))
      guard expected.0 >= 20, expected.1 >= 20 else { return nil }
      let found = (sum(agreeing) { both($0, $1) }, sum(conflicting) { both($0, $1) })
      let gained = sum(agreeing) { chance($0) * gain($0.0, $0.1) }
      let ratio = found.0 / max(found.1, 1e-9)
      let squared = min(
        max((ratio * expected.1 - expected.0) / (gained + ratio * expected.1), 0), 0.98)
      let background =
        (found.0 + found.1) / (expected.0 + squared * gained + (1 - squared) * expected.1)
      guard background > 0 else { return nil }
      let common = squared.squareRoot()
      var accuracies = all.map { _ in common }
      for _ in 0..<300 {
        let before = accuracies
        for one in all {
          var (top, below) = (60 * common, 60.0)
          for pair in pairs where pair.0 == one {
            let mean = chance(pair) * background
            let gain = gain(pair.0, pair.1)
            let variance = mean * max(1 + squared * gain, 0.02)
            let slope = gain * mean * accuracies[pair.1]
            top += slope * (both(pair.0, pair.1) - mean) / variance
            below += slope * slope / variance
          }
          let share = balance[outcomes[one].vote]
          accuracies[one] = min(max(top / below, -0.9 / max((1 - share) / share, 0.9)), 0.99)
        }
        if zip(before, accuracies).allSatisfy({ abs($0 - $1) < 1e-11 }) { break }
      }
      let used = pairs.filter { $0.1 < $0.0 && chance($0) > 1 }
      let squares = sum(used) {
        let mean =
          chance(($0, $1)) * background
          * max(1 + accuracies[$0] * accuracies[$1] * gain($0, $1), 0.05)
        return (both($0, $1) - mean) * (both($0, $1) - mean) / mean
      }
      let parameters = Set(used.flatMap { [$0.0, $0.1] }).count
      dispersion = squares / Double(max(1, used.count - min(parameters, used.count - 1)))
      (self.outcomes, self.accuracies) = (outcomes, accuracies)
      (self.common, self.background) = (common, background)
    }

    var trust: Double { 1 / (max(1, dispersion) * max(1, dispersion)) }
  }

  private func scaled(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  private func moments(_ rows: [[Int]], _ balance: [Double]) -> Moments? {
    Moments(rows, balance, functions: votes.functionCount)
  }

  private func count(_ rows: [[Int]], _ function: Int, _ vote: Int) -> Double {
    Double(rows.count { $0[function] == vote })
  }

  /// The shares that accuracies imply.
  private func implied(_ rows: [[Int]]) -> [Double] {
    var shares = labels.map { _ in 1 / Double(classes) }
    for _ in 0..<8 {
      let moments = moments(rows, shares)
      var next = labels.map { _ in 0.0 }
      for function in 0..<votes.functionCount {
        for vote in labels where count(rows, function, vote) > 0 {
          let place = moments?.outcomes.firstIndex { $0 == (function, vote) }
          next[vote] +=
            count(rows, function, vote)
            * max(place.flatMap { moments?.accuracies[$0] } ?? 1, 1e-3)
        }
      }
      for vote in labels {
        let functions = (0..<votes.functionCount).count { count(rows, $0, vote) > 0 }
        next[vote] /= Double(max(1, functions))
      }
      next = scaled(scaled(next).map { max($0, 1e-3 / Double(classes)) })
      let isDone = zip(next, shares).allSatisfy { abs($0 - $1) < 1e-4 }
      shares = next
      if isDone { break }
    }
    return shares
  }

  /// The prior accuracies, functions × votes, and s.
  private func priors(_ rows: [[Int]], _ balance: [Double]) -> ([[Double]], trust: Double) {
    var own = (0..<votes.functionCount).map { _ in labels.map { _ in 0.75 } }
    guard let moments = moments(rows, balance) else { return (own, 0) }
    let trust = moments.trust
    var (mean, total) = (0.0, 0.0)
    for (outcome, (function, vote)) in moments.outcomes.enumerated() {
      let share = balance[vote]
      own[function][vote] = share + (1 - share) * moments.accuracies[outcome]
      let documents = count(rows, function, vote)
      mean +=
        documents
        * (trust * own[function][vote] + (1 - trust) * (share + (1 - share) * moments.common))
      total += documents
    }
    let triplets = TripletTests.Dense(balance: balance, prior: min(mean / total, 0.98))
    for (function, vote) in moments.outcomes {
      own[function][vote] =
        trust * own[function][vote] + (1 - trust) * triplets.precision(rows, function, vote)
    }
    return (own, trust)
  }

  /// The posterior of each document that has votes, nil for the others.
  func posteriors() -> [[Double]?] {
    let rows = votes.rows.filter { row in
      row.contains { $0 >= 0 } && !solitary.contains { row[$0] >= 0 }
    }
    let rest = DenseVotes(
      rows: rows, functionCount: votes.functionCount, classCount: classes)
    let shares = given ?? implied(rows)
    let half = 0.15.squareRoot()
    let nodes: [(exponent: Double, weight: Double)] =
      given != nil
      ? [(1, 1)]
      : [(0.5 - half, 5.0 / 18), (0.5, 8.0 / 18), (0.5 + half, 5.0 / 18)]
    var logBalance = labels.map { _ in 0.0 }
    let zeros = [Double](repeating: 0, count: classes)
    var logs = [[[Double]]](
      repeating: [[Double]](repeating: zeros, count: classes), count: votes.functionCount)
    var trust = 0.0
    for (exponent, weight) in nodes {
      let balance = scaled(shares.map { pow($0, exponent) })
      let (priors, own) = priors(rows, balance)
      let least = max(0.2, 1000 / Double(rows.count))
      let strength = min(4, max(least, 4 * (1 - own)))
      var labeled: [Double]?
      for round in 0..<3 {
        let capped = priors.enumerated().map { function, row in
          row.enumerated().map { vote, accuracy -> Double in
            let share = count(rows, function, vote) / Double(rows.count)
            let most = labeled.map { $0[vote] / share } ?? accuracy
            return min(max(min(accuracy, most), 1e-3), 0.98)
          }
        }
        let model = DenseMAPEM(
          balance: balance, accuracies: capped, strength: strength,
          tolerance: round < 2 ? 1e-3 : 1e-5,
          maximumRounds: round < 2 ? 60 : 500)
        let (posteriors, _, tables) = model.fit(rest)
        let known = posteriors.compactMap(\.self)
        labeled = labels.map { label in known.map { $0[label] }.reduce(0, +) / Double(rows.count) }
        guard round == 2 else { continue }
        for (function, classes) in tables.enumerated() {
          for (label, rates) in classes.enumerated() {
            for (vote, rate) in rates.enumerated() {
              logs[function][vote][label] += weight * log(max(rate, 1e-300))
            }
          }
        }
      }
      for label in labels { logBalance[label] += weight * log(balance[label]) }
      trust += weight * own
    }
    logBalance = scaled(logBalance.map { exp($0) }).map { log($0) }
    if trust < 0.5 {
      for function in logs.indices {
        for vote in labels {
          let others = labels.filter { $0 != vote }.map {
            logs[function][vote][$0] + logBalance[$0]
          }
          let least = (others.max() ?? -.infinity) + 1e-6 - logBalance[vote]
          logs[function][vote][vote] = max(logs[function][vote][vote], least)
        }
      }
    }
    func posterior(_ row: [Int]) -> [Double] {
      var weights = logBalance
      for (function, vote) in row.enumerated() where vote >= 0 {
        for label in labels { weights[label] += logs[function][vote][label] }
      }
      return scaled(weights.map { exp($0 - (weights.max() ?? 0)) })
    }
    let labeled = rows.map(posterior)
    let found = scaled(
      labels.map { label in
        max(labeled.map { $0[label] }.reduce(0, +) / Double(rows.count), 1e-3)
      })
    return votes.rows.map { row in
      guard let function = row.firstIndex(where: { $0 >= 0 }) else { return nil }
      if !solitary.contains(function) { return posterior(row) }
      return alone(
        row[function], count(votes.rows, function, row[function]), rows, labeled, found)
    }
  }

  /// The posterior of a document with a vote of a function that stands alone.
  private func alone(
    _ vote: Int, _ documents: Double, _ rows: [[Int]], _ labeled: [[Double]], _ shares: [Double]
  ) -> [Double] {
    var (right, total) = (0.0, 0.0)
    for (row, posterior) in zip(rows, labeled) {
      for vote in row where vote >= 0 {
        right += posterior[vote]
        total += 1
      }
    }
    var accuracy = right / total
    if let moments = moments(rows, shares) {
      let missed = Double(rows.count) * max(0, 1 / moments.background - 1)
      accuracy = min(accuracy, 1 - min(missed, documents) * (1 - shares[vote]) / documents)
    }
    var others = shares
    others[vote] = 0
    others = scaled(others)
    let most = others.max() ?? 0
    accuracy = min(max(accuracy, most / (1 + most) + 0.001), 0.98)
    var posterior = others.map { $0 * (1 - accuracy) }
    posterior[vote] = accuracy
    return posterior
  }
}
