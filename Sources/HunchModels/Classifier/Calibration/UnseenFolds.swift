/// Documents dealt into folds by their texts, so that each is looked at by a classifier that has seen
/// neither it nor one with the same n-grams.
package enum UnseenFolds {
  /// The number of folds, each with a classifier trained on the others.
  package static let count = 3

  /// Fewer documents than these are not enough to tell anything.
  package static let fewestDocuments = GoldAdaptation.fewestUngraded

  /// Whether documents of these folds are enough to tell anything, and each fold has others.
  static func areEnough(_ folds: [Int]) -> Bool {
    folds.count >= fewestDocuments
      && (0..<count).allSatisfy { fold in folds.contains { $0 != fold } }
  }

  /// The fold of a text with a hash of its n-grams.
  static func fold(hash: UInt64) -> Int { Int(hash % UInt64(count)) }

  /// The values of the documents of each fold, in the order of the documents.
  static func interleaved(_ held: [[Float]], _ folds: [Int], classCount: Int) -> [Float] {
    var next = [Int](repeating: 0, count: held.count)
    var values: [Float] = []
    values.reserveCapacity(folds.count * classCount)
    for fold in folds {
      values += held[fold][next[fold]..<next[fold] + classCount]
      next[fold] += classCount
    }
    return values
  }
}

extension HashedRows {
  /// The fold of a text: equal texts are in one fold, whatever their place in the corpus.
  ///
  /// - Complexity: O(features).
  package func fold(of row: Int) -> Int { UnseenFolds.fold(hash: hash(of: row)) }
}
