/// The documents with gold of a split by gold class, predicted class and the functions that voted:
/// where errors come from.
public struct BucketReport: Encodable, Sendable, Equatable {
  /// How often a function gave a class in a bucket.
  public struct Fired: Encodable, Sendable, Equatable {
    /// The function's name.
    public var function: String
    /// The class voted for.
    public var vote: String
    /// Documents of the bucket with this vote.
    public var documents: Int
    /// Documents with gold of the whole split with this vote.
    public var documentsOverall: Int
  }

  /// Documents of a bucket with the same votes.
  public struct Pattern: Encodable, Sendable, Equatable {
    /// The votes, in the order of the project; empty where no function votes.
    public var votes: [WorstReport.Vote]
    /// The number of documents.
    public var documents: Int
    /// The ids of the first of them.
    public var exampleIds: [String]
  }

  /// Documents with the same gold class and the same prediction of the classifier.
  public struct Bucket: Encodable, Sendable, Equatable {
    /// The gold class.
    public var gold: String
    /// The class that the classifier predicts.
    public var predicted: String
    /// The number of documents.
    public var documents: Int
    /// Who voted what on them, most documents first.
    public var functions: [Fired]
    /// Documents on which nobody voted.
    public var withoutVotes: Int
    /// The vote patterns, most documents first.
    public var patterns: [Pattern]
  }

  /// The split.
  public var split: String
  /// Documents with gold.
  public var documents: Int
  /// The buckets: those of errors first, most documents first.
  public var buckets: [Bucket]
}

extension BucketReport {
  /// The buckets of errors.
  package var errors: [Bucket] { buckets.filter { $0.gold != $0.predicted } }

  /// What there is to errors, in words.
  package var errorWords: String {
    "\(Figures.count(errors.reduce(0) { $0 + $1.documents })) of "
      + "\(Figures.count(documents, "document")) with gold are classified wrong"
  }

  /// The share of a bucket in all errors.
  package func share(_ bucket: Bucket) -> Double {
    let all = errors.reduce(0) { $0 + $1.documents }
    return Double(bucket.documents) / Double(max(1, all))
  }

  /// What stands behind the voters of buckets.
  package static let bracketWords = "in brackets: on how many of all a function votes so"

  /// Why nobody should look at the documents of a split to write rules; nil where they may.
  package static func caution(split: String) -> String? {
    split == "test"
      ? "rules that are fitted to documents of the test split make its scores too good" : nil
  }
}

extension BucketReport.Bucket {
  /// Who voted what on the documents, and how many of all documents with that vote those are.
  package var voters: String {
    var parts = functions.prefix(6).map {
      "\($0.function): \($0.vote) \($0.documents) (\($0.documentsOverall))"
    }
    if functions.count > 6 { parts.append("\(functions.count - 6) more") }
    if withoutVotes > 0 { parts.append("none on \(withoutVotes)") }
    return parts.joined(separator: ", ")
  }
}

extension [WorstReport.Vote] {
  /// Who voted what.
  package var words: String {
    isEmpty ? "no votes" : map { "\($0.function): \($0.vote)" }.joined(separator: ", ")
  }
}
