import HunchModels
import HunchText

/// The features of texts of a chunk, each of which is hashed once, whoever asks.
struct ChunkFeatures: Sendable {
  private let hasher: FeatureHasher
  /// The documents that are hashed, ascending.
  let documents: [Int]
  /// Their features.
  let rows: HashedRows

  /// - Parameter rows: Those of the documents, in their order.
  init(_ hasher: FeatureHasher, _ documents: [Int], _ rows: HashedRows) {
    (self.hasher, self.documents, self.rows) = (hasher, documents, rows)
  }

  /// The row of a document; nil where it is not hashed.
  private func row(of document: Int) -> Int? {
    var (low, high) = (0, documents.count)
    while low < high {
      let middle = (low + high) / 2
      if documents[middle] < document { low = middle + 1 } else { high = middle }
    }
    return low < documents.count && documents[low] == document ? low : nil
  }

  /// The features of some documents of the chunk as a hasher finds them; those that are not there are
  /// hashed.
  fileprivate func rows(
    of wanted: [Int], in chunk: CorpusChunk, by hasher: FeatureHasher
  ) -> HashedRows {
    guard hasher.configuration == self.hasher.configuration else {
      return chunk.hashed(wanted, hasher)
    }
    if wanted == documents { return rows }
    let places = wanted.map(row(of:))
    let hashed = chunk.hashed(zip(wanted, places).filter { $1 == nil }.map(\.0), hasher)
    if hashed.count == wanted.count { return hashed }
    var all = HashedRows()
    var next = 0
    for place in places {
      if let place {
        all.append(place, of: rows)
      } else {
        all.append(next, of: hashed)
        next += 1
      }
    }
    return all
  }
}

extension CorpusChunk {
  /// The documents for which something holds.
  func documents(where holds: (Int) -> Bool) -> [Int] { (0..<count).filter(holds) }

  /// The documents that stand in one of some lists, ascending.
  func union(_ lists: [[Int]]) -> [Int] {
    if lists.count == 1 { return lists[0] }
    var isThere = [Bool](repeating: false, count: count)
    for list in lists { for document in list { isThere[document] = true } }
    return documents { isThere[$0] }
  }

  /// The features of some documents, ascending, as a hasher finds them: those that are there already,
  /// and of the others' texts.
  func rows(of documents: [Int], by hasher: FeatureHasher) -> HashedRows {
    features?.rows(of: documents, in: self, by: hasher) ?? hashed(documents, hasher)
  }

  fileprivate func hashed(_ documents: [Int], _ hasher: FeatureHasher) -> HashedRows {
    precondition(
      unread.isEmpty || !documents.contains { unread.contains(splits[$0]) },
      "texts that were left out are not looked at")
    return HashedRows(texts.batch(of: documents), hasher)
  }
}
