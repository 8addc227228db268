// SAFETY, for the whole file: the preconditions make every array as long as the last bound, so the
// block's range lies in each of them; blocks of the output are disjoint (see `forEachBlock`). No
// pointer leaves its closure.

extension LimitedMemory {
  /// The inner products of three vectors with each vector of a basis, three for each of them.
  static func products(
    of targets: [[Float]], with basis: [[Float]], _ bounds: [Int], _ parallel: Parallelism
  ) -> [Double] {
    precondition((targets + basis).allSatisfy { $0.count == bounds.last })
    precondition(targets.count == 3)
    return parallel.sum(blocks: bounds.count - 1, terms: 3 * basis.count) { block, sums in
      let range = bounds[block]..<bounds[block + 1]
      for (index, vector) in basis.enumerated() {
        for (term, target) in targets.enumerated() {
          vector.withUnsafeBytes { first in
            target.withUnsafeBytes { second in
              sums[3 * index + term] = blockDot(first, second, range)
            }
          }
        }
      }
    }
  }

  /// A weighted sum of vectors.
  static func combination(
    of vectors: [[Float]], _ weights: [Float], _ bounds: [Int], _ parallel: Parallelism
  ) -> [Float] {
    precondition(vectors.allSatisfy { $0.count == bounds.last } && vectors.count == weights.count)
    var output = [Float](repeating: 0, count: bounds.last ?? 0)
    parallel.forEachBlock(of: &output, bounds: bounds) { block, elements in
      let begin = bounds[block]
      for (vector, weight) in zip(vectors, weights) {
        vector.withUnsafeBufferPointer { source in
          for index in 0..<elements.count {
            elements[index] += weight * source[begin &+ index]
          }
        }
      }
    }
    return output
  }
}
