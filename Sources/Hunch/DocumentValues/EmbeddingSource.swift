import HunchModels
import HunchText

/// Gets embeddings from a service, each text once.
///
/// Texts that are stored in the workspace are not asked for; the others go out in batches, some at a
/// time, and each batch is stored as soon as it is there. So a run that was killed goes on where it
/// was.
struct EmbeddingSource: Sendable {
  /// The most texts and bytes of one request.
  static let batchTexts = 64
  static let batchBytes = 128 << 10
  /// The requests under way at a time.
  static let requests = 4

  let endpoint: String
  let model: String
  let embedder: any TextEmbedder
  /// Nil where nothing is stored.
  let store: EmbeddingStore?
  let progress: StepProgress
  let cancellation: Cancellation
  /// The length that all embeddings must have, known from the first or from the classifier.
  private let length: Guarded<Int?>

  /// - Parameter embedder: Makes what asks the service.
  /// - Throws: ``EmbeddingError/noClient(endpoint:)``, or what `embedder` throws.
  init(
    url: String, model: String,
    embedder: (@Sendable (_ url: String, _ model: String) throws -> any TextEmbedder)?,
    store: EmbeddingStore?, length: Int? = nil, progress: StepProgress,
    cancellation: Cancellation
  ) throws {
    endpoint = ServiceAddress.shown(url)
    self.model = model
    guard let embedder else { throw EmbeddingError.noClient(endpoint: endpoint) }
    self.embedder = try embedder(url, model)
    self.store = store
    self.progress = progress
    self.cancellation = cancellation
    self.length = Guarded(length)
  }

  /// The embeddings of some texts, nil for texts of white space, which say nothing.
  ///
  /// - Throws: ``EmbeddingError``, ``HunchError/interrupted``, or what the workspace throws.
  func embeddings(_ texts: [ArraySlice<UInt8>]) throws -> [[Float]?] {
    let asked = texts.map(ServiceText.sent)
    let keys = asked.map { $0.map(key) }
    var known = try store?.load(Set(keys.compactMap { $0 })) ?? [:]
    for embedding in known.values { try check(embedding) }
    var missing: [(key: String, text: String)] = []
    var listed: Set<String> = []
    for (key, text) in zip(keys, asked) {
      if let key, let text, known[key] == nil, listed.insert(key).inserted {
        missing.append((key, text))
      }
    }
    if !missing.isEmpty {
      for (key, embedding) in try fetch(missing) { known[key] = embedding }
    }
    return keys.map { $0.flatMap { known[$0] } }
  }

  private func key(_ text: String) -> String {
    var hash = ContentHash("embedding-1")
    hash.add(model)
    hash.add(text)
    return hash.finish()
  }

  private func check(_ embedding: [Float]) throws(EmbeddingError) {
    try length.withLock { length throws(EmbeddingError) in
      guard let expected = length else { return length = embedding.count }
      if expected != embedding.count {
        throw .wrongLength(endpoint: endpoint, expected: expected, found: embedding.count)
      }
    }
  }

  /// Cuts texts into requests.
  private static func batches(_ texts: [(key: String, text: String)]) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var (begin, bytes) = (0, 0)
    for (index, item) in texts.enumerated() {
      let size = item.text.utf8.count
      if index > begin, index - begin == batchTexts || bytes + size > batchBytes {
        batches.append(begin..<index)
        (begin, bytes) = (index, 0)
      }
      bytes += size
    }
    batches.append(begin..<texts.count)
    return batches
  }

  private func fetch(
    _ texts: [(key: String, text: String)]
  ) throws -> [(key: String, values: [Float])] {
    try embedder.prepare()
    let batches = Self.batches(texts)
    let next = Guarded(0)
    let fetched = Guarded([(key: String, values: [Float])]())
    progress.begin("embed", unit: "texts", total: texts.count)
    defer { progress.end() }
    try Threads.run(min(Self.requests, batches.count)) { isStopped in
      while !isStopped() {
        try cancellation.check()
        let index = next.withLock { index in
          defer { index += 1 }
          return index
        }
        guard index < batches.count else { return }
        let batch = texts[batches[index]]
        let answer = try embedder.embed(batch.map(\.text)) { cancellation.isCancelled }
        for embedding in answer { try check(embedding) }
        guard answer.count == batch.count else {
          throw EmbeddingError.service(
            .badAnswer("\(answer.count) embeddings for \(batch.count) texts"), endpoint: endpoint)
        }
        let pairs = zip(batch, answer).map { (key: $0.key, values: $1) }
        try store?.save(pairs)
        fetched.withLock { $0 += pairs }
        progress.advance(batch.count)
      }
    }
    return fetched.withLock { $0 }
  }
}
