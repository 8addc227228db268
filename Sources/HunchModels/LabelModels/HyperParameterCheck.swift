/// Checks hyper-parameters against their ranges.
package enum HyperParameterCheck {
  package static func isShare(_ value: Double, name: String) throws(FitError) {
    guard value > 0, value < 1 else {
      throw .hyperParameter(name: name, value: value, range: "between 0 and 1")
    }
  }

  package static func isWeight(_ value: Double, name: String) throws(FitError) {
    guard value >= 0, value.isFinite else {
      throw .hyperParameter(name: name, value: value, range: "0 or more")
    }
  }

  package static func isPositive(_ value: Double, name: String) throws(FitError) {
    guard value > 0 else {
      throw .hyperParameter(name: name, value: value, range: "above 0")
    }
  }

  package static func isPositive(_ count: Int, name: String) throws(FitError) {
    guard count > 0 else {
      throw .hyperParameter(name: name, value: Double(count), range: "1 or more")
    }
  }

  package static func areShares(_ values: [Double]?, name: String, count: Int) throws(FitError) {
    try hasCount(values, name: name, count: count)
    for value in values ?? [] { try isShare(value, name: name) }
  }

  package static func areWeights(_ values: [Double]?, name: String, count: Int) throws(FitError) {
    try hasCount(values, name: name, count: count)
    for value in values ?? [] { try isWeight(value, name: name) }
  }

  private static func hasCount(_ values: [Double]?, name: String, count: Int) throws(FitError) {
    guard let values, values.count != count else { return }
    throw .hyperParameterCount(name: name, expected: count, found: values.count)
  }
}
