import HunchText

/// Reads the cells of vote files: a class by its name or index, or an abstention.
///
/// A cell is a name if it can be one. Where a name is a whole number, numbers are names and never
/// indices, so that a file means the same whatever stands in its other cells.
struct VoteParser {
  let names: ClassNames
  /// The words that programs write for a value that is missing.
  private static let missing: Set<String> = [
    "NaN", "nan", "NA", "<NA>", "N/A", "n/a", "None", "NULL", "null", "NaT",
  ]

  init(labels: [String]) { names = ClassNames(labels) }

  /// The class index, -1 for an abstention, `nil` for anything else that is no class.
  func vote(_ cell: String?) -> Int16? {
    guard let cell, !cell.isEmpty else { return -1 }
    if let index = names.exactly(cell) { return index }
    if let number = Int16(cell), !names.haveWholeNumber { return index(number) }
    return names.index(of: cell) ?? abstentionOrIndex(cell.trimmed)
  }

  private func abstentionOrIndex(_ cell: String) -> Int16? {
    if Self.isMissing(cell) { return names.near(cell) == nil ? -1 : nil }
    // Columns of whole numbers with gaps come as 1.0.
    guard let value = PlainNumber.value(cell), let number = Int16(exactly: value) else {
      return nil
    }
    if names.haveWholeNumber {
      return number == -1 && !names.isAmbiguous(-1) ? -1 : nil
    }
    return index(number)
  }

  private func index(_ number: Int16) -> Int16? {
    number >= -1 && Int(number) < names.labels.count ? number : nil
  }

  /// Whether a cell holds nothing, or a word for that.
  static func isMissing(_ cell: String?) -> Bool {
    guard let cell = cell?.trimmed else { return true }
    return cell.isEmpty || missing.contains(cell)
  }

  /// What a cell should hold that holds something else; it may be a text that is nobody's business.
  func problem(_ cell: String) -> CellProblem {
    let cell = cell.trimmed
    let classes = ClassNames.listed(names.labels)
    let words =
      names.haveWholeNumber
      ? "not a class (\(classes)) or empty"
      : "not a class (\(classes)), a class index in 0..<\(names.labels.count), or empty or -1"
    return CellProblem(words: words, hint: hint(cell))
  }

  private func hint(_ cell: String) -> String? {
    if let near = names.near(cell) { return "write '\(near)': case counts in class names" }
    if cell.lowercased().hasPrefix("abstain") {
      return "an abstention is written as an empty cell"
        + (names.haveWholeNumber ? "" : " or as -1")
    }
    if names.haveWholeNumber, PlainNumber.value(cell) != nil {
      return "some classes are named by whole numbers, so a number is a class's name and never "
        + "its index"
    }
    if ClassNames.truth(cell) != nil {
      return "write the names of classes, or their indices, in place of True and False"
    }
    return nil
  }
}

/// What is wrong with a cell, and what to do about it.
struct CellProblem: Equatable {
  var words: String
  var hint: String?
}

extension HunchError {
  /// A cell of a file of votes that holds something else than it should.
  static func badCell(
    path: String, line: Int, column: String, _ problem: CellProblem
  ) -> HunchError {
    .badVoteCell(
      path: path, line: line, column: column, problem: problem.words, hint: problem.hint)
  }
}
