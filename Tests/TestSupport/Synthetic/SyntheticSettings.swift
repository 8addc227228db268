/// The named settings: one difficulty each, so that a figure tells what a model cannot cope with.
extension SyntheticSetting {
  /// All settings, the simplest first.
  public static let all: [SyntheticSetting] =
    wellBehaved + oneSided + unevenClasses + dependent + misleading + sparse

  /// The setting with a name.
  public static func named(_ name: String) -> SyntheticSetting? { all.first { $0.name == name } }

  /// Ten independent functions of coverage 0.4 that are right with probability 0.6, 0.635, … 0.915.
  public static func independent(classes: Int, documents: Int = 4000) -> SyntheticSetting {
    SyntheticSetting(
      "independent-k\(classes)", "10 independent functions of accuracy .60 to .92",
      balance: equal(classes),
      functions: spread(0.6, 0.915, count: 10).map {
        .multipolar(accuracy: $0, coverage: 0.4, classes: classes)
      }, documents: documents)
  }

  private static let wellBehaved: [SyntheticSetting] = [
    independent(classes: 2), independent(classes: 4), independent(classes: 10),
    SyntheticSetting(
      "two-functions-k2", "2 functions only, of accuracy .9 and .7", balance: equal(2),
      functions: [0.9, 0.7].map { .multipolar(accuracy: $0, coverage: 0.6, classes: 2) }),
    SyntheticSetting(
      "crowd-k4", "20 workers who confuse neighbouring classes; the worst guess",
      balance: equal(4), functions: spread(0.25, 0.95, count: 20).map { worker($0, classes: 4) }),
    SyntheticSetting(
      "class-dependent-k3", "functions that know one class well and mix up the two others",
      balance: equal(3), functions: (0..<9).map { specialist(in: $0 % 3, classes: 3) }),
  ]

  private static let oneSided: [SyntheticSetting] = [
    SyntheticSetting(
      "unipolar-k2", "10 functions that vote for one class each", balance: equal(2),
      functions: unipolar(spread(0.6, 0.95, count: 5), coverage: 0.15, balance: equal(2))),
    SyntheticSetting(
      "unipolar-k4", "16 functions that vote for one class each", balance: equal(4),
      functions: unipolar(spread(0.5, 0.95, count: 4), coverage: 0.1, balance: equal(4))),
    SyntheticSetting(
      "uneven-functions-k2", "8 functions for one class, 1 for the other", balance: equal(2),
      functions: spread(0.6, 0.9, count: 8).map {
        .unipolar(for: 1, accuracy: $0, coverage: 0.15, balance: equal(2))
      } + [.unipolar(for: 0, accuracy: 0.9, coverage: 0.15, balance: equal(2))]),
    SyntheticSetting(
      "broad-function-k2", "1 function votes for one class on 80 % of all documents, 8 are exact",
      balance: equal(2),
      functions: [.blind([0.8, 0])]
        + unipolar(spread(0.75, 0.9, count: 4), coverage: 0.12, balance: equal(2))),
  ]

  private static let unevenClasses: [SyntheticSetting] = [
    SyntheticSetting(
      "skewed-k2", "classes of 88 % and 12 %, 10 functions that vote for one class each",
      balance: [0.88, 0.12],
      functions: spread(0.92, 0.99, count: 5).map {
        .unipolar(for: 0, accuracy: $0, coverage: 0.15, balance: [0.88, 0.12])
      }
        + spread(0.5, 0.9, count: 5).map {
          .unipolar(for: 1, accuracy: $0, coverage: 0.04, balance: [0.88, 0.12])
        }),
    SyntheticSetting(
      "skewed-multipolar-k2", "classes of 90 % and 10 %, 8 functions that vote for both",
      balance: [0.9, 0.1],
      functions: spread(0.7, 0.95, count: 8).map {
        .multipolar(accuracy: $0, coverage: 0.4, classes: 2)
      }),
    SyntheticSetting(
      "skewed-k3", "classes of 20, 70 and 10 %, 12 functions that vote for one class each",
      balance: [0.2, 0.7, 0.1],
      functions: unipolar(spread(0.6, 0.95, count: 4), coverage: 0.08, balance: [0.2, 0.7, 0.1])),
    SyntheticSetting(
      "rare-class-k5", "classes of 40, 30, 20, 7 and 3 %, 15 functions for one class each",
      balance: [0.4, 0.3, 0.2, 0.07, 0.03],
      functions: [0.4, 0.3, 0.2, 0.07, 0.03].enumerated().flatMap { label, share in
        [0.6, 0.75, 0.9].map {
          SyntheticFunction.unipolar(
            for: label, accuracy: $0, coverage: 0.4 * share, balance: [0.4, 0.3, 0.2, 0.07, 0.03])
        }
      }),
  ]

