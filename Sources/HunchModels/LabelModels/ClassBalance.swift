/// A class balance from the number of gold labels of each class, with add-one smoothing: no class
/// gets a share of 0.
///
/// - Parameter counts: The number of gold labels of each class, in class order; negative numbers
///   count as 0.
/// - Returns: One positive share for each class; they sum to 1.
package func classBalance(fromGold counts: [Int]) -> [Double] {
  normalized(counts.map { Double(max(0, $0)) + 1 })
}

/// The class balance to fit with: the given one, checked and scaled to sum to 1, or equal shares.
func checkedClassBalance(
  _ balance: [Double]?, classCount: Int
) throws(FitError) -> [Double] {
  guard let balance else {
    return [Double](repeating: 1 / Double(classCount), count: classCount)
  }
  guard balance.count == classCount else {
    throw .classBalanceCount(expected: classCount, found: balance.count)
  }
  for (index, share) in balance.enumerated() where !(share > 0 && share.isFinite) {
    throw .classBalanceNotPositive(class: index, share: share)
  }
  let sum = balance.reduce(0, +)
  guard abs(sum - 1) <= 1e-6 else { throw .classBalanceSum(sum) }
  return balance.map { $0 / sum }
}
