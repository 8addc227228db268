/// What is known beside the votes when a label model is fitted.
///
/// Each model uses what it can: see ``LabelModelAlgorithm`` for what a model may leave aside.
public struct Evidence: Sendable {
  /// The share of each class among the documents with votes, positive and summing to 1; nil leaves
  /// it to the model, which takes equal shares unless it learns them.
  public var classBalance: [Double]?

  /// Whether a model that would take equal shares is given those that ``LabelModel/adaptive`` learns
  /// from the votes.
  public var estimatesClassBalance = false

  /// Groups of functions that their user says look for the same thing, by index, no function twice.
  public var groups: [[Int]] = []

  /// Functions that vote only where no other does, by index: they meet none, so nothing is learned
  /// from how they go together with others. See ``LabelModel/adaptive``.
  public var otherwise: [Int] = []

  /// How right votes are where gold labels tell; nil without gold labels.
  package var gold: GoldVotes?

  /// How right votes are by what is known of single ones before any are compared.
  package var claims: VoteClaims?

  /// Functions of which is known what their votes say of the class; nil for none.
  package var known: KnownVotes?

  /// Functions that the class balance is not learned from where the others tell it, by index; see
  /// ``CountedVotes/fit(_:leavingOut:_:)``.
  package var annotators: [Int] = []

  /// Knows nothing but the class balance, if that.
  public init(classBalance: [Double]? = nil, groups: [[Int]] = []) {
    self.classBalance = classBalance
    self.groups = groups
  }

  /// The weight of each function so that each group counts as one: 1 over the size of its group,
  /// times its own weight; nil where all weigh 1.
  ///
  /// - Throws: ``FitError`` for a function that there is not.
  func functionWeights(_ weights: [Double]?, functionCount: Int) throws(FitError) -> [Double]? {
    try checkDeclared(groups, functionCount: functionCount)
    if groups.isEmpty { return weights }
    let shares = [FunctionDependency]().functionWeights(
      functionCount: functionCount, declared: groups)
    return weights.map { zip($0, shares).map { $0 * $1 } } ?? shares
  }
}
