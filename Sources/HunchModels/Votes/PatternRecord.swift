// A spilled pattern is one record. Numbers are little-endian, var is 7 bits a byte, low bits first:
//
//     u32 length of what follows | u64 hash | u32 length of the entries
//     entries: for each var function − previous function, var vote
//     var documents of each group
//     var number of gold cells, for each var group, var class, var documents
//
// Numbers are written in one way only, so equal patterns are equal bytes, and runs can be merged
// by (hash, bytes of the entries) without taking records apart.

/// Writes the records of spilled patterns.
enum PatternRecord {
  /// The bytes before the hash and before the entries.
  static let lengthBytes = 4
  static let headBytes = 16

  /// Appends a record.
  ///
  /// - Parameter tallies: The bytes of its numbers of documents, see ``appendTallies(_:_:to:)``.
  static func append(
    hash: UInt64, entries: some Collection<UInt8>, tallies: some Collection<UInt8>,
    to bytes: inout [UInt8]
  ) {
    append(UInt32(headBytes - lengthBytes + entries.count + tallies.count), to: &bytes)
    append(hash, to: &bytes)
    append(UInt32(entries.count), to: &bytes)
    bytes.append(contentsOf: entries)
    bytes.append(contentsOf: tallies)
  }

  /// Appends entries that are packed as function << 16 | vote.
  static func appendEntries(_ entries: ArraySlice<UInt64>, to bytes: inout [UInt8]) {
    var previous: UInt64 = 0
    for entry in entries {
      appendNumber(entry >> 16 - previous, to: &bytes)
      appendNumber(entry & 0xFFFF, to: &bytes)
      previous = entry >> 16
    }
  }

  /// Appends the documents of each group and the gold cells.
  static func appendTallies(
    _ documents: ArraySlice<Int>, _ gold: ArraySlice<GoldCell>, to bytes: inout [UInt8]
  ) {
    for count in documents { appendNumber(UInt64(count), to: &bytes) }
    appendNumber(UInt64(gold.count), to: &bytes)
    for cell in gold {
      appendNumber(UInt64(cell.group), to: &bytes)
      appendNumber(UInt64(cell.label), to: &bytes)
      appendNumber(UInt64(cell.documents), to: &bytes)
    }
  }

  private static func appendNumber(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}

/// Reads records one after the other.
struct PatternRecordReader {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }

  /// Reads a record's head, and leaves the position at its entries.
  mutating func head() -> (hash: UInt64, entries: Range<Int>, tallies: Range<Int>) {
    let end = position + PatternRecord.lengthBytes + fixed(at: position, 4)
    let hash = fixed(at: position + PatternRecord.lengthBytes, 8)
    let entries = fixed(at: position + 12, 4)
    position += PatternRecord.headBytes
    return (
      UInt64(bitPattern: Int64(hash)), position..<position + entries, position + entries..<end
    )
  }

  /// Goes to a place, such as the end of a record.
  mutating func move(to place: Int) { position = place }

  mutating func number() -> Int {
    var value = 0
    var shift = 0
    while true {
      let byte = bytes[position]
      position += 1
      value |= Int(byte & 127) << shift
      if byte < 128 { return value }
      shift += 7
    }
  }

  private func fixed(at place: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  /// Reads the tallies at the position.
  ///
  /// - Parameters:
  ///   - documents: The documents of each group are added from this index.
  ///   - gold: The cells are appended for this pattern.
  mutating func tallies(
    into documents: inout [Int], at row: Int, groups: Int, gold: inout [GoldCell], pattern: Int
  ) {
    for group in 0..<groups { documents[row + group] += number() }
    for _ in 0..<number() {
      let group = UInt8(truncatingIfNeeded: number())
      let label = Int16(truncatingIfNeeded: number())
      gold.append(
        GoldCell(
          documents: number(), pattern: Int32(truncatingIfNeeded: pattern), label: label,
          group: group))
    }
  }
}

extension PatternBlock {
  /// Reads the records of an extent.
  init(decoding bytes: [UInt8], patterns: Int, functionCount: Int, classCount: Int, groups: Int) {
    var reader = PatternRecordReader(bytes)
    var found = VotePatterns(functionCount: functionCount, classCount: classCount)
    var documents = [Int](repeating: 0, count: patterns * groups)
    var gold: [GoldCell] = []
    for pattern in 0..<patterns {
      let (_, entries, _) = reader.head()
      var function = 0
      while reader.position < entries.upperBound {
        function += reader.number()
        found.append(
          Int32(truncatingIfNeeded: function), Int32(truncatingIfNeeded: reader.number()))
      }
      found.endPattern()
      reader.tallies(
        into: &documents, at: pattern * groups, groups: groups, gold: &gold, pattern: pattern)
    }
    self.init(patterns: found, groupCount: groups, documents: documents, gold: gold)
  }
}
