import Foundation

extension [UInt8] {
  /// Copies a range of the bytes to the beginning of the array; the count stays the same.
  // SAFETY: the precondition keeps source and destination, which is no longer than the source and
  // begins at 0, inside the array; `memmove` allows them to overlap.
  mutating func moveToFront(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    if range.isEmpty { return }
    withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      memmove(base, base + range.lowerBound, range.count)
    }
  }
}
