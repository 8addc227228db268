/// A labeling function whose behaviour is known exactly.
public struct SyntheticFunction: Sendable {
  /// The probability of a vote for each class (column) on a document of each class (row); what is
  /// missing to 1 is the probability that it abstains.
  public let table: [[Double]]

  /// The function that it imitates, if any.
  public let model: Model?

  /// Whom a function imitates, and how often.
  public struct Model: Sendable {
    /// The index of the imitated function, which comes before the imitator.
    public let function: Int

    /// The share of the documents on which it does what that function does, abstaining included;
    /// on the others it decides by its own table.
    public let share: Double
  }

  /// Creates a function.
  ///
  /// - Precondition: The rows of the table hold no negative probability and sum to at most 1.
  public init(table: [[Double]], imitating model: Model? = nil) {
    for row in table {
      precondition(row.count == table.count && row.allSatisfy { $0 >= 0 })
      precondition(row.reduce(0, +) <= 1 + 1e-12, "an outcome has a probability")
    }
    self.table = table
    self.model = model
  }

  /// Votes on a share of the documents of any class, rightly with one probability, and otherwise
  /// for each of the other classes alike.
  public static func multipolar(
    accuracy: Double, coverage: Double, classes: Int
  ) -> SyntheticFunction {
    let wrong = (1 - accuracy) / Double(max(1, classes - 1))
    return SyntheticFunction(
      table: (0..<classes).map { truth in
        (0..<classes).map { coverage * ($0 == truth ? accuracy : wrong) }
      })
  }

  /// Votes for one class only: on a share of all documents, and with one probability rightly.
  ///
  /// It fires more often where it is right, which is what makes its votes right.
  ///
  /// - Precondition: The class is frequent enough for so many right votes.
  public static func unipolar(
    for label: Int, accuracy: Double, coverage: Double, balance: [Double]
  ) -> SyntheticFunction {
    SyntheticFunction(
      table: balance.indices.map { truth in
        balance.indices.map { vote in
          if vote != label { return 0 }
          return truth == label
            ? coverage * accuracy / balance[label]
            : coverage * (1 - accuracy) / (1 - balance[label])
        }
      })
  }

  /// Votes without regard to the document, for each class with the given probability.
  public static func blind(_ votes: [Double]) -> SyntheticFunction {
    SyntheticFunction(table: votes.map { _ in votes })
  }

  /// The same function, but imitating an earlier one on a share of the documents.
  public func imitating(_ function: Int, share: Double) -> SyntheticFunction {
    SyntheticFunction(table: table, imitating: Model(function: function, share: share))
  }
}
