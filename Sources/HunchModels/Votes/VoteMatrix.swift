/// The votes of labeling functions on documents: what a program brings that has votes of its own.
///
///     let votes = try VoteMatrix(rows: [[0, -1, 1], [0, 0, nil]], classes: 2)
///
/// Memory is that of the distinct rows, and 4 bytes a document.
public struct VoteMatrix: Sendable {
  /// The number of documents.
  public var documentCount: Int { ids.count }

  /// The number of labeling functions.
  public let functionCount: Int

  /// The number of classes.
  public let classCount: Int

  /// The distinct rows.
  package let patterns: VotePatterns

  /// The distinct row of each document.
  package let ids: [Int32]

  /// The distinct rows with their documents, and with the gold classes that were given.
  package let counted: CountedVotes

  /// Takes a row of votes for each document.
  ///
  /// - Parameters:
  ///   - rows: Documents × functions: a class, counted from 0; nil or -1 where a function abstains.
  ///   - classes: The number of classes, up to 32,767.
  ///   - gold: The true class of each document, nil where it is not known; empty for none. Label
  ///     models learn from them how right functions are; see ``LabelModel/fit(_:given:)``.
  /// - Throws: ``VoteMatrixError`` for the first row that does not fit.
  /// - Complexity: O(documents × functions).
  public init(rows: [[Int?]], classes: Int, gold: [Int?] = []) throws(VoteMatrixError) {
    guard 1...VotePatterns.mostClasses ~= classes else { throw .classes(classes) }
    guard gold.isEmpty || gold.count == rows.count else {
      throw .gold(expected: rows.count, found: gold.count)
    }
    functionCount = rows.first?.count ?? 0
    classCount = classes
    var counter = VotePatternCounter(functionCount: functionCount, classCount: classes)
    var ids: [Int32] = []
    for begin in stride(from: 0, to: rows.count, by: 4096) {
      let part = begin..<min(begin + 4096, rows.count)
      var columns = [[Int16]](
        repeating: [Int16](repeating: -1, count: part.count), count: functionCount)
      for document in part {
        guard rows[document].count == functionCount else {
          throw .row(document, expected: functionCount, found: rows[document].count)
        }
        for (function, vote) in rows[document].enumerated() {
          guard let vote, vote != -1 else { continue }
          guard 0..<classes ~= vote else {
            throw .vote(vote, document: document, function: function, classes: classes)
          }
          columns[function][document - begin] = Int16(vote)
        }
      }
      ids += counter.add(VoteBlock(documentCount: part.count, columns: columns))
    }
    // Their order does not depend on that of the documents, and nor does what is learned from them.
    let order = counter.order
    var places = [Int32](repeating: 0, count: order.count)
    for (place, pattern) in order.enumerated() { places[pattern] = Int32(place) }
    ids = ids.map { places[Int($0)] }
    patterns = counter.patterns(order)
    var counts = [Int](repeating: 0, count: patterns.count)
    for id in ids { counts[Int(id)] += 1 }
    var goldCounts = [Int](repeating: 0, count: gold.isEmpty ? 0 : patterns.count * classes)
    for (document, label) in gold.enumerated() {
      guard let label, label != -1 else { continue }
      guard 0..<classes ~= label else {
        throw .goldClass(label, document: document, classes: classes)
      }
      goldCounts[Int(ids[document]) * classes + label] += 1
    }
    self.ids = ids
    counted = CountedVotes(patterns, counts: counts, goldCounts: gold.isEmpty ? nil : goldCounts)
  }
}

/// Why rows are no votes.
public enum VoteMatrixError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There are no classes, or too many.
  case classes(Int)
  /// A row has another number of votes than the first.
  case row(Int, expected: Int, found: Int)
  /// A vote is no class.
  case vote(Int, document: Int, function: Int, classes: Int)
  /// There is not one gold class, or nil, for each document.
  case gold(expected: Int, found: Int)
  /// A gold class is no class.
  case goldClass(Int, document: Int, classes: Int)
  /// A label model was fitted on votes of another number of functions or classes.
  case otherVotes(functions: Int, classes: Int)

  /// What is wrong and what is expected; rows and functions are counted from 0.
  public var description: String {
    switch self {
    case .classes(let count):
      "there are \(count) classes; from 1 to \(VotePatterns.mostClasses) are possible"
    case .row(let row, let expected, let found):
      "row \(row) has \(found) votes, and the first row has \(expected)"
    case .vote(let vote, let document, let function, let classes):
      "row \(document) has the vote \(vote) of function \(function); classes are 0 to "
        + "\(classes - 1), and nil or -1 abstains"
    case .gold(let expected, let found):
      "there are \(found) gold classes for \(expected) documents"
    case .goldClass(let label, let document, let classes):
      "document \(document) has the gold class \(label); classes are 0 to \(classes - 1), and nil "
        + "is unknown"
    case .otherVotes(let functions, let classes):
      "the label model was fitted on votes of \(functions) functions for \(classes) classes"
    }
  }
}
