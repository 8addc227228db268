import HunchText

/// The places of a column's categories.
///
/// A category counts as it is written. One that is not known is looked for as a number, since programs
/// write 1 as 1.0, and as a truth value, for which some write 1 and 0: what a table stored in one way
/// is found in a line of JSON that has it in another. One that could be several is unknown.
struct CategoryPlaces: Sendable, Equatable {
  let count: Int
  private let names: [String: Int]
  /// -1 for what several categories write.
  private let numbers: [Double: Int]
  private let truths: [Bool: Int]

  init(_ values: [String]) {
    count = values.count
    names = Dictionary(zip(values, values.indices)) { first, _ in first }
    var numbers: [Double: Int] = [:]
    var truths: [Bool: Int] = [:]
    for (place, value) in values.enumerated() {
      if let number = PlainNumber.value(value) {
        numbers[number] = numbers[number] == nil ? place : -1
      }
      if let truth = Self.truth(value) { truths[truth] = truths[truth] == nil ? place : -1 }
    }
    self.numbers = numbers
    self.truths = truths
  }

  /// The place of a category, nil for one without.
  subscript(value: String) -> Int? {
    if let place = names[value] { return place }
    let place =
      PlainNumber.value(value).flatMap { numbers[$0] }
      ?? Self.truth(value).flatMap { truths[$0] }
    return place.flatMap { $0 < 0 ? nil : $0 }
  }

  private static func truth(_ value: String) -> Bool? {
    switch value.lowercased() {
    case "true": return true
    case "false": return false
    default: return PlainNumber.value(value).flatMap { $0 == 1 ? true : $0 == 0 ? false : nil }
    }
  }
}
