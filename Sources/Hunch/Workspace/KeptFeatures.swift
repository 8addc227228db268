import HunchModels

/// The features of documents, kept in memory from the pass that hashes them first for those that follow
/// in the same run, which then read no texts of these documents.
///
/// There are those of documents with a vote that may be learned from, of documents with repair gold, and
/// in the splits that are scored of those with gold that measures. Where all together would take more
/// memory than training may, none are kept, and texts are read and hashed again.
final class KeptFeatures: Sendable {
  private struct State {
    var chunks: [ChunkFeatures] = []
    /// What they would take during training, as ``TextClassifierTrainer`` counts it.
    var bytes = 0
    var isFilling = true
    var isComplete = false
  }

  /// The splits whose documents with gold that measures are kept, too.
  let scored: Set<Split>
  private let limit: Int
  private let state = Guarded(State())

  /// - Parameter limit: The bytes that documents may take during training.
  init(scored: Set<Split>, limit: Int) { (self.scored, self.limit) = (scored, limit) }

  /// Whether features are wanted.
  var isFilling: Bool { state.withLock { $0.isFilling } }

  /// Whether there are those of all chunks.
  var isComplete: Bool { state.withLock { $0.isComplete } }

  /// The features of a chunk; nil where they are not all there.
  func features(of chunk: Int) -> ChunkFeatures? {
    state.withLock { $0.isComplete ? $0.chunks[chunk] : nil }
  }

  func add(_ features: ChunkFeatures) {
    state.withLock { state in
      guard state.isFilling else { return }
      state.bytes += 20 * features.rows.packed.count + 64 * features.rows.count
      state.chunks.append(features)
      if state.bytes > limit { state = State(isFilling: false) }
    }
  }

  /// All chunks were there.
  func finish() {
    state.withLock { state in
      state.isComplete = state.isFilling
      state.isFilling = false
    }
  }

  /// Forgets all, unless documents are scored by them.
  func endLearning() {
    if scored.isEmpty { state.withLock { $0 = State(isFilling: false) } }
  }
}
