/// A regular expression as far as the derivation of required literals needs to understand it.
///
/// Which groups capture, which quantifiers are greedy and which letters are equal but for case is
/// left out: none of that changes what text a match must contain once text and literals are folded.
indirect enum PatternNode: Equatable {
  /// One character.
  case scalar(UInt32)
  /// One character out of a class.
  case set(ScalarSet)
  case sequence([PatternNode])
  case alternation([PatternNode])
  /// At least `min` times, at most `max` times (`nil`: without end).
  case repeated(PatternNode, min: Int, max: Int?)
  /// An assertion that no ASCII word character stands on one side: `^`, `$`, `\A`, `\z`, `\Z`.
  case anchor
  /// `\b`.
  case boundary
  /// Nothing, or an assertion that is not made use of: `\B`, `\K`.
  case empty
  case look(isAhead: Bool, isNegative: Bool, PatternNode)
  /// Any text, or none: a back-reference or `\X`.
  case anything

  /// Whether ``anything`` occurs: what the pattern matches may depend on what it matched before.
  var refersToText: Bool {
    switch self {
    case .anything: true
    case .sequence(let nodes), .alternation(let nodes): nodes.contains(where: \.refersToText)
    case .repeated(let node, _, _), .look(_, _, let node): node.refersToText
    case .scalar, .set, .anchor, .boundary, .empty: false
    }
  }
}

/// What is known of a class of characters.
///
/// The ASCII part is known from two sides, since a class such as `\p{Greek}` is not looked into:
/// every ASCII character that a member is, or is when folded, is in ``possible``; everything in
/// ``certain`` is a member, and so is all that becomes it when folded. The difference matters for k
/// and s, which U+212A and U+017F become: where case counts, `[^s]` has U+017F.
struct ScalarSet: Equatable {
  var possible: ASCIISet
  var certain: ASCIISet
  /// The members, if they were written one by one.
  var members: [UInt32]?

  /// Any character.
  static let anything = ScalarSet(possible: .all, certain: [])

  init(possible: ASCIISet, certain: ASCIISet, members: [UInt32]? = nil) {
    self.possible = possible
    self.certain = certain
    self.members = members
  }

  /// A class whose ASCII part is known exactly; it may have further members.
  init(ascii: ASCIISet) { self.init(possible: ascii, certain: ascii) }

  /// One character, in both cases: U+017F and U+212A are the letters s and k, case aside.
  init(_ scalar: UInt32) {
    var possible = ASCIISet(scalar)
    if let byte = UInt8(exactly: scalar), byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
      possible.insert(byte ^ 0x20)
    } else if scalar == 0x17F {
      possible.formUnion([0x53, 0x73])
    } else if scalar == 0x212A {
      possible.formUnion([0x4B, 0x6B])
    }
    self.init(
      possible: possible, certain: ASCIISet(scalar).subtracting(.foldedInto), members: [scalar])
  }

  mutating func formUnion(_ other: ScalarSet) {
    possible.formUnion(other.possible)
    certain.formUnion(other.certain)
    if let more = other.members { members?.append(contentsOf: more) } else { members = nil }
  }

  /// All other characters.
  var complement: ScalarSet {
    ScalarSet(possible: certain.complement, certain: possible.complement)
  }
}

/// A set of ASCII characters.
struct ASCIISet: Equatable, ExpressibleByArrayLiteral {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(arrayLiteral bytes: UInt8...) { for byte in bytes { insert(byte) } }

  init(_ range: ClosedRange<UInt32>) {
    for value in range.clamped(to: 0...127) where range.contains(value) {
      insert(UInt8(value))
    }
  }

  /// The set of one character, empty if it is not ASCII.
  init(_ scalar: UInt32) {
    if scalar < 0x80 { insert(UInt8(scalar)) }
  }

  static let all = ASCIISet(0...127)
  static let digits = ASCIISet(0x30...0x39)
  static let horizontalSpace: ASCIISet = [0x09, 0x20]
  static let verticalSpace = ASCIISet(0x0A...0x0D)
  static let space = horizontalSpace.union(verticalSpace)
  /// Letters, digits and the underscore.
  static let word = digits.union(ASCIISet(0x41...0x5A)).union(ASCIISet(0x61...0x7A))
    .union([0x5F])
  /// The letters that others beyond ASCII become when folded, in both cases.
  static let foldedInto: ASCIISet = [0x4B, 0x53, 0x6B, 0x73]

  mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
  }

  mutating func formUnion(_ other: ASCIISet) { self = union(other) }

  func union(_ other: ASCIISet) -> ASCIISet {
    var result = self
    result.low |= other.low
    result.high |= other.high
    return result
  }

  func subtracting(_ other: ASCIISet) -> ASCIISet {
    var result = self
    result.low &= ~other.low
    result.high &= ~other.high
    return result
  }

  func isDisjoint(with other: ASCIISet) -> Bool { low & other.low == 0 && high & other.high == 0 }

  func isSuperset(of other: ASCIISet) -> Bool {
    other.low & ~low == 0 && other.high & ~high == 0
  }

  var complement: ASCIISet {
    var result = self
    result.low = ~low
    result.high = ~high
    return result
  }
}
