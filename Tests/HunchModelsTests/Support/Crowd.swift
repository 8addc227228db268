import TestSupport

/// Simulated crowd votes with a known truth.
///
/// Of every five workers one is a spammer: in turn one who votes at random and one who votes for
/// one class 91 % of the time. Worker 2 swaps classes 0 and 1. The others are right 55 to 95 % of
/// the time and err evenly.
struct Crowd {
  /// The worker who swaps two classes.
  static let confused = 2

  let votes: DenseVotes
  let gold: [Int]
  /// By worker, class and vote.
  let confusion: [[[Double]]]

  init(
    seed: UInt64, documents: Int, workers: Int, votesPerDocument: Int, classes: Int,
    balance: [Double]? = nil
  ) {
    var random = SplitMix64(seed: 1000 + seed)
    func even(_ right: (Int) -> Int, _ accuracy: Double) -> [[Double]] {
      (0..<classes).map { label in
        (0..<classes).map {
          $0 == right(label) ? accuracy : (1 - accuracy) / Double(classes - 1)
        }
      }
    }
    confusion = (0..<workers).map { worker in
      if worker == Self.confused { return even({ $0 < 2 ? 1 - $0 : $0 }, 0.95) }
      if worker % 10 == 0 { return even({ $0 }, 1 / Double(classes)) }
      if worker % 5 == 0 { return even({ _ in worker / 5 % classes }, 0.91) }
      return even({ $0 }, 0.55 + 0.4 * random.uniform())
    }
    let balance = balance ?? [Double](repeating: 1 / Double(classes), count: classes)
    func draw(_ shares: [Double]) -> Int {
      var rest = random.uniform()
      for (index, share) in shares.enumerated() {
        rest -= share
        if rest < 0 { return index }
      }
      return shares.count - 1
    }
    var rows: [[Int]] = []
    var gold: [Int] = []
    for _ in 0..<documents {
      let label = draw(balance)
      gold.append(label)
      var row = [Int](repeating: -1, count: workers)
      for worker in Array(0..<workers).shuffled(using: &random).prefix(votesPerDocument) {
        row[worker] = draw(confusion[worker][label])
      }
      rows.append(row)
    }
    self.gold = gold
    votes = DenseVotes(rows: rows, functionCount: workers, classCount: classes)
  }
}
