/// Folds whole batches of text, so that caseless comparison becomes comparison of bytes.
public enum CaseFolding {
  /// The batch with every scalar replaced by its simple case folding.
  ///
  /// A document's length in bytes may change (U+212A, the Kelvin sign, becomes `k`); the number
  /// of scalars does not.
  ///
  /// - Complexity: O(bytes); ASCII is folded without table look-ups.
  public static func folded(_ batch: TextBatch) -> TextBatch {
    var output = TextBatch()
    output.reserve(bytes: batch.bytes.count + 64, documents: batch.count)
    let bytes = batch.bytes
    for document in 0..<batch.count {
      let range = batch.range(at: document)
      var index = range.lowerBound
      while index < range.upperBound {
        let byte = bytes[index]
        if byte < 0x80 {
          output.push(byte &- 0x41 < 26 ? byte | 0x20 : byte)
          index += 1
        } else {
          let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
          output.push(CharacterTable.fold(scalar))
          index = next
        }
      }
      output.endValidDocument()
    }
    return output
  }

  /// The folded form of one text.
  public static func folded(_ text: String) -> String {
    folded(TextBatch([text])).text(at: 0)
  }
}
