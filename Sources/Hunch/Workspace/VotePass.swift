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
      let isTrusted = signature != nil && reader.signature == signature
      var position = 0
      while !isDone(), var chunk = try reader.next() {
        try cancellation.check()
        guard position < layout.count,
          isTrusted || isUnchanged(chunk, layout[position], wantsTexts),
          chunk.count == layout[position].documents
        else {
          throw reader.mismatch
        }
        // Behind the comparison: the list of chunks describes the corpus alone.
        labels.merge(into: &chunk)
        let columns = try store.columns(
          of: layout[position], functions: functions, classCount: classCount)
        try body(chunk, VoteBlock(documentCount: chunk.count, columns: columns))
        position += 1
      }
      if position != layout.count, !isDone() { throw reader.mismatch }
    }
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
