package import HunchText

/// The distinct features of a run of texts with their numbers of occurrences.
///
/// Grows by 4 bytes for each distinct feature of a text and 8 for each text; whoever collects
/// documents without end must bound it, as ``TextClassifierTrainer`` does.
package struct HashedRows: Sendable {
  /// Where each text's features begin, and at last their number.
  package var starts: [Int] = [0]
  /// `bucket << 9 | occurrences`, by bucket within a text; occurrences stop at 511.
  package var packed: [UInt32] = []

  package init() {}

  /// The texts of a batch, which are composed and folded here.
  ///
  /// - Complexity: O(bytes × n-gram lengths).
  package init(_ batch: TextBatch, _ hasher: FeatureHasher) {
    var scratch = HashingScratch()
    append(batch, hasher, &scratch)
  }

  /// The number of texts.
  package var count: Int { starts.count - 1 }

  /// The bytes of memory that the rows have, used or not.
  var memory: Int { starts.memory + packed.memory }

  /// Removes all texts and keeps the memory for the next ones.
  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    packed.removeAll(keepingCapacity: true)
  }

  /// Adds the texts of a batch, which are composed and folded here.
  ///
  /// - Parameter scratch: What an earlier call left, whose memory is used again.
  /// - Complexity: O(bytes × n-gram lengths).
  mutating func append(
    _ batch: TextBatch, _ hasher: FeatureHasher, _ scratch: inout HashingScratch
  ) {
    FeatureHasher.fold(batch, into: &scratch.folded)
    scratch.words.fill(scratch.folded)
    for document in 0..<batch.count {
      scratch.collectBuckets(of: document, hasher)
      scratch.buckets.sort(bits: hasher.configuration.bucketBits + 1)
      appendCounted(scratch.buckets.values)
    }
  }

  /// Some of the texts, in the order given.
  ///
  /// - Complexity: O(features).
  package func picked(_ texts: [Int]) -> HashedRows {
    var rows = HashedRows()
    rows.packed.reserveCapacity(texts.reduce(0) { $0 + starts[$1 + 1] - starts[$1] })
    for text in texts { rows.append(text, of: self) }
    return rows
  }

  /// Adds a text of others.
  package mutating func append(_ text: Int, of others: HashedRows) {
    append(others.packed[others.starts[text]..<others.starts[text + 1]])
  }

  /// Adds a text by its features, by bucket.
  mutating func append(_ features: ArraySlice<UInt32>) {
    packed += features
    starts.append(packed.count)
  }

  /// A hash of a text's n-grams and how often they occur.
  ///
  /// - Complexity: O(features).
  package func hash(of row: Int) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for index in starts[row]..<starts[row + 1] {
      hash = (hash ^ UInt64(packed[index])) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 31
    }
    return hash
  }

  private mutating func appendCounted(_ sorted: [UInt32]) {
    var index = 0
    while index < sorted.count {
      let bucket = sorted[index]
      var end = index + 1
      while end < sorted.count, sorted[end] == bucket { end += 1 }
      let count = min(FeatureHasher.largestCount, UInt32(truncatingIfNeeded: end - index))
      packed.append(bucket << FeatureHasher.countBits | count)
      index = end
    }
    starts.append(packed.count)
  }
}

/// The memory that hashing texts takes, for one text after the other.
struct HashingScratch: Sendable {
  fileprivate var folded = TextBatch()
  fileprivate var words = WordTable()
  /// The scalars of a word.
  private var scalars: [UInt32] = []
  /// The buckets of a text, repeated ones included.
  fileprivate var buckets = SortedBits()

  /// The bytes of memory, used or not.
  var memory: Int { folded.memory + words.memory + scalars.memory + buckets.memory }

  /// Finds the buckets of one of the folded texts.
  fileprivate mutating func collectBuckets(of document: Int, _ hasher: FeatureHasher) {
    buckets.removeAll()
    hasher.forEachGram(in: folded, words: words, document: document, scratch: &scalars) {
      bucket, _ in
      buckets.append(UInt32(truncatingIfNeeded: bucket))
    }
  }
}
