/// A label model that learns the class balance without some functions, where the others tell it.
///
/// For language models and others that name one of several classes for every document they are asked
/// about. One that is right three times of four names a class of 13 % of the documents on 31 % of
/// them, mostly wrongly; its errors depend on the class more than those of rules that look for
/// something, and the class balance that makes pairs of functions look independent follows them. On
/// the sms set with such an annotator for a third of the documents it went from 31 to 37 % of the
/// covered documents, and the label model's macro-F1 from .746 to .67; with the balance of the others
/// it rises to .79 (`docs/language-models.md`).
public struct BalanceOfOthers: LabelModel {
  private let base: any LabelModel
  private let functions: Set<Int>

  /// - Parameter functions: Those that the class balance is not learned from, by index.
  public init(_ base: any LabelModel, leavingOut functions: [Int]) {
    self.base = base
    self.functions = Set(functions)
  }

  /// The name of the model.
  public var name: String { base.name }

  /// Fits the model on all votes, with a class balance that was learned from those of the other
  /// functions; as the model does by itself where one is given or the others do not tell it.
  ///
  /// - Throws: ``FitError``, as the model does.
  /// - Complexity: Two fits where no class balance is given.
  public func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    if classBalance != nil || functions.isEmpty {
      return try base.fit(votes, classBalance: classBalance)
    }
    let others = votes.leavingOut { [functions] in functions.contains($0) }
    guard try LabelingAnalysis(others).covered > 0 else {
      return try base.fit(votes, classBalance: nil)
    }
    let fit = try base.fit(others, classBalance: nil)
    guard fit.learnedPrior?.isBalanceLearned == true else {
      return try base.fit(votes, classBalance: nil)
    }
    var result = try base.fit(votes, classBalance: fit.classBalance)
    result.learnedPrior = result.learnedPrior?.with(balance: fit.classBalance, isGiven: false)
    return result
  }
}

extension BalanceOfOthers: GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel {
    BalanceOfOthers(base.informed(by: gold), leavingOut: Array(functions))
  }
}
