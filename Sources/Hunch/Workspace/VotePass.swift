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
  let threads: Int
  let cancellation: Cancellation
  /// What earlier passes hashed; nil where nothing is kept.
  var kept: KeptFeatures?

  /// Calls the body for every chunk, or until nothing more is wanted.
  ///
  /// - Throws: As ``run(_:until:make:take:)``.
  func run(
    _ needs: PassNeeds, until isDone: () -> Bool = { false },
    _ body: (CorpusChunk, VoteBlock) throws -> Void
  ) throws {
    try run(needs, until: isDone, make: { ($0, $1) }, take: { try body($0.0, $0.1) })
  }

  /// Collects something of every chunk, or until nothing more is wanted: calls `make` for several
  /// chunks at a time, and `take` with what that gives, in corpus order. So nothing depends on the
  /// number of threads. This is the one loop over the corpus and its votes.
  ///
  /// - Throws: ``ChunkReader/mismatch`` when the corpus is no longer the one that the votes belong
  ///   to; the first error of a chunk, once those before it are taken.
  func run<Part: Sendable>(
    _ needs: PassNeeds, until isDone: () -> Bool = { false },
    make: @escaping @Sendable (CorpusChunk, VoteBlock) throws -> Part, take: (Part) throws -> Void
  ) throws {
    let kept = kept?.isComplete == true ? kept : nil
    let texts = kept == nil ? needs.texts.union(needs.features) : needs.texts
    let wantsTexts = !texts.isEmpty
    try corpus.withChunks(wantsTexts: wantsTexts, wantsFeatures: needs.values) { reader in
      // Where texts have to be compared with those that were voted on, all are read.
      if isTrusted(reader) { reader.readTexts(of: texts) }
      var taken = 0
      try OrderedParts.run(threads: needs.isSerial ? 1 : threads, until: isDone) {
        try cancellation.check()
        return try reader.next().map { ($0.index, $0) }
      } make: { chunk in
        var (chunk, block) = try checked(chunk, reader, wantsTexts)
        chunk.features = kept?.features(of: chunk.index)
        return try make(chunk, block)
      } take: { part in
        taken += 1
        try take(part)
      }
      if taken != layout.count, !isDone() { throw reader.mismatch }
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

/// What is looked at beside ids, splits, gold labels and votes.
struct PassNeeds: Sendable, Equatable {
  /// The splits whose texts are read; those of others may be empty.
  var texts: Set<Split> = []
  /// The splits of which the features are looked at that ``KeptFeatures`` keeps; their texts are read
  /// where it does not.
  var features: Set<Split> = []
  /// Whether the columns of the classifier are read.
  var values = false
  /// Whether chunks are made one after the other, as for whoever asks a service.
  var isSerial = false

  /// Votes are all.
  static let votes = PassNeeds()
  static let texts = PassNeeds(texts: Set(Split.allCases))

  func union(_ other: PassNeeds) -> PassNeeds {
    PassNeeds(
      texts: texts.union(other.texts), features: features.union(other.features),
      values: values || other.values, isSerial: isSerial || other.isSerial)
  }
}
