/// A run of documents as one block of valid UTF-8.
///
/// Texts cross module borders in batches: one array of bytes and the offsets at which documents
/// begin, so that a scan over thousands of short documents is one loop without a `String`.
///
/// For example:
///
///     var batch = TextBatch()
///     batch.append("first document")
///     batch.append("second document")
///     batch.text(at: 1)  // "second document"
public struct TextBatch: Sendable, Equatable {
  /// The UTF-8 of all documents, one after the other.
  public internal(set) var bytes: [UInt8] = []

  /// Where each document begins, and at last where the last one ends: `count + 1` byte offsets.
  public internal(set) var offsets: [Int] = [0]

  /// Creates a batch without documents.
  public init() {}

  /// Creates a batch with one document for each text.
  ///
  /// - Complexity: O(bytes).
  public init(_ texts: some Sequence<String>) {
    for text in texts { append(text) }
  }

  /// Creates a batch of bytes that are valid UTF-8 within each document.
  init(validBytes bytes: [UInt8], offsets: [Int]) {
    (self.bytes, self.offsets) = (bytes, offsets)
  }

  /// The number of documents.
  @inlinable public var count: Int { offsets.count - 1 }

  /// The byte range of a document in ``bytes``.
  @inlinable
  public func range(at index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }

  /// Some bytes of a document, by their places from its beginning.
  package func bytes(_ range: Range<Int>, of document: Int) -> ArraySlice<UInt8> {
    let base = offsets[document]
    return bytes[base + range.lowerBound..<base + range.upperBound]
  }

  /// The byte offset in a document that lies a number of scalars before another, or its beginning.
  @inlinable
  public func offset(inDocument index: Int, scalars: Int, before offset: Int) -> Int {
    let base = offsets[index]
    var position = base + offset
    var left = scalars
    while left > 0, position > base {
      position -= 1
      if bytes[position] & 0xC0 != 0x80 { left -= 1 }
    }
    return position - base
  }

  /// A copy of a document as a string.
  ///
  /// - Complexity: O(bytes of the document).
  public func text(at index: Int) -> String {
    String(decoding: bytes[range(at: index)], as: UTF8.self)
  }

  /// Adds a document.
  public mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    offsets.append(bytes.count)
  }

  /// Adds a document given as bytes, replacing what is not valid UTF-8.
  ///
  /// Each maximal ill-formed part becomes one U+FFFD, as the Unicode standard recommends.
  ///
  /// - Returns: Whether the bytes were valid as they stood.
  /// - Complexity: O(bytes of the document).
  @discardableResult
  public mutating func append(repairing utf8: some Collection<UInt8>) -> Bool {
    let start = bytes.count
    bytes.append(contentsOf: utf8)
    return endDocument(from: start)
  }

  /// The bytes of memory that the batch has, used or not.
  package var memory: Int { bytes.capacity + offsets.capacity * MemoryLayout<Int>.stride }

  /// Removes all documents and keeps the memory for the next ones.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
  }

  /// Makes the bytes since `start` a document, repaired where they are not valid UTF-8.
  mutating func endDocument(from start: Int) -> Bool {
    let valid = UTF8Decoding.isValid(bytes, from: start)
    if !valid {
      let repaired = String(decoding: bytes[start...], as: UTF8.self)
      bytes.removeSubrange(start...)
      bytes.append(contentsOf: repaired.utf8)
    }
    offsets.append(bytes.count)
    return valid
  }
}
