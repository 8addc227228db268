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
    let bytes = batch.bytes
    var offsets: [Int] = [0]
    offsets.reserveCapacity(batch.count + 1)
    var shifted: [Int] = []
    var output = ByteBuffer(capacity: bytes.count + bytes.count / 2 + 4)
    for document in 0..<batch.count {
      let range = batch.range(at: document)
      var index = output.foldASCII(bytes, range)
      var isShifted = false
      while index < range.upperBound {
        let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
        let width = output.append(CharacterTable.fold(scalar))
        if width != next - index { isShifted = true }
        index = output.foldASCII(bytes, next..<range.upperBound)
      }
      if isShifted { shifted.append(document) }
      offsets.append(output.count)
    }
    return (TextBatch(validBytes: output.finish(), offsets: offsets), shifted)
  }

  /// The folded form of one text.
  public static func folded(_ text: String) -> String {
    folded(TextBatch([text])).text(at: 0)
  }
}
