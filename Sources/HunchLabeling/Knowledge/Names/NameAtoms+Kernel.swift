internal import HunchText

/// The pieces that names and texts are compared by: words, letters of scripts without spaces, and
/// single characters of any other kind but white space, each with a hash of its bytes. White space
/// is only noted: how much of it stands between two pieces does not matter.
///
/// An occurrence of a name as whole words is a run of pieces, since it begins and ends where pieces
/// do: a word may begin wherever a character stands that is not part of a longer word.
// SAFETY: `bytes` is read below `end`, which the precondition keeps inside the array, and no scalar
// of valid UTF-8 that begins below `end` reaches beyond it. Pieces are written at places below
// `capacity`, the size of the three arrays, whose buffers are only used inside the closures.
struct NameAtoms {
  /// How many pieces are kept at a time.
  let capacity: Int
  private(set) var count = 0
  private(set) var hashes: [UInt64]
  /// Where each piece begins; the highest bit says that white space stands before it.
  private(set) var starts: [UInt32]
  private(set) var ends: [UInt32]

  static let spaced: UInt32 = 1 << 31

  init(capacity: Int) {
    self.capacity = capacity
    hashes = [UInt64](repeating: 0, count: capacity)
    starts = [UInt32](repeating: 0, count: capacity)
    ends = [UInt32](repeating: 0, count: capacity)
  }

  mutating func keep(last kept: Int) {
    let first = count - kept
    for index in 0..<kept {
      hashes[index] = hashes[first + index]
      starts[index] = starts[first + index]
      ends[index] = ends[first + index]
    }
    count = kept
  }

  /// Adds the pieces of a text until there is no more room.
  ///
  /// - Parameters:
  ///   - bytes: Valid UTF-8, of which one document is read.
  ///   - range: Where the document stands; offsets count from its beginning.
  ///   - start: Where to go on, in `bytes`.
  /// - Returns: Where the next piece would be looked for: the end of the range when all is read.
  mutating func fill(_ bytes: [UInt8], _ range: Range<Int>, from start: Int) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    precondition(start >= range.lowerBound && range.count < Int(Self.spaced))
    let (capacity, first, end) = (self.capacity, count, range.upperBound)
    let base = range.lowerBound
    var result = (index: start, count: first)
    bytes.withUnsafeBufferPointer { text in
      NameLetters.asciiKinds.withUnsafeBufferPointer { kinds in
        hashes.withUnsafeMutableBufferPointer { hashes in
          starts.withUnsafeMutableBufferPointer { starts in
            ends.withUnsafeMutableBufferPointer { ends in
              guard let text = text.baseAddress, let kinds = kinds.baseAddress,
                let hashes = hashes.baseAddress, let starts = starts.baseAddress,
                let ends = ends.baseAddress
              else { return }
              result = Self.fill(
                text, kinds, base, start, end, hashes, starts, ends, first, capacity)
            }
          }
        }
      }
    }
    count = result.count
    return result.index
  }

  @inline(__always)
  private static func fill(
    _ text: UnsafePointer<UInt8>, _ kinds: UnsafePointer<UInt8>, _ base: Int, _ start: Int,
    _ end: Int, _ hashes: UnsafeMutablePointer<UInt64>, _ starts: UnsafeMutablePointer<UInt32>,
    _ ends: UnsafeMutablePointer<UInt32>, _ first: Int, _ capacity: Int
  ) -> (index: Int, count: Int) {
    var (index, count) = (start, first)
    var space: UInt32 = 0
    while index < end, count < capacity {
      var byte = text[index]
      var kind = kinds[Int(byte)]
      if kind == NameLetters.Kind.white {
        space = spaced
        index &+= 1
        continue
      }
      var next = index &+ 1
      if byte >= 0x80 { (kind, next) = decode(text, index) }
      if kind == NameLetters.Kind.white {
        space = spaced
        index = next
        continue
      }
      let begin = index
      var hash = NameHash.start
      while true {
        repeat {
          hash = NameHash.add(text[index], to: hash)
          index &+= 1
        } while index < next
        if kind != NameLetters.Kind.word || index >= end { break }
        byte = text[index]
        kind = kinds[Int(byte)]
        next = index &+ 1
        if byte >= 0x80 { (kind, next) = decode(text, index) }
        if kind != NameLetters.Kind.word { break }
      }
      hashes[count] = NameHash.finish(hash)
      starts[count] = UInt32(truncatingIfNeeded: begin &- base) | space
      ends[count] = UInt32(truncatingIfNeeded: index &- base)
      count &+= 1
      space = 0
    }
    return (index, count)
  }

  /// The kind of a scalar beyond ASCII, and where the next one begins.
  private static func decode(_ text: UnsafePointer<UInt8>, _ index: Int) -> (UInt8, Int) {
    let first = UInt32(text[index])
    let second = UInt32(text[index + 1] & 0x3F)
    if first < 0xE0 { return (NameLetters.kind(of: (first & 0x1F) << 6 | second), index + 2) }
    let third = UInt32(text[index + 2] & 0x3F)
    if first < 0xF0 {
      return (NameLetters.kind(of: (first & 0x0F) << 12 | second << 6 | third), index + 3)
    }
    let fourth = UInt32(text[index + 3] & 0x3F)
    let scalar = (first & 0x07) << 18 | second << 12 | third << 6 | fourth
    return (NameLetters.kind(of: scalar), index + 4)
  }
}

extension NameLetters {
  /// The kind of each byte that is a character by itself; what other bytes have is not looked at.
  fileprivate static let asciiKinds: [UInt8] = (0..<256).map { $0 < 0x80 ? kinds[$0] : 0 }
}

/// Hashes of pieces and of runs of pieces. They are fixed, since they stand in files.
enum NameHash {
  static let start: UInt64 = 0x9AE1_6A3B_2F90_404F

  @inline(__always)
  static func add(_ byte: UInt8, to hash: UInt64) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
  }

  @inline(__always)
  static func finish(_ hash: UInt64) -> UInt64 { (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93 }

  /// The hash of a run with one more piece.
  @inline(__always)
  static func extend(_ run: UInt64, by piece: UInt64, spaced: Bool) -> UInt64 {
    let mixed = (run &+ (spaced ? 0x2545_F491_4F6C_DD1D : 0)) &* 0x9E37_79B9_7F4A_7C15
    let sum = (mixed ^ mixed >> 29 ^ piece) &* 0xBF58_476D_1CE4_E5B9
    return sum ^ sum >> 32
  }

  /// The hash of a run of one piece.
  @inline(__always)
  static func run(of piece: UInt64) -> UInt64 { piece ^ piece >> 32 }
}
