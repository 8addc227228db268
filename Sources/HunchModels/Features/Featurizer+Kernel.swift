// Every n-gram of every text goes through this loop several times in a run.

extension Featurizer {
  /// Adds the rows of hashed texts to a matrix of as many columns.
  ///
  /// - Complexity: O(features).
  // SAFETY: `packed` is read between the starts of its own rows, which the initialisers of `HashedRows`
  // keep ascending and below its count (checked here for the last). Buckets are below the number of
  // places, which the hasher that made the rows shares with this one (checked for every feature), and
  // counts below that of the table of frequencies, by their mask. Columns and values are given a place
  // for every feature before; no more are written.
  func append(_ rows: HashedRows, to matrix: inout SparseRows) {
    let begin = matrix.columns.count
    let features = rows.packed.count
    precondition(rows.starts.last == features && matrix.values.count == begin)
    matrix.starts.reserveCapacity(matrix.starts.count + rows.count)
    matrix.columns.append(contentsOf: repeatElement(0, count: features))
    matrix.values.append(contentsOf: repeatElement(0, count: features))
    var end = begin
    rows.packed.withUnsafeBufferPointer { packed in
      places.withUnsafeBufferPointer { places in
        Self.logFrequency.withUnsafeBufferPointer { frequencies in
          matrix.columns.withUnsafeMutableBufferPointer { columns in
            matrix.values.withUnsafeMutableBufferPointer { values in
              for row in 0..<rows.count {
                let start = end
                var squares: (word: Float, characters: Float) = (0, 0)
                // Features ascend by bucket, so those of words come first.
                var wordsEnd = start
                for index in rows.starts[row]..<rows.starts[row + 1] {
                  let feature = packed[index]
                  let bucket = Int(feature >> FeatureHasher.countBits)
                  precondition(bucket < places.count, "hashed as the featurizer was made for")
                  let (column, idf) = places[bucket]
                  let value =
                    frequencies[Int(feature & FeatureHasher.largestCount)] * idf
                  columns[end] = column
                  values[end] = value
                  // One without a column is 0 and is written over. A branch that waits for what a
                  // place in no order holds would keep the next places from being looked up.
                  end &+= 1 &+ Int(column >> 31)
                  if hasher.kind(ofBucket: bucket) == .word {
                    squares.word += value * value
                    wordsEnd = end
                  } else {
                    squares.characters += value * value
                  }
                }
                let scales = scales(squares)
                for index in start..<wordsEnd { values[index] *= scales.word }
                for index in wordsEnd..<end { values[index] *= scales.characters }
                matrix.starts.append(end)
              }
            }
          }
        }
      }
    }
    matrix.columns.removeLast(begin + features - end)
    matrix.values.removeLast(begin + features - end)
  }

  /// What values of words and of characters are multiplied by, so that each kind has its weight and
  /// all have unit length.
  private func scales(
    _ squares: (word: Float, characters: Float)
  ) -> (word: Float, characters: Float) {
    let weight = Float(hasher.configuration.characterWeight)
    let total =
      (squares.word > 0 ? 1 : 0) + (squares.characters > 0 ? weight * weight : 0)
    guard total > 0 else { return (0, 0) }
    return (
      squares.word > 0 ? 1 / (squares.word * total).squareRoot() : 0,
      squares.characters > 0 ? weight / (squares.characters * total).squareRoot() : 0
    )
  }
}
