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
