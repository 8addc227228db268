public import Foundation
import HunchModels

/// How a session works; none of what a user can set changes a result.
public struct SessionOptions: Sendable {
  /// The number of threads; at least 1.
  public var threads: Int
  /// How to ask for a stop.
  public var cancellation: Cancellation
  /// Hears how far the work is.
  public var progress: StepProgress
  /// What time it is: a corpus that was written a moment ago is read to see whether it changed.
  package var now: @Sendable () -> Date = { Date() }
  /// The bytes of vote patterns that are kept in memory.
  package var patternMemory = PatternTableBuilder.memoryLimit
  /// The bytes that training may take. Of more documents than fit, some are left out: this does
  /// change a result.
  package var trainingMemory = TextClassifierTrainer.memoryLimit
  /// The bytes that recorded runs may take with what became of their documents.
  package var runBytes = 256 << 20

  /// Hears how many texts of documents are read, each time that some are.
  package var hearsTexts: (@Sendable (Int) -> Void)?

  /// The bytes of its sources from which on a knowledge base is kept compiled: fewer are read again in
  /// no longer than it takes to find out whether that is needed.
  package var compiledKnowledgeBytes = 1 << 16

  /// Makes what fetches embeddings from the address of a service by the name of a model; nil where
  /// nothing can.
  package var embedder: (@Sendable (_ url: String, _ model: String) throws -> any TextEmbedder)?

  /// Makes what asks a language model by its name and the time to wait for an answer; nil where no
  /// service is named, so that answers that are stored are used.
  package var chatModel: (@Sendable (_ model: String, _ timeout: Duration) throws -> any ChatModel)?

  /// Creates options; by default every core, no progress.
  public init(
    threads: Int = ProcessInfo.processInfo.activeProcessorCount,
    cancellation: Cancellation = Cancellation(), progress: StepProgress = .silent
  ) {
    self.threads = max(1, threads)
    self.cancellation = cancellation
    self.progress = progress
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
