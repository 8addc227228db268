internal import HunchText

/// A text written in another way, and which bytes of the original each of its bytes stands for.
struct TextForm {
  private(set) var bytes: [UInt8]
  /// Where what a byte stands for begins in the original.
  private var starts: [Int]
  /// Where it ends.
  private var ends: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    starts = []
    ends = []
    var index = 0
    while index < bytes.count {
      let next = UTF8Decoding.scalar(in: bytes, at: index).next
      for _ in index..<next {
        starts.append(index)
        ends.append(next)
      }
      index = next
    }
  }

  /// What a step emits: a scalar and the range that it stands for; no scalar for a range that is left
  /// out and belongs to what stands before it.
  typealias Emit = (_ scalar: UInt32?, _ source: Range<Int>) -> Void

  func applying(_ step: ([UInt8], Range<Int>, Emit) -> Void) -> TextForm {
    var form = TextForm([])
    var last = 0
    step(bytes, 0..<bytes.count) { scalar, source in
      let end = ends[source.upperBound - 1]
      guard let scalar else {
        for index in last..<form.bytes.count { form.ends[index] = end }
        return
      }
      last = form.bytes.count
      UTF8Decoding.encode(scalar, into: &form.bytes)
      for _ in last..<form.bytes.count {
        form.starts.append(starts[source.lowerBound])
        form.ends.append(end)
      }
    }
    return form
  }

  func folded() -> TextForm {
    applying { bytes, range, emit in
      var index = range.lowerBound
      while index < range.upperBound {
        let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
        emit(CharacterTable.fold(scalar), index..<next)
        index = next
      }
    }
  }

  /// The bytes of the original that a range stands for.
  func original(of range: Range<Int>) -> Range<Int> {
    if range.isEmpty {
      let place = range.lowerBound < starts.count ? starts[range.lowerBound] : ends.last ?? 0
      return place..<place
    }
    return starts[range.lowerBound]..<max(starts[range.lowerBound], ends[range.upperBound - 1])
  }
}
