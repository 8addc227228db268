/// Where the words of each document of a batch stand.
///
/// A word is a maximal run of letters, marks, numbers and underscores; in scripts without spaces
/// every letter is a word (see ``CharacterTable/WordClass``).
public struct WordTable: Sendable, Equatable {
  /// The byte offset in the batch at which each word begins, documents one after the other.
  public private(set) var starts: [Int32] = []

  /// The byte offset in the batch at which each word ends.
  public private(set) var ends: [Int32] = []

  /// The index of each document's first word, and at last the number of words.
  public private(set) var documentStarts: [Int] = [0]

  /// Finds the words of a batch of less than 2 GiB.
  ///
  /// - Complexity: O(bytes).
  public init(_ batch: TextBatch) { fill(batch) }

  package init() {}

  /// Replaces the words by those of a batch of less than 2 GiB, in the memory that the table has.
  ///
  /// - Complexity: O(bytes).
  package mutating func fill(_ batch: TextBatch) {
    precondition(batch.bytes.count <= Int(Int32.max), "a batch holds less than 2 GiB of text")
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    documentStarts.removeAll(keepingCapacity: true)
    documentStarts.reserveCapacity(batch.count + 1)
    documentStarts.append(0)
    for document in 0..<batch.count {
      scan(batch.bytes, batch.range(at: document))
      documentStarts.append(starts.count)
    }
  }

  /// The bytes of memory that the table has, used or not.
  package var memory: Int {
    (starts.capacity + ends.capacity) * MemoryLayout<Int32>.stride
      + documentStarts.capacity * MemoryLayout<Int>.stride
  }

  /// The indices of a document's words.
  public func words(of document: Int) -> Range<Int> {
    documentStarts[document]..<documentStarts[document + 1]
  }

  /// Where a document's words stand, in bytes from its beginning.
  package func places(in document: Int, of batch: TextBatch) -> [Range<Int>] {
    let base = batch.offsets[document]
    return words(of: document).map { Int(starts[$0]) - base..<Int(ends[$0]) - base }
  }

  private mutating func scan(_ bytes: [UInt8], _ range: Range<Int>) {
    var index = range.lowerBound
    var start = -1
    while index < range.upperBound {
      let byte = bytes[index]
      let next: Int
      let kind: CharacterTable.WordClass
      if byte < 0x80 {
        next = index + 1
        let letter = (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
        kind = letter ? .word : .separator
      } else {
        let decoded = UTF8Decoding.scalar(in: bytes, at: index)
        next = decoded.next
        kind = CharacterTable.wordClass(of: decoded.value)
      }
      if kind != .word, start >= 0 {
        add(start, index)
        start = -1
      }
      if kind == .word, start < 0 { start = index }
      if kind == .unspaced { add(index, next) }
      index = next
    }
    if start >= 0 { add(start, range.upperBound) }
  }

  private mutating func add(_ start: Int, _ end: Int) {
    starts.append(Int32(start))
    ends.append(Int32(end))
  }
}
