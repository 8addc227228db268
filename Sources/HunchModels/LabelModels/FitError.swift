/// Why a label model cannot be fitted to its input.
public enum FitError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The class balance has another number of entries than there are classes.
  case classBalanceCount(expected: Int, found: Int)
  /// A class has no positive share in the class balance.
  case classBalanceNotPositive(class: Int, share: Double)
  /// The shares of the class balance do not sum to 1 within 1e-6.
  case classBalanceSum(Double)
  /// A hyper-parameter lies outside its range, given as text such as "above 0".
  case hyperParameter(name: String, value: Double, range: String)
  /// A hyper-parameter with a value for each function (or function and class) has another length.
  case hyperParameterCount(name: String, expected: Int, found: Int)

  /// What is wrong and what is expected.
  public var description: String {
    switch self {
    case .classBalanceCount(let expected, let found):
      "the class balance has \(found) shares, but there are \(expected) classes"
    case .classBalanceNotPositive(let label, let share):
      "the class balance gives class \(label) the share \(share); every share must be above 0"
    case .classBalanceSum(let sum):
      "the shares of the class balance sum to \(sum), not to 1"
    case .hyperParameter(let name, let value, let range):
      "\(name) is \(value); it must be \(range)"
    case .hyperParameterCount(let name, let expected, let found):
      "\(name) has \(found) values, but \(expected) are needed"
    }
  }
}
