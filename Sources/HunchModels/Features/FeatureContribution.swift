/// What one n-gram of a text, or something that the document brings beside it, contributes to each
/// class.
public struct FeatureContribution: Sendable, Equatable {
  /// The kind of a feature.
  public enum Kind: String, Sendable {
    /// One word or two in a row.
    case word
    /// Characters in a row inside a word; a space stands for the beginning or end of the word.
    case characters
    /// A number of a column.
    case numeric
    /// A category of a column.
    case categorical
    /// All of the embedding.
    case embedding
  }

  /// What is there: "price = 12.5", or the n-gram as folded text. If several n-grams of the text
  /// share a bucket, the first of them.
  public let text: String

  /// The other n-grams of the text that share its bucket, and so its weight, in the order of the
  /// text; each once.
  public internal(set) var sharesWith: [String] = []

  /// What it is.
  public let kind: Kind

  /// What it adds to the score of each class, less the mean over the classes; the scores' softmax
  /// is the probabilities.
  public let contributions: [Float]
}
