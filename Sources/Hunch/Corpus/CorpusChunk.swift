import HunchLabeling
import HunchModels
import HunchText

/// A run of documents read from the corpus, in corpus order.
///
/// Chunks are cut by fixed rules (at most ``maximumDocuments`` documents, and none is begun after
/// ``maximumBytes`` of text), so the same corpus always falls into the same chunks, also in passes
/// that do not read the texts.
struct CorpusChunk: Sendable {
  static let maximumDocuments = 4096
  static let maximumBytes = 16 << 20

  /// The chunk's place in the corpus.
  var index: Int
  /// The position of its first document in the corpus.
  var firstRow: Int
  var ids = DocumentIDs()
  /// The class index of each document's gold label, -1 where it is unknown.
  var gold: [Int16] = []
  var splits: [Split] = []
  /// What each document's gold label is for; empty where nothing says.
  var goldUses: [GoldUse?] = []
  /// The documents whose gold label comes from the workspace.
  var handLabels: [HandLabels.Merged] = []
  var texts = TextBatch()
  /// The splits whose texts were left out; they are empty.
  var unread: Set<Split> = []
  /// The features of texts that were hashed before.
  var features: ChunkFeatures?
  /// The bytes of text that the corpus holds for these documents, whether or not they were read
  /// into `texts`, and before anything was repaired.
  var sourceBytes = 0
  /// The columns that rules read, by name.
  var fields: [String: [FieldContent]] = [:]
  /// What the corpus holds for the classifier beside the texts; without columns if not asked for.
  var values = DenseValues(DenseColumns())
  /// Documents whose text was not valid UTF-8 and was repaired.
  var repaired = 0
  /// Documents whose text is NULL; they count as empty.
  var withoutText = 0

  var count: Int { ids.count }
}
