import HunchText

extension TextBatch {
  /// Some of the texts.
  func batch(of indices: some Sequence<Int>) -> TextBatch {
    var batch = TextBatch()
    for index in indices { batch.append(repairing: bytes[range(at: index)]) }
    return batch
  }
}
