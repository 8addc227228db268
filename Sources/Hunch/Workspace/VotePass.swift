import HunchModels

/// Reads the corpus, its votes and the labels of the workspace together, chunk by chunk, in corpus
/// order.
struct VotePass: Sendable {
  let corpus: Corpus
  let store: VoteStore
  let layout: [StoredChunk]
  /// Stands for the corpus file that the layout describes, where that is known.
  let signature: String?
  var functions: [StoredFunction]
  var slices: [StoredFunction]
  var labels: HandLabels
  let classCount: Int

  /// Calls the body for every chunk, or until nothing more is wanted.
  ///
  /// - Throws: ``ChunkReader/mismatch`` when the corpus is no longer the one that the votes belong
  ///   to.
  func run(
    wantsTexts: Bool, wantsFeatures: Bool = false, cancellation: Cancellation,
    until isDone: () -> Bool = { false },
    _ body: (CorpusChunk, VoteBlock) throws -> Void
  ) throws {
    try corpus.withChunks(wantsTexts: wantsTexts, wantsFeatures: wantsFeatures) { reader in
      var position = 0
      while !isDone(), let chunk = try reader.next() {
        try cancellation.check()
        let (checked, block) = try checked(chunk, reader, wantsTexts)
        try body(checked, block)
        position += 1
      }
      if position != layout.count, !isDone() { throw reader.mismatch }
    }
  }

  /// Calls `make` for every chunk, for several at a time, and `take` with what it gives, in corpus
  /// order.
  ///
  /// - Parameter splits: The splits whose texts are needed; those of others may be empty. Nil for all.
  /// - Throws: As ``run(wantsTexts:wantsFeatures:cancellation:until:_:)``.
  func run<Part: Sendable>(
    wantsTexts: Bool, of splits: Set<Split>? = nil, wantsFeatures: Bool = false, threads: Int,
    cancellation: Cancellation,
    make: @escaping @Sendable (CorpusChunk, VoteBlock) throws -> Part, take: (Part) throws -> Void
  ) throws {
    try corpus.withChunks(wantsTexts: wantsTexts, wantsFeatures: wantsFeatures) { reader in
      // Where texts have to be compared with those that were voted on, all are read.
      if isTrusted(reader) { reader.readTexts(of: splits) }
      var taken = 0
      try OrderedParts.run(threads: threads) {
        try cancellation.check()
        return try reader.next().map { ($0.index, $0) }
      } make: { chunk in
        let (chunk, block) = try checked(chunk, reader, wantsTexts)
        return try make(chunk, block)
      } take: { part in
        taken += 1
        try take(part)
      }
      if taken != layout.count { throw reader.mismatch }
    }
  }

  /// Whether the corpus is known to be the one that its votes were taken on.
  private func isTrusted(_ reader: ChunkReader) -> Bool {
    signature != nil && reader.signature == signature
  }

  /// A chunk with the labels of the workspace, and its votes.
  private func checked(
    _ chunk: CorpusChunk, _ reader: ChunkReader, _ wantsTexts: Bool
  ) throws -> (CorpusChunk, VoteBlock) {
    guard chunk.index < layout.count else { throw reader.mismatch }
    let stored = layout[chunk.index]
    guard isTrusted(reader) || isUnchanged(chunk, stored, wantsTexts),
      chunk.count == stored.documents
    else { throw reader.mismatch }
    var chunk = chunk
    // Behind the comparison: the list of chunks describes the corpus alone.
    labels.merge(into: &chunk)
    let columns = try store.columns(of: stored, functions: functions, classCount: classCount)
    return (chunk, VoteBlock(documentCount: chunk.count, columns: columns))
  }

  /// For each slice the documents of a chunk that belong to it: 0 there, -1 elsewhere; nothing
  /// where none does.
  func slices(of chunk: CorpusChunk) throws -> [[Int16]] {
    slices.isEmpty
      ? []
      : try store.columns(of: layout[chunk.index], functions: slices, classCount: classCount)
  }

  /// Whether a chunk is the one that its votes were taken on.
  private func isUnchanged(
    _ chunk: CorpusChunk, _ stored: StoredChunk, _ hasTexts: Bool
  ) -> Bool {
    chunk.content(.ids) == stored.content(.ids)
      && chunk.annotations() == stored.annotations
      && (!hasTexts || chunk.content(.texts) == stored.content(.texts))
  }
}
