import HunchModels

/// The documents of a run as a list of chunks: what each chunk held, by content.
///
/// As bytes it is text, one line per chunk, so that runs on the same corpus share it.
struct RunContents: Sendable, Equatable {
  struct Chunk: Sendable, Equatable {
    var documents: Int
    /// The chunk's content for each ``ChunkAspect``.
    var contents: [String]
    /// The hash of splits and gold labels.
    var annotations: String

    func content(_ aspect: ChunkAspect) -> String { contents[aspect.rawValue] }
  }

  var chunks: [Chunk]

  init(chunks: [Chunk]) { self.chunks = chunks }

  init(_ layout: [StoredChunk]) {
    chunks = layout.map {
      Chunk(documents: $0.documents, contents: $0.contents, annotations: $0.annotations)
    }
  }

  init?(decoding bytes: [UInt8]) {
    chunks = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == ChunkAspect.allCases.count + 2, let documents = Int(words[0]) else {
        return nil
      }
      chunks.append(
        Chunk(
          documents: documents, contents: Array(words[1..<words.count - 1]),
          annotations: words[words.count - 1]))
    }
  }

  var encoded: [UInt8] {
    Array(
      chunks.map {
        (["\($0.documents)"] + $0.contents + [$0.annotations]).joined(separator: " ") + "\n"
      }.joined().utf8)
  }

  /// The row of each chunk's first document, and the number of all documents behind them.
  var firstRows: [Int] {
    var rows = [0]
    for chunk in chunks { rows.append(rows[rows.count - 1] + chunk.documents) }
    return rows
  }

  /// The name of the piece with the ids of a chunk: by their own hash, so that it is known without
  /// reading them.
  static func idsPiece(_ chunk: Chunk) -> String { "ids \(chunk.content(.ids))" }
}

/// Labels of the documents of a chunk, -1 for none, in as few bits each as the classes need.
enum PackedLabels {
  private static func bits(_ classCount: Int) -> Int {
    Int.bitWidth - classCount.leadingZeroBitCount
  }

  /// - Precondition: Labels lie in `-1..<classCount`.
  static func encode(_ labels: [Int16], classCount: Int) -> [UInt8] {
    let bits = bits(classCount)
    var bytes: [UInt8] = []
    bytes.reserveCapacity((labels.count * bits + 7) / 8)
    var (pending, held) = (0, 0)
    for label in labels {
      pending |= Int(label + 1) << held
      held += bits
      while held >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        held -= 8
      }
    }
    if held > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    return bytes
  }

  /// The labels; nil where the bytes cannot be so many of these classes.
  static func decode(_ bytes: [UInt8], count: Int, classCount: Int) -> [Int16]? {
    let bits = bits(classCount)
    guard bytes.count == (count * bits + 7) / 8 else { return nil }
    var labels: [Int16] = []
    labels.reserveCapacity(count)
    var (pending, held, next) = (0, 0, 0)
    for _ in 0..<count {
      while held < bits {
        pending |= Int(bytes[next]) << held
        next += 1
        held += 8
      }
      let value = pending & (1 << bits - 1)
      if value > classCount { return nil }
      labels.append(Int16(value - 1))
      pending >>= bits
      held -= bits
    }
    return labels
  }
}

/// Ids as bytes: integers by their distance from the one before, which is nearly always one byte.
enum PackedIDs {
  static func encode(_ ids: DocumentIDs) -> [UInt8] {
    var bytes: [UInt8] = []
    var last: Int64 = 0
    for id in ids {
      switch id {
      case .integer(let value):
        let step = value &- last
        // Zigzag, and the lowest bit tells integers from texts.
        let folded = UInt64(bitPattern: (step << 1) ^ (step >> 63))
        if folded >> 62 == 0 {
          append(folded << 1, &bytes)
          last = value
        } else {
          appendText(String(value), isInteger: true, &bytes)
        }
      case .text(let text): appendText(text, isInteger: false, &bytes)
      }
    }
    return bytes
  }

  private static func appendText(_ text: String, isInteger: Bool, _ bytes: inout [UInt8]) {
    append(UInt64(text.utf8.count) << 2 | (isInteger ? 2 : 0) | 1, &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private static func append(_ number: UInt64, _ bytes: inout [UInt8]) {
    var rest = number
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The ids; nil where the bytes are not so many of them.
  static func decode(_ bytes: [UInt8], count: Int) -> [DocumentID]? {
    var ids: [DocumentID] = []
    ids.reserveCapacity(count)
    var last: Int64 = 0
    var next = 0
    func number() -> UInt64? {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while next < bytes.count, shift < 64 {
        let byte = bytes[next]
        next += 1
        value |= UInt64(byte & 127) << shift
        if byte < 128 { return value }
        shift += 7
      }
      return nil
    }
    for _ in 0..<count {
      guard let head = number() else { return nil }
      if head & 1 == 0 {
        let folded = head >> 1
        last = last &+ (Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1))
        ids.append(.integer(last))
      } else {
        let length = Int(truncatingIfNeeded: head >> 2)
        guard length >= 0, length <= bytes.count - next else { return nil }
        let text = String(decoding: bytes[next..<next + length], as: UTF8.self)
        next += length
        guard head & 2 != 0 else {
          ids.append(.text(text))
          continue
        }
        guard let value = Int64(text) else { return nil }
        ids.append(.integer(value))
      }
    }
    return next == bytes.count ? ids : nil
  }
}

/// What both models said of a document with a gold label that measures.
struct ScoredDocument: Sendable, Equatable {
  /// Its place in the corpus.
  var row: Int
  var gold: Int16
  /// The label model's label; that of the class balance without a vote.
  var label: Int16
  /// The classifier's.
  var predicted: Int16
  /// −log p(gold) of each.
  var labelLoss: Float
  var predictedLoss: Float

  private static let size = 8 + 3 * 2 + 2 * 4

  static func encode(_ documents: [ScoredDocument]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(documents.count * size)
    func append(_ value: some FixedWidthInteger) {
      for byte in 0..<value.bitWidth / 8 {
        bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
      }
    }
    for document in documents {
      append(document.row)
      for label in [document.gold, document.label, document.predicted] { append(label) }
      for loss in [document.labelLoss, document.predictedLoss] { append(loss.bitPattern) }
    }
    return bytes
  }

  /// The documents; nil where the bytes cannot be some of so many documents and classes.
  static func decode(_ bytes: [UInt8], rows: Int, classCount: Int) -> [ScoredDocument]? {
    guard bytes.count % size == 0 else { return nil }
    var documents: [ScoredDocument] = []
    documents.reserveCapacity(bytes.count / size)
    for start in stride(from: 0, to: bytes.count, by: size) {
      func integer(_ offset: Int, _ length: Int) -> UInt64 {
        (0..<length).reduce(0) { $0 | UInt64(bytes[start + offset + $1]) << (8 * UInt64($1)) }
      }
      let labels = (0..<3).map { Int16(truncatingIfNeeded: integer(8 + 2 * $0, 2)) }
      let losses = (0..<2).map {
        Float(bitPattern: UInt32(truncatingIfNeeded: integer(14 + 4 * $0, 4)))
      }
      let row = Int(truncatingIfNeeded: integer(0, 8))
      guard row >= 0, row < rows, labels.allSatisfy({ $0 >= 0 && Int($0) < classCount }),
        losses.allSatisfy(\.isFinite)
      else { return nil }
      documents.append(
        ScoredDocument(
          row: row, gold: labels[0], label: labels[1], predicted: labels[2],
          labelLoss: losses[0], predictedLoss: losses[1]))
    }
    return documents
  }
}
