import HunchModels
import HunchText

/// What documents bring to the classifier beside their texts: columns of the corpus, and embeddings
/// from there or from a service.
struct DocumentValues: Sendable {
  let columns: DenseColumns
  /// Fetches embeddings; nil where none are fetched.
  let embeddings: EmbeddingSource?
  /// Remembers the hash of the columns from run to run; nil where there are none in the corpus.
  private let contents: ColumnContents?
  /// The hash of the columns, once it is known.
  private let hash = Guarded(String?.none)

  init(columns: DenseColumns, embeddings: EmbeddingSource?, contents: ColumnContents?) {
    self.columns = columns
    self.embeddings = embeddings
    self.contents = contents
  }

  /// Whether there is anything beside the texts.
  var isEmpty: Bool { columns.isEmpty }

  /// What a pass reads for those of some splits. Whoever asks a service for the embeddings of texts
  /// asks for one chunk after the other.
  func needs(of splits: Set<Split> = []) -> PassNeeds {
    let asks = embeddings != nil
    return PassNeeds(texts: asks ? splits : [], values: !isEmpty, isSerial: asks)
  }

  /// What some documents of a chunk bring; nil where the texts are all there is.
  ///
  /// - Parameter chunk: Read with texts and the columns of the classifier.
  /// - Throws: ``EmbeddingError`` and what the workspace throws, where embeddings are fetched.
  func values(_ chunk: CorpusChunk, of documents: [Int]) throws -> DenseValues? {
    if isEmpty { return nil }
    var values = DenseValues(columns)
    guard let embeddings else {
      values.append(chunk.values, documents)
      return values
    }
    let fetched = try embeddings.embeddings(
      documents.map { chunk.texts.bytes[chunk.texts.range(at: $0)] })
    for (document, embedding) in zip(documents, fetched) {
      values.append(chunk.values, document, embedding: embedding)
    }
    return values
  }

  /// The hash of the columns of all documents; what is fetched depends on the texts and the name of
  /// the model alone.
  ///
  /// - Complexity: O(documents × columns), one pass over the corpus; O(1) where the corpus file has
  ///   not been written since the last time.
  func content(_ pass: VotePass) throws -> String {
    try hash.withLock { hash in
      if let hash { return hash }
      let content = try rememberedContent(pass)
      hash = content
      return content
    }
  }

  private func rememberedContent(_ pass: VotePass) throws -> String {
    // The file must be the one that the pass is about, and still be so after it was read.
    guard let contents, let signature = pass.signature,
      try pass.corpus.signature() == signature
    else { return try computedContent(pass) }
    let names = emptyContent().finish()
    if let content = try contents.load(signature: signature, columns: names) { return content }
    let content = try computedContent(pass)
    if try pass.corpus.signature() == signature {
      try contents.save(content, signature: signature, columns: names)
    }
    return content
  }

  private func computedContent(_ pass: VotePass) throws -> String {
    var hash = emptyContent()
    if !columns.stored.isEmpty {
      try pass.run(PassNeeds(values: true)) { chunk, _ in hash.add(chunk.values.encoded) }
    }
    return hash.finish()
  }

  /// What ``content(_:)`` begins with; the columns of all chunks follow, where the corpus holds
  /// some.
  func emptyContent() -> ContentHash {
    var hash = ContentHash("columns-2")
    for name in columns.numeric { hash.add("numeric \(name)") }
    for name in columns.categorical { hash.add("categorical \(name)") }
    switch columns.embedding {
    case nil: break
    case .column(let name): hash.add("column \(name)")
    // The address is stored in the model file.
    case .endpoint(let url, let model): hash.add("endpoint \(url) \(model)")
    }
    return hash
  }
}

extension DenseColumns {
  /// The columns that the corpus holds, in the order of the query, each with its key in `features:`.
  var stored: [(column: String, key: String)] {
    var stored = numeric.map { ($0, "numeric") } + categorical.map { ($0, "categorical") }
    if case .column(let name) = embedding { stored.append((name, "embeddings: column")) }
    return stored
  }
}
