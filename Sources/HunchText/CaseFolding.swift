/// Folds whole batches of text, so that caseless comparison becomes comparison of bytes.
public enum CaseFolding {
  /// A batch with every scalar replaced by its simple case folding.
  ///
  /// A document's length in bytes may change (U+212A, the Kelvin sign, becomes `k`); the number
  /// of scalars does not.
  ///
  /// - Complexity: O(bytes); ASCII is folded without table look-ups, eight bytes at a time.
  public static func folded(_ batch: TextBatch) -> TextBatch { foldedWithShifts(batch).texts }

  /// Replaces a batch by the folded form of another, in the memory that it has already.
  ///
  /// - Complexity: As ``folded(_:)-(TextBatch)``.
  package static func fold(_ batch: TextBatch, into folded: inout TextBatch) {
    folded.removeAll()
    fold(batch, separator: nil, &folded.bytes, &folded.offsets) { _ in }
  }

  /// The folded batch, and the documents in which a scalar changed its length, ascending: in all
  /// others a byte offset means the same place before and after.
  public static func foldedWithShifts(_ batch: TextBatch) -> (texts: TextBatch, shifted: [Int]) {
    let (bytes, offsets, shifted) = folded(batch, separator: nil)
    return (TextBatch(validBytes: bytes, offsets: offsets), shifted)
  }

  /// The folded documents one after the other, with a byte behind each.
  ///
  /// - Returns: The bytes; where each document begins, and at last the number of bytes; the
  ///   documents in which a scalar changed its length, ascending.
  package static func folded(
    _ batch: TextBatch, separator: UInt8?
  ) -> (bytes: [UInt8], offsets: [Int], shifted: [Int]) {
    var bytes: [UInt8] = []
    var offsets: [Int] = [0]
    var shifted: [Int] = []
    fold(batch, separator: separator, &bytes, &offsets) { shifted.append($0) }
    return (bytes, offsets, shifted)
  }

  /// Appends the folded documents to no bytes, and the end of each to the offset 0.
  @inline(__always)
  private static func fold(
    _ batch: TextBatch, separator: UInt8?, _ bytes: inout [UInt8], _ offsets: inout [Int],
    shifted: (_ document: Int) -> Void
  ) {
    let source = batch.bytes
    offsets.reserveCapacity(batch.count + 1)
    let capacity = source.count + source.count / 2 + batch.count + 16
    ByteBuffer.append(to: &bytes, capacity: capacity) { output in
      for document in 0..<batch.count {
        let range = batch.range(at: document)
        var index = output.foldASCII(source, range)
        var isShifted = false
        while index < range.upperBound {
          let (scalar, next) = UTF8Decoding.scalar(in: source, at: index)
          let width = output.append(CharacterTable.fold(scalar))
          if width != next - index { isShifted = true }
          index = output.foldASCII(source, next..<range.upperBound)
        }
        if isShifted { shifted(document) }
        if let separator { output.append(byte: separator) }
        offsets.append(output.count)
      }
    }
  }

  /// The folded form of one text.
  public static func folded(_ text: String) -> String {
    folded(TextBatch([text])).text(at: 0)
  }
}
