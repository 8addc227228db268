/// The votes of a run of documents, one column for each labeling function.
///
/// For example, two functions and three documents, where the second function abstains everywhere:
///
///     VoteBlock(documentCount: 3, columns: [[0, -1, 1], []])
package struct VoteBlock: Sendable, Equatable {
  package let documentCount: Int

  /// For each function the class index it gave each document, with -1 for abstain; an empty
  /// column abstains everywhere.
  package let columns: [[Int16]]

  /// Creates a block.
  ///
  /// - Precondition: Every column is empty or has `documentCount` votes.
  package init(documentCount: Int, columns: [[Int16]]) {
    precondition(documentCount >= 0, "a block has no negative number of documents")
    for column in columns {
      precondition(
        column.isEmpty || column.count == documentCount,
        "a column has one vote for each document of its block")
    }
    self.documentCount = documentCount
    self.columns = columns
  }

  package var functionCount: Int { columns.count }
}
