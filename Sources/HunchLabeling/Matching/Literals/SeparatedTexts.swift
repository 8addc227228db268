internal import HunchText

/// Documents one after the other, as a scan for literals reads them: with a byte behind each that
/// occurs in no text, so that the scan needs not know where documents end.
struct SeparatedTexts {
  static let separator = MarkedStrings.mark

  let bytes: [UInt8]

  /// Where each document begins, and at last the number of bytes.
  let offsets: [Int]

  /// The documents as they are.
  init(_ batch: TextBatch) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(batch.bytes.count + batch.count)
    var offsets = [0]
    offsets.reserveCapacity(batch.count + 1)
    for document in 0..<batch.count {
      bytes.append(contentsOf: batch.bytes[batch.range(at: document)])
      bytes.append(Self.separator)
      offsets.append(bytes.count)
    }
    (self.bytes, self.offsets) = (bytes, offsets)
  }

  /// The documents folded, and those in which a scalar changed its length, ascending.
  static func folding(_ batch: TextBatch) -> (texts: SeparatedTexts, shifted: [Int]) {
    let (bytes, offsets, shifted) = CaseFolding.folded(batch, separator: separator)
    return (SeparatedTexts(bytes: bytes, offsets: offsets), shifted)
  }

  private init(bytes: [UInt8], offsets: [Int]) {
    (self.bytes, self.offsets) = (bytes, offsets)
  }

  var count: Int { offsets.count - 1 }

  /// The byte range of a document, without the separator.
  func range(at index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] - 1 }

  /// Where the first document begins that does not begin before an offset; the number of bytes if
  /// there is none.
  func start(near offset: Int) -> Int {
    var (lower, upper) = (0, count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if offsets[middle] < offset { lower = middle + 1 } else { upper = middle }
    }
    return offsets[lower]
  }
}
