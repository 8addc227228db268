/// Folds whole batches of text, so that caseless comparison becomes comparison of bytes.
public enum CaseFolding {
  /// A batch with every scalar replaced by its simple case folding.
  ///
  /// A document's length in bytes may change (U+212A, the Kelvin sign, becomes `k`); the number
  /// of scalars does not.
  ///
  /// - Complexity: O(bytes); ASCII is folded without table look-ups, eight bytes at a time.
  public static func folded(_ batch: TextBatch) -> TextBatch { foldedWithShifts(batch).texts }

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
    let source = batch.bytes
    var offsets: [Int] = [0]
    offsets.reserveCapacity(batch.count + 1)
    var shifted: [Int] = []
    let capacity = source.count + source.count / 2 + batch.count + 16
    let bytes = ByteBuffer.array(capacity: capacity) { output in
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
        if isShifted { shifted.append(document) }
        if let separator { output.append(byte: separator) }
        offsets.append(output.count)
      }
    }
    return (bytes, offsets, shifted)
  }

  /// The folded form of one text.
  public static func folded(_ text: String) -> String {
    folded(TextBatch([text])).text(at: 0)
  }
}
