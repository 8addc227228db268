extension TextBatch {
  /// Adds a document from memory that another library owns, replacing what is not valid UTF-8.
  ///
  /// - Parameter utf8: The bytes; they are copied before this returns.
  /// - Returns: Whether the bytes were valid as they stood.
  /// - Complexity: O(bytes of the document).
  @discardableResult
  public mutating func append(repairing utf8: UnsafeRawBufferPointer) -> Bool {
    // SAFETY: the buffer is only read, inside this call, by a bounds-checked append.
    let start = bytes.count
    bytes.append(contentsOf: utf8)
    return endDocument(from: start)
  }
}
