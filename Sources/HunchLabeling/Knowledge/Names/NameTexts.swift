internal import HunchText

/// Documents as names are searched in them: folded unless case matters, and without diacritics where
/// these do not.
struct NameTexts {
  let bytes: [UInt8]
  /// Where each document begins.
  private let starts: [Int]
  /// What stands behind each document that belongs to none.
  private let gap: Int
  /// The documents with characters at other byte offsets than in the text itself.
  let shifted: Set<Int>

  func range(at document: Int) -> Range<Int> { starts[document]..<starts[document + 1] - gap }

  /// Prepares documents.
  ///
  /// - Parameter folded: The folded documents and the shifted ones, where somebody has them.
  init(
    _ batch: TextBatch, _ options: GazetteerOptions,
    folded: () -> (texts: SeparatedTexts, shifted: Set<Int>)
  ) {
    if options.contains(.ignoringDiacritics) {
      (bytes, starts, shifted) = Self.stripped(batch, options)
      gap = 0
    } else if options.contains(.caseSensitive) {
      (bytes, starts, gap, shifted) = (batch.bytes, batch.offsets, 0, [])
    } else {
      let folding = folded()
      (bytes, starts, gap) = (folding.texts.bytes, folding.texts.offsets, 1)
      shifted = folding.shifted
    }
  }

  private static func stripped(
    _ batch: TextBatch, _ options: GazetteerOptions
  ) -> ([UInt8], [Int], Set<Int>) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(batch.bytes.count)
    var starts = [0]
    var shifted: Set<Int> = []
    var scalars: [UInt32] = []
    let isCaseless = !options.contains(.caseSensitive)
    for document in 0..<batch.count {
      let range = batch.range(at: document)
      var index = range.lowerBound
      while index < range.upperBound {
        let byte = batch.bytes[index]
        if byte < 0x80 {
          bytes.append(isCaseless && byte &- 0x41 < 26 ? byte | 0x20 : byte)
          index += 1
          continue
        }
        let (scalar, next) = UTF8Decoding.scalar(in: batch.bytes, at: index)
        let before = bytes.count
        prepare(scalar, options, &scalars, into: &bytes)
        if bytes.count - before != next - index { shifted.insert(document) }
        index = next
      }
      starts.append(bytes.count)
    }
    return (bytes, starts, shifted)
  }

  /// Appends a scalar as it is compared.
  static func prepare(
    _ scalar: UInt32, _ options: GazetteerOptions, _ scalars: inout [UInt32],
    into bytes: inout [UInt8]
  ) {
    let isCaseless = !options.contains(.caseSensitive)
    guard options.contains(.ignoringDiacritics) else {
      UTF8Decoding.encode(isCaseless ? CharacterTable.fold(scalar) : scalar, into: &bytes)
      return
    }
    scalars.removeAll(keepingCapacity: true)
    NameLetters.strip(scalar, into: &scalars)
    for part in scalars {
      UTF8Decoding.encode(isCaseless ? CharacterTable.fold(part) : part, into: &bytes)
    }
  }

  /// For each byte of a prepared document, and its end, the place in the text of the scalar that it
  /// comes from. A name that ends before marks that were taken away ends behind them.
  static func places(_ batch: TextBatch, _ document: Int, _ options: GazetteerOptions) -> [Int] {
    let range = batch.range(at: document)
    var places: [Int] = []
    var index = range.lowerBound
    var bytes: [UInt8] = []
    var scalars: [UInt32] = []
    while index < range.upperBound {
      let (scalar, next) = UTF8Decoding.scalar(in: batch.bytes, at: index)
      bytes.removeAll(keepingCapacity: true)
      prepare(scalar, options, &scalars, into: &bytes)
      places += bytes.map { _ in index - range.lowerBound }
      index = next
    }
    return places + [range.count]
  }
}