  private static let dependent: [SyntheticSetting] = [
    SyntheticSetting(
      "copies-k2", "4 good functions, 1 bad one and 4 exact copies of it", balance: equal(2),
      functions: [0.75, 0.8, 0.85, 0.9, 0.55].map {
        .multipolar(accuracy: $0, coverage: 0.5, classes: 2)
      }
        + [SyntheticFunction](
          repeating: SyntheticFunction.multipolar(accuracy: 0.55, coverage: 0.5, classes: 2)
            .imitating(4, share: 1), count: 4)),
    SyntheticSetting(
      "near-copies-k4", "8 functions for one class each, and 4 near-copies of a bad one",
      balance: equal(4),
      functions: unipolar([0.8, 0.9], coverage: 0.12, balance: equal(4))
        + [.unipolar(for: 0, accuracy: 0.35, coverage: 0.15, balance: equal(4))]
        + [SyntheticFunction](
          repeating: SyntheticFunction.unipolar(
            for: 0, accuracy: 0.35, coverage: 0.15, balance: equal(4)
          ).imitating(8, share: 0.95), count: 4)),
    SyntheticSetting(
      "dependent-k2", "5 pairs of which one does what the other does in 6 cases of 10",
      balance: equal(2), functions: pairs(spread(0.6, 0.85, count: 5), share: 0.6, classes: 2)),
    SyntheticSetting(
      "dependent-k4", "the same with 4 classes", balance: equal(4),
      functions: pairs(spread(0.5, 0.85, count: 5), share: 0.6, classes: 4)),
  ]

  private static let misleading: [SyntheticSetting] = [
    SyntheticSetting(
      "uninformative-k6", "6 good functions, 6 that guess", balance: equal(6),
      functions: spread(0.6, 0.85, count: 6).map {
        .multipolar(accuracy: $0, coverage: 0.35, classes: 6)
      }
        + [SyntheticFunction](
          repeating: .blind([Double](repeating: 0.35 / 6, count: 6)), count: 6)),
    SyntheticSetting(
      "adversarial-k2", "7 good functions, 3 that are wrong more often than right",
      balance: equal(2),
      functions: (spread(0.65, 0.9, count: 7) + [0.2, 0.3, 0.4]).map {
        .multipolar(accuracy: $0, coverage: 0.4, classes: 2)
      }),
    SyntheticSetting(
      "adversarial-k4", "12 functions for one class each, one of the 3 for every class wrong",
      balance: equal(4),
      functions: unipolar([0.9, 0.75, 0.12], coverage: 0.12, balance: equal(4))),
    SyntheticSetting(
      "mostly-wrong-k2", "3 good functions, 7 that are wrong more often than right",
      balance: equal(2),
      functions: (spread(0.65, 0.8, count: 3) + spread(0.3, 0.45, count: 7)).map {
        .multipolar(accuracy: $0, coverage: 0.4, classes: 2)
      }),
  ]

  private static let sparse: [SyntheticSetting] = [
    SyntheticSetting(
      "sparse-k3", "45 functions that vote on 2 % of the documents each", balance: equal(3),
      functions: unipolar(spread(0.5, 0.95, count: 15), coverage: 0.02, balance: equal(3))),
    SyntheticSetting(
      "weak-k2", "60 functions of accuracy .52 to .65", balance: equal(2),
      functions: spread(0.52, 0.65, count: 60).map {
        .multipolar(accuracy: $0, coverage: 0.2, classes: 2)
      }),
  ]

  private static func equal(_ classes: Int) -> [Double] {
    [Double](repeating: 1 / Double(classes), count: classes)
  }

  /// Evenly spaced numbers.
  private static func spread(_ first: Double, _ last: Double, count: Int) -> [Double] {
    (0..<count).map { first + (last - first) * Double($0) / Double(max(1, count - 1)) }
  }

  /// For each class a function of each accuracy that votes for this class only.
  private static func unipolar(
    _ accuracies: [Double], coverage: Double, balance: [Double]
  ) -> [SyntheticFunction] {
    balance.indices.flatMap { label in
      accuracies.map {
        SyntheticFunction.unipolar(
          for: label, accuracy: $0, coverage: coverage, balance: balance)
      }
    }
  }

  /// For each accuracy a function and one that imitates it.
  private static func pairs(
    _ accuracies: [Double], share: Double, classes: Int
  ) -> [SyntheticFunction] {
    accuracies.enumerated().flatMap { index, accuracy in
      let function = SyntheticFunction.multipolar(
        accuracy: accuracy, coverage: 0.35, classes: classes)
      return [function, function.imitating(2 * index, share: share)]
    }
  }

  /// A crowd worker: 1 in 4 documents, errors mostly to the next class.
  private static func worker(_ accuracy: Double, classes: Int) -> SyntheticFunction {
    SyntheticFunction(
      table: (0..<classes).map { truth in
        (0..<classes).map { vote in
          if vote == truth { return 0.25 * accuracy }
          let others = Double(classes - 1)
          let isNext = vote == (truth + 1) % classes
          // Half of the errors go to the next class, beside its part of the other half.
          return 0.25 * (1 - accuracy) * (0.5 / others + (isNext ? 0.5 : 0))
        }
      })
  }

  /// Recognises one class nine times in ten; of the other classes it tells little apart.
  private static func specialist(in known: Int, classes: Int) -> SyntheticFunction {
    SyntheticFunction(
      table: (0..<classes).map { truth in
        (0..<classes).map { vote in
          if truth == known { return 0.4 * (vote == known ? 0.9 : 0.1 / Double(classes - 1)) }
          if vote == known { return 0.4 * 0.1 }
          return 0.4 * (vote == truth ? 0.5 : 0.4 / Double(classes - 2))
        }
      })
  }
}
