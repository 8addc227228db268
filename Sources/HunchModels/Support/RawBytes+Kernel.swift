/// Arrays of numbers as bytes, for files that only this process reads: in the machine's order.
struct RawBytes {
  private(set) var content: [UInt8]
  private var place = 0

  init(_ content: [UInt8] = []) { self.content = content }

  /// Adds the elements of an array.
  // SAFETY: the buffer is that of `elements`, which outlives the closure, and is only read.
  mutating func append<Element: BitwiseCopyable>(_ elements: [Element]) {
    elements.withUnsafeBytes { content.append(contentsOf: $0) }
  }

  /// The next elements, in the order in which they were added.
  // SAFETY: the precondition keeps the copied range inside `content`; the buffer has room for
  // `count` elements, all of which are written; every pattern of bits is a value of the integers
  // and floating-point numbers that are stored.
  mutating func next<Element: BitwiseCopyable>(_ count: Int) -> [Element] {
    let size = count * MemoryLayout<Element>.stride
    precondition(count >= 0 && place + size <= content.count, "there are so many bytes left")
    defer { place += size }
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      content.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[place..<place + size]))
      }
      initialized = count
    }
  }
}
