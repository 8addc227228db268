// Every n-gram of every text goes through these loops several times in a run.

extension Featurizer {
  /// Adds some of the hashed texts to rows of as many columns.
  ///
  /// - Complexity: O(features).
  // SAFETY: `packed` is read between the starts of its own rows, which the initialisers of `HashedRows`
  // keep ascending and below its count (checked here for the last). Buckets are below 8 times the number
  // of blocks, which the hasher that made the rows shares with this one (checked for every feature); ranks
  // are at most the number of buckets with a column, and there is one place more. Counts are below that
  // of the table of frequencies, by their mask. Rows are given a place for every feature before; no more
  // are written.
  func append(_ texts: HashedRows, _ range: Range<Int>, to rows: inout WeighedRows) {
    precondition(texts.starts.last == texts.packed.count && rows.idf.count == buckets.count)
    let begin = rows.packed.count
    let features = texts.starts[range.upperBound] - texts.starts[range.lowerBound]
    rows.packed.append(contentsOf: repeatElement(0, count: features))
    var end = begin
    texts.packed.withUnsafeBufferPointer { packed in
      withPlaces { blocks, places, bitCounts in
        WeighedRows.logFrequency.withUnsafeBufferPointer { frequencies in
          rows.packed.withUnsafeMutableBufferPointer { output in
            for text in range {
              let start = end
              var squares: (word: Float, characters: Float) = (0, 0)
              // Features ascend by bucket, so those of words come first.
              var words = 0
              for index in texts.starts[text]..<texts.starts[text + 1] {
                let feature = packed[index]
                let bucket = feature >> FeatureHasher.countBits
                precondition(bucket >> 3 < blocks.count, "hashed as the featurizer was made for")
                let block = blocks[Int(bucket >> 3)]
                let before = bitCounts[Int(block & (1 << (bucket & 7) &- 1))]
                let (column, idf) = places[Int(block >> 8) &+ Int(before)]
                let isThere = block >> (bucket & 7) & 1
                let count = feature & FeatureHasher.largestCount
                let value = frequencies[Int(count)] * idf * Float(isThere)
                output[end] =
                  UInt32(truncatingIfNeeded: column) << FeatureHasher.countBits | count
                // One without a column is 0 and is written over. A branch that waits for what a
                // place in no order holds would keep the next places from being looked up.
                end &+= Int(isThere)
                if hasher.kind(ofBucket: Int(bucket)) == .word {
                  squares.word += value * value
                  words = end &- start
                } else {
                  squares.characters += value * value
                }
              }
              rows.starts.append(end)
              rows.scales.append(scale(squares, words: words))
            }
          }
        }
      }
    }
    rows.packed.removeLast(begin + features - end)
  }

  // SAFETY: the pointers do not leave the closure.
  @inline(__always)
  private func withPlaces(
    _ body: (
      UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<(column: Int32, idf: Float)>,
      UnsafeBufferPointer<UInt8>
    ) -> Void
  ) {
    blocks.withUnsafeBufferPointer { blocks in
      places.withUnsafeBufferPointer { places in
        Self.bitCounts.withUnsafeBufferPointer { body(blocks, places, $0) }
      }
    }
  }

  /// The number of bits of a byte: not every processor of an architecture has an instruction for it.
  private static let bitCounts = (0...255).map { UInt8($0.nonzeroBitCount) }

  /// What values of words and of characters are multiplied by.
  private func scale(
    _ squares: (word: Float, characters: Float), words: Int
  ) -> WeighedRows.Scale {
    let weight = Float(hasher.configuration.characterWeight)
    let total =
      (squares.word > 0 ? 1 : 0) + (squares.characters > 0 ? weight * weight : 0)
    var scale = WeighedRows.Scale(
      words: Int32(truncatingIfNeeded: words), word: 0, characters: 0)
    if squares.word > 0 { scale.word = 1 / (squares.word * total).squareRoot() }
    if total > 0, squares.characters > 0 {
      scale.characters = weight / (squares.characters * total).squareRoot()
    }
    return scale
  }
}

extension WeighedRows {
  /// 1 + ln(count) for every count that can be stored; 0 for 0.
  fileprivate static let logFrequency: [Float] = (0...FeatureHasher.largestCount).map {
    $0 == 0 ? 0 : Float(1 + naturalLog(Double($0)))
  }

  /// Adds a row with its values to a matrix of as many columns.
  // SAFETY: columns of rows are below the number of columns, as ``Featurizer`` gives them out, and counts
  // below that of the table of frequencies, by their mask. The matrix is given a place for every feature
  // before; no more are written.
  func append(_ row: Int, to matrix: inout SparseRows) {
    let (entries, scale) = (starts[row]..<starts[row + 1], scales[row])
    let begin = matrix.columns.count
    precondition(matrix.values.count == begin && matrix.columnCount >= columnCount)
    precondition(entries.upperBound <= packed.count && entries.count >= Int(scale.words))
    matrix.columns.append(contentsOf: repeatElement(0, count: entries.count))
    matrix.values.append(contentsOf: repeatElement(0, count: entries.count))
    packed.withUnsafeBufferPointer { packed in
      idf.withUnsafeBufferPointer { idf in
        Self.logFrequency.withUnsafeBufferPointer { frequencies in
          matrix.columns.withUnsafeMutableBufferPointer { columns in
            matrix.values.withUnsafeMutableBufferPointer { values in
              let shift = begin &- entries.lowerBound
              let wordsEnd = entries.lowerBound &+ Int(scale.words)
              func write(_ range: Range<Int>, _ factor: Float) {
                for entry in range {
                  let column = Int(packed[entry] >> FeatureHasher.countBits)
                  let count = Int(packed[entry] & FeatureHasher.largestCount)
                  columns[entry &+ shift] = Int32(truncatingIfNeeded: column)
                  values[entry &+ shift] = frequencies[count] * idf[column] * factor
                }
              }
              write(entries.lowerBound..<wordsEnd, scale.word)
              write(wordsEnd..<entries.upperBound, scale.characters)
            }
          }
        }
      }
    }
    matrix.starts.append(matrix.columns.count)
  }
}
