import HunchModels

/// Reads the corpus and its votes together, chunk by chunk, in corpus order.
struct VotePass: Sendable {
  let corpus: Corpus
  let store: VoteStore
  let layout: [StoredChunk]
  let functions: [StoredFunction]

  /// Calls the body for every chunk.
  ///
  /// - Throws: ``HunchError/corpusChanged(path:)`` when the corpus is no longer the one that the
  ///   votes belong to.
  func run(
    wantsTexts: Bool, cancellation: Cancellation,
    _ body: (CorpusChunk, VoteBlock) throws -> Void
  ) throws {
    let changed = HunchError.corpusChanged(path: corpus.path)
    try corpus.withChunks(wantsTexts: wantsTexts) { reader in
      var position = 0
      while let chunk = try reader.next() {
        try cancellation.check()
        guard position < layout.count, try isUnchanged(chunk, layout[position], wantsTexts) else {
          throw changed
        }
        let columns = try store.columns(of: layout[position], functions: functions)
        try body(chunk, VoteBlock(documentCount: chunk.count, columns: columns))
        position += 1
      }
      if position != layout.count { throw changed }
    }
  }

  /// Whether a chunk is the one that its votes were taken on.
  private func isUnchanged(
    _ chunk: CorpusChunk, _ stored: StoredChunk, _ hasTexts: Bool
  ) throws -> Bool {
    let aspect = hasTexts ? ChunkAspect.texts : .ids
    return try chunk.count == stored.documents
      && chunk.content(aspect) == store.content(of: stored, aspect)
  }
}
