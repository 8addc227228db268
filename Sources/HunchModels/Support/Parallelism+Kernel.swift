/// The one place where several threads write to the same array.
extension Parallelism {
  /// Lets a pointer enter a `Sendable` closure.
  private struct Shared<Element>: @unchecked Sendable {
    // SAFETY: only `forEachBlock` creates one. The threads that get it write to disjoint ranges
    // and read none, and the array outlives them because `run` returns after they have finished.
    let base: UnsafeMutablePointer<Element>
  }

  /// Calls `body` with each block of an array, for it to fill, in parallel.
  ///
  /// - Parameters:
  ///   - bounds: Where each block begins, ascending, and at last the array's count.
  ///   - body: Gets the block's index and its elements, which hold their old values.
  // SAFETY: `bounds` ascends strictly within 0...count (checked below), so blocks do not overlap
  // and lie in the array; the exclusive access of `withUnsafeMutableBufferPointer` keeps others
  // out until `run` has returned. `body` must not let its buffer escape.
  func forEachBlock<Element: BitwiseCopyable>(
    of output: inout [Element], bounds: [Int],
    _ body: @Sendable (_ block: Int, _ elements: UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    precondition(bounds.first == 0 && bounds.last == output.count, "blocks span the array")
    for block in 1..<bounds.count {
      precondition(bounds[block - 1] <= bounds[block], "blocks ascend")
    }
    guard !output.isEmpty else { return }
    output.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let shared = Shared(base: base)
      run(bounds.count - 1) { block in
        let length = bounds[block + 1] - bounds[block]
        body(
          block,
          UnsafeMutableBufferPointer(start: shared.base + bounds[block], count: length))
      }
    }
  }

  /// The element-wise sum of `terms` numbers over blocks, added in the order of the blocks.
  func sum(
    blocks: Int, terms: Int,
    _ body: @Sendable (_ block: Int, _ sums: UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    var partial = [Double](repeating: 0, count: blocks * terms)
    forEachBlock(of: &partial, bounds: (0...blocks).map { $0 * terms }, body)
    var total = [Double](repeating: 0, count: terms)
    for block in 0..<blocks {
      for term in 0..<terms { total[term] += partial[block * terms + term] }
    }
    return total
  }

  /// Bounds of blocks of equal size, the last one shorter.
  static func bounds(count: Int, blockSize: Int) -> [Int] {
    Array(stride(from: 0, to: count, by: blockSize)) + [count]
  }
}
