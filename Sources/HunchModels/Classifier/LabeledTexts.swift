public import HunchText

/// Texts with what is known of their classes, for a ``TextClassifierTrainer``.
public struct LabeledTexts: Sendable {
  /// The texts.
  public var texts = TextBatch()

  /// What the texts bring beside; nil where a trainer has no columns.
  public var values: DenseValues?

  /// The probabilities of the classes, flat, texts × classes. The trainer scales rows to sum to 1.
  public var posteriors: [Float] = []

  /// How much each text counts, above 0; empty for 1 each. Among texts that adapt a classifier, all
  /// count the same.
  public var weights: [Float] = []

  /// The class of each text where it is known for certain, else -1; empty where none is. It takes the
  /// place of the probabilities. Where some texts have one and others not, these adapt the classifier
  /// that has learned from the others.
  public var gold: [Int32] = []

  /// Numbers spread evenly over 64 bits that belong to the documents, wherever they stand: the order in
  /// which they are learned from, and which are left out where there are too many. Empty: by position.
  package var ranks: [UInt64] = []

  /// For each text the bits of the folds of labeling functions that vote on it, see ``FunctionFolds``;
  /// empty where nobody asks.
  package var functionFolds: [UInt8] = []

  /// The texts as the trainer would hash them, whose texts need not be there then; nil where that is
  /// still to be done.
  package var rows: HashedRows?

  /// The number of texts.
  package var count: Int { rows?.count ?? texts.count }

  /// Creates an empty batch.
  public init() {}

  /// Creates a batch of texts that all count the same and have no gold class.
  public init(_ texts: TextBatch, posteriors: [Float]) {
    self.texts = texts
    self.posteriors = posteriors
  }

  /// The features of some of the texts, ascending; those that are there, or as a hasher finds them.
  func rows(of kept: [Int], by hasher: FeatureHasher) -> HashedRows {
    let isWhole = kept.count == count
    if let rows { return isWhole ? rows : rows.picked(kept) }
    if isWhole { return HashedRows(texts, hasher) }
    var picked = TextBatch()
    for text in kept { picked.append(repairing: texts.bytes[texts.range(at: text)]) }
    return HashedRows(picked, hasher)
  }
}
