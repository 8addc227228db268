/// Weighted documents that can be visited again and again, all in memory or a part at a time.
package protocol DocumentPasses {
  /// The number of documents.
  var documentCount: Int { get }

  /// The sum of the targets of each class.
  var targetSums: [Double] { get }

  /// Calls `body` with all documents, in groups.
  ///
  /// - Parameters:
  ///   - pass: The number of the pass, which the order depends on.
  ///   - body: Gets a group, and may change the documents' own distributions.
  mutating func forEachGroup(pass: Int, _ body: (inout DocumentGroup) throws -> Void) throws
}

/// Documents that are in memory together.
package struct DocumentGroup: Sendable {
  package var rows: WeighedRows
  /// Rows × classes, each row summing to 1.
  package var targets: [Float]
  /// The distributions that ``DualAscent`` moves, laid out likewise.
  package var duals: [Float]
  /// The rows in the order in which they are visited.
  package var order: [Int32]
}

/// Documents that are all in memory.
package struct DocumentsInMemory: DocumentPasses {
  private var group: DocumentGroup

  package init(_ rows: WeighedRows, targets: [Float]) {
    group = DocumentGroup(rows: rows, targets: targets, duals: targets, order: [])
  }

  package var documentCount: Int { group.rows.rowCount }

  package var targetSums: [Double] {
    let classCount = group.targets.count / max(1, documentCount)
    var sums = [Double](repeating: 0, count: classCount)
    sums.add(rowsOf: group.targets)
    return sums
  }

  package mutating func forEachGroup(
    pass: Int, _ body: (inout DocumentGroup) throws -> Void
  ) rethrows {
    group.order = VisitingOrder.local(documentCount, seed: pass)
    try body(&group)
  }
}

extension [Double] {
  /// Adds the rows of a matrix with a column for each element.
  mutating func add(rowsOf matrix: [Float]) {
    for (index, value) in matrix.enumerated() { self[index % count] += Double(value) }
  }
}
