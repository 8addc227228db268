package import HunchText

/// A word or two in a row that speak for a class wherever they occur.
package struct StrongFeature: Sendable, Equatable {
  /// The n-gram as folded text; if several share its bucket, the one that occurs most.
  package let text: String

  /// The texts that contain it.
  package let documents: Int

  /// What it adds to the score of the class where it occurs, on average, less the mean over the
  /// classes; the scores' softmax is the probabilities.
  package let contribution: Float
}

extension TextClassifier {
  /// The words, and pairs of words, that speak most for each class over some texts.
  ///
  /// They are ranked by their mean contribution times the square root of the number of texts: by
  /// the mean alone rare words would come first, by the sum the words of every sentence. Runs of
  /// characters take part in probabilities but are left out here: they are hard to read.
  ///
  /// - Parameters:
  ///   - batch: The texts.
  ///   - top: How many at most for each class.
  /// - Returns: For each class its features, strongest first.
  /// - Complexity: O(n-grams + words × classes).
  package func strongestFeatures(in batch: TextBatch, top: Int) -> [[StrongFeature]] {
    let hasher = featurizer.hasher
    let matrix = featurizer.matrix(HashedRows(batch, hasher))
    var sums = [Float](repeating: 0, count: featurizer.buckets.count)
    var documents = [Int](repeating: 0, count: sums.count)
    for (column, value) in zip(matrix.columns, matrix.values) {
      sums[Int(column)] += value
      documents[Int(column)] += 1
    }
    let words = sums.indices.filter {
      documents[$0] > 0 && hasher.kind(ofBucket: Int(featurizer.buckets[$0])) == .word
    }
    let chosen = labels.indices.map { label in
      var largest = words.map {
        ($0, sums[$0] * beyondMean($0, label) / Float(documents[$0]).squareRoot())
      }.filter { $0.1 > 0 }
      largest.sort { ($1.1, $0.0) < ($0.1, $1.0) }
      return largest.prefix(max(0, top)).map(\.0)
    }
    let names = names(of: Set(chosen.joined()), in: batch)
    return chosen.enumerated().map { label, columns in
      columns.map { column in
        StrongFeature(
          text: names[column] ?? "", documents: documents[column],
          contribution: sums[column] / Float(documents[column]) * beyondMean(column, label))
      }
    }
  }

  /// The weight of a column for a class, less the mean over the classes.
  private func beyondMean(_ column: Int, _ label: Int) -> Float {
    let row = weights[column * labels.count..<(column + 1) * labels.count]
    return row[row.startIndex + label] - row.reduce(0, +) / Float(labels.count)
  }

  /// The most frequent text of each of some columns.
  private func names(of columns: Set<Int>, in batch: TextBatch) -> [Int: String] {
    var columnOfBucket: [Int: Int] = [:]
    for column in columns { columnOfBucket[Int(featurizer.buckets[column])] = column }
    let folded = FeatureHasher.folded(batch)
    let words = WordTable(folded)
    var counts: [Int: [String: Int]] = [:]
    var scratch: [UInt32] = []
    for document in 0..<folded.count {
      featurizer.hasher.forEachGram(
        in: folded, words: words, document: document, scratch: &scratch
      ) { bucket, gram in
        guard let column = columnOfBucket[bucket] else { return }
        counts[column, default: [:]][Self.text(of: gram, folded, words), default: 0] += 1
      }
    }
    return counts.mapValues { texts in
      texts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? ""
    }
  }
}
