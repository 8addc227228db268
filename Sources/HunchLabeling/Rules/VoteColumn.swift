/// One function's votes on the documents of a batch: class indices, ``Vote/abstain`` elsewhere.
public enum VoteColumn: Sendable, Equatable {
  /// One class on the listed documents, which ascend.
  case sparse(documents: [Int32], vote: Int16)
  /// A class index or -1 for every document.
  case dense([Int16])

  /// The vote on a document.
  ///
  /// - Complexity: O(1), or O(log votes) if sparse.
  public subscript(document: Int) -> Int16 {
    switch self {
    case .dense(let votes): return votes[document]
    case .sparse(let documents, let vote):
      var range = documents.indices
      while !range.isEmpty {
        let middle = range.lowerBound + range.count / 2
        if documents[middle] == document { return vote }
        range =
          documents[middle] < document
          ? middle + 1..<range.upperBound : range.lowerBound..<middle
      }
      return Vote.abstain
    }
  }

  /// Whether the function abstains on every document.
  public var abstains: Bool {
    switch self {
    case .dense(let votes): votes.allSatisfy { $0 == Vote.abstain }
    case .sparse(let documents, _): documents.isEmpty
    }
  }
}
