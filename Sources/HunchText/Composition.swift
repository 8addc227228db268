/// Composes letters and marks, so that the two ways to write an accented letter become one (Unicode
/// normalization form C, for the marks of ``CompositionTable``).
public enum Composition {
  /// The batch with every letter and its marks composed; unchanged where there are no marks.
  ///
  /// - Complexity: O(bytes).
  public static func composed(_ batch: TextBatch) -> TextBatch {
    guard mayHaveMarks(batch.bytes[...]) else { return batch }
    var result = TextBatch()
    var bytes: [UInt8] = []
    for document in 0..<batch.count {
      let text = batch.bytes[batch.range(at: document)]
      guard mayHaveMarks(text) else {
        result.append(repairing: text)
        continue
      }
      bytes.removeAll(keepingCapacity: true)
      compose(batch.bytes, batch.range(at: document), into: &bytes)
      result.append(repairing: bytes)
    }
    return result
  }

  /// Whether the bytes of a mark may be there. Those of U+0300…U+036F begin with 0xCC or 0xCD; the
  /// others are 0xE3 0x82 0x99 and 0xE3 0x82 0x9A.
  private static func mayHaveMarks(_ bytes: ArraySlice<UInt8>) -> Bool {
    for (index, byte) in zip(bytes.indices, bytes) where byte >= 0xCC {
      if byte < 0xCE { return true }
      if byte == 0xE3, bytes[index + 1] == 0x82, bytes[index + 2] & 0xFC == 0x98 { return true }
    }
    return false
  }

  private static func compose(_ source: [UInt8], _ range: Range<Int>, into bytes: inout [UInt8]) {
    // A letter and what follows it with a combining class above 0.
    var run: [(scalar: UInt32, order: UInt8)] = []
    func flush() {
      if run.count > 1 { compose(&run) }
      for item in run { UTF8Decoding.encode(item.scalar, into: &bytes) }
      run.removeAll(keepingCapacity: true)
    }
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, next) = UTF8Decoding.scalar(in: source, at: index)
      let order = combiningClass(scalar)
      if order == 0 { flush() }
      run.append((scalar, order))
      index = next
    }
    flush()
  }

  /// Decomposes the letter, orders the marks and composes again (Unicode Standard, 3.11).
  private static func compose(_ run: inout [(scalar: UInt32, order: UInt8)]) {
    var parts = run
    while let pair = tables.pairs[parts[0].scalar] {
      parts[0] = (pair.letter, combiningClass(pair.letter))
      parts.insert((pair.mark, combiningClass(pair.mark)), at: 1)
    }
    let begin = parts[0].order == 0 ? 1 : 0
    // Sorting must keep the order of equals; Swift's does not promise it.
    let marks = parts[begin...].enumerated().sorted {
      ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
    }.map(\.element)
    guard begin == 1 else {
      run = marks
      return
    }
    var letter = parts[0]
    var kept: [(scalar: UInt32, order: UInt8)] = []
    for mark in marks {
      // A mark that stays hides those of its class from the letter.
      if kept.last?.order ?? 0 < mark.order,
        let composed = tables.composed[UInt64(letter.scalar) << 32 | UInt64(mark.scalar)]
      {
        letter.scalar = composed
      } else {
        kept.append(mark)
      }
    }
    run = [letter] + kept
  }

  private static func combiningClass(_ scalar: UInt32) -> UInt8 {
    if scalar < 0x300 { return 0 }
    return Unicode.Scalar(scalar)?.properties.canonicalCombiningClass.rawValue ?? 0
  }

  private struct Tables {
    /// By letter << 32 | mark.
    var composed: [UInt64: UInt32] = [:]
    var pairs: [UInt32: (letter: UInt32, mark: UInt32)] = [:]

    init() {
      for line in CompositionTable.lines.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let mark = UInt32(words[0].dropLast(), radix: 16) else { continue }
        for word in words.dropFirst() {
          let sides = word.split(separator: "=").compactMap { UInt32($0, radix: 16) }
          guard sides.count == 2 else { continue }
          composed[UInt64(sides[0]) << 32 | UInt64(mark)] = sides[1]
          pairs[sides[1]] = (sides[0], mark)
        }
      }
    }
  }

  private static let tables = Tables()
}
