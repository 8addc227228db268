import Foundation
import HunchText

/// Finds the class that a cell of a file or a table names.
///
/// A name counts as it is written, or else without blanks around it. Numbers are the same however
/// they are written, since programs turn 1 into 1.0 on the way; so are the words for truth values.
/// A cell that could be several classes is none.
struct ClassNames: Sendable {
  let labels: [String]
  /// Whether some name is a whole number, so that numbers in cells are names.
  let haveWholeNumber: Bool
  private let names: [String: Int16]
  /// The first of the names that differ in case and blanks alone.
  private let folded: [String: String]
  /// -1 for numbers that several names write.
  private let numbers: [Double: Int16]

  init(_ labels: [String]) {
    self.labels = labels
    var names: [String: Int16] = [:]
    var numbers: [Double: Int16] = [:]
    for (index, label) in labels.enumerated() {
      names[label] = Int16(index)
      guard let number = PlainNumber.value(label.trimmed) else { continue }
      numbers[number] = numbers[number] == nil ? Int16(index) : -1
    }
    self.names = names
    folded = Dictionary(labels.map { ($0.trimmed.lowercased(), $0) }) { first, _ in first }
    self.numbers = numbers
    haveWholeNumber = numbers.keys.contains { $0 == $0.rounded() }
  }

  /// The class with exactly this name.
  func exactly(_ name: String) -> Int16? { names[name] }

  /// The class that a cell names.
  func index(of cell: String) -> Int16? {
    if let index = names[cell] { return index }
    let name = cell.trimmed
    if let index = names[name] { return index }
    if let number = PlainNumber.value(name), let index = numbers[number] {
      return index < 0 ? nil : index
    }
    guard let truth = Self.truth(name) else { return nil }
    let same = labels.indices.filter { Self.truth(labels[$0]) == truth }
    return same.count == 1 ? Int16(same[0]) : nil
  }

  /// Whether several names write a number.
  func isAmbiguous(_ number: Double) -> Bool { numbers[number] == -1 }

  /// The class whose name differs in nothing but case and blanks.
  func near(_ cell: String) -> String? { folded[cell.trimmed.lowercased()] }

  /// The names for messages: of many, the first.
  static func listed(_ labels: [String]) -> String {
    let most = 20
    let rest = labels.count > most ? " and \(labels.count - most) more" : ""
    return labels.prefix(most).joined(separator: ", ") + rest
  }

  /// What a cell holds, for messages: class names, ids and numbers are short.
  static func shown(_ cell: String) -> String {
    let most = 40
    let beginning = cell.count > most ? cell.prefix(most - 1) + "…" : cell[...]
    return "'\(Excerpt.visible(String(beginning)))'"
  }

  /// The truth value that a word stands for.
  static func truth(_ word: String) -> Bool? {
    switch word.lowercased() {
    case "true": true
    case "false": false
    default: nil
    }
  }
}

extension String {
  /// The text without white space around it.
  var trimmed: String {
    guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
    return trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
