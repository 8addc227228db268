/// Which values beside its text a document brings to a classifier.
public struct DenseColumns: Sendable, Equatable {
  /// Where a document's embedding comes from.
  public enum Embedding: Sendable, Equatable {
    /// A column that holds it.
    case column(String)
    /// A service with the interface of OpenAI's `/v1/embeddings`, and the model to ask it for.
    case endpoint(url: String, model: String)
  }

  /// The names of the columns with numbers.
  public var numeric: [String]
  /// The names of the columns whose values name a category.
  public var categorical: [String]
  /// Where embeddings come from; nil without.
  public var embedding: Embedding?

  /// Names columns.
  public init(
    numeric: [String] = [], categorical: [String] = [], embedding: Embedding? = nil
  ) {
    self.numeric = numeric
    self.categorical = categorical
    self.embedding = embedding
  }

  /// Whether no columns are named, so that text is all there is.
  public var isEmpty: Bool { numeric.isEmpty && categorical.isEmpty && embedding == nil }
}

/// What some documents hold in the columns of a ``DenseColumns``.
///
/// A value may be missing. The embeddings of all documents have one length.
public struct DenseValues: Sendable, Equatable {
  /// The columns that the values belong to.
  public let columns: DenseColumns

  /// The number of documents.
  public private(set) var count = 0

  /// The numbers of an embedding; nil as long as no document has one.
  public private(set) var embeddingLength: Int?

  /// Documents × numeric columns; nan where missing.
  private(set) var numbers: [Double] = []
  /// Documents × categorical columns.
  private(set) var categories: [String?] = []
  /// The embeddings of the documents that have one.
  private(set) var embeddings: [Float] = []
  /// For each document the place of its embedding among these, -1 without.
  private(set) var places: [Int32] = []

  /// What the categories take in memory, about.
  private var categoryBytes = 0

  /// Begins without documents.
  public init(_ columns: DenseColumns) { self.columns = columns }

  /// Adds a document.
  ///
  /// - Parameters:
  ///   - numbers: One for each numeric column; what is not finite counts as missing.
  ///   - categories: One for each categorical column.
  ///   - embedding: Finite numbers; nil where missing.
  /// - Precondition: There is a value or nil for each column, and the embedding is as long as those
  ///   before.
  public mutating func append(
    numbers: [Double?], categories: [String?], embedding: (some Collection<Float>)?
  ) {
    precondition(
      numbers.count == columns.numeric.count && categories.count == columns.categorical.count,
      "there is a value or nil for each column")
    for number in numbers {
      self.numbers.append(number.flatMap { $0.isFinite ? $0 : nil } ?? .nan)
    }
    self.categories += categories
    for category in categories {
      // Texts of up to 15 bytes lie within the string.
      let length = category?.utf8.count ?? 0
      categoryBytes += 16 + (length > 15 ? length + 32 : 0)
    }
    if let embedding {
      precondition(
        embeddingLength ?? embedding.count == embedding.count, "embeddings have one length")
      embeddingLength = embedding.count
      let stored = embeddings.count / max(1, embedding.count)
      places.append(Int32(truncatingIfNeeded: stored))
      embeddings += embedding
    } else {
      places.append(-1)
    }
    count += 1
  }

  /// Adds a document of which nothing is known but its text.
  public mutating func appendMissing() {
    append(
      numbers: columns.numeric.map { _ in nil }, categories: columns.categorical.map { _ in nil },
      embedding: [Float]?.none)
  }

  /// Adds some documents of others with the same columns.
  ///
  /// - Precondition: The columns are the same, and so is the length of embeddings.
  public mutating func append(_ others: DenseValues, _ documents: some Sequence<Int>) {
    for document in documents {
      append(others, document, embedding: others.embedding(document))
    }
  }

  /// Adds a document of others with the same columns, with another embedding.
  package mutating func append(
    _ others: DenseValues, _ document: Int, embedding: (some Collection<Float>)?
  ) {
    precondition(columns == others.columns, "values have the same columns")
    append(
      numbers: Array(others.numbers(document)), categories: Array(others.categories(document)),
      embedding: embedding)
  }

  /// All of it as bytes, the same for the same documents.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    for number in numbers { writer.write(number) }
    for category in categories {
      writer.write(category != nil)
      if let category { writer.write(category) }
    }
    for place in places { writer.write(place >= 0) }
    for value in embeddings { writer.write(value) }
    return writer.bytes
  }

  /// The numbers of a document.
  func numbers(_ document: Int) -> ArraySlice<Double> {
    numbers[document * columns.numeric.count..<(document + 1) * columns.numeric.count]
  }

  /// The categories of a document.
  func categories(_ document: Int) -> ArraySlice<String?> {
    categories[document * columns.categorical.count..<(document + 1) * columns.categorical.count]
  }

  /// The embedding of a document; nil where missing.
  func embedding(_ document: Int) -> ArraySlice<Float>? {
    guard places[document] >= 0, let embeddingLength else { return nil }
    let begin = Int(places[document]) * embeddingLength
    return embeddings[begin..<begin + embeddingLength]
  }

  /// What the documents take in memory, about; the same for the same documents.
  var bytes: Int {
    8 * numbers.count + 4 * embeddings.count + 4 * places.count + categoryBytes
  }
}
