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

  static let anything = ScalarSet(possible: .all, certain: [])
}

extension ScalarSet {
  /// A class whose ASCII part is known exactly; it may have further members.
  init(ascii: ASCIISet) { self.init(possible: ascii, certain: ascii) }

  /// One character, in both cases: U+017F and U+212A are the letters s and k, case aside.
  init(_ scalar: UInt32) {
    var possible = ASCIISet(scalar)
    if let byte = UInt8(exactly: scalar), byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
      possible.insert(ASCIISet(scalar ^ 0x20))
    } else if scalar == 0x17F {
      possible.formUnion([ASCIISet(0x53), ASCIISet(0x73)])
    } else if scalar == 0x212A {
      possible.formUnion([ASCIISet(0x4B), ASCIISet(0x6B)])
    }
    self.init(
      possible: possible, certain: ASCIISet(scalar).subtracting(.foldedInto), members: [scalar])
  }

  mutating func formUnion(_ other: ScalarSet) {
    possible.formUnion(other.possible)
    certain.formUnion(other.certain)
    if let more = other.members { members?.append(contentsOf: more) } else { members = nil }
  }

  var complement: ScalarSet {
    ScalarSet(possible: certain.complement, certain: possible.complement)
  }
}

/// A set of ASCII characters, one bit for each.
struct ASCIISet: OptionSet {
  var rawValue: UInt128

  init(rawValue: UInt128) { self.rawValue = rawValue }

  /// The set of one character, empty if it is not ASCII.
  init(_ scalar: UInt32) { self.init(rawValue: 1 << scalar) }

  init(_ scalars: ClosedRange<UInt32>) {
    self = []
    for scalar in scalars.prefix(while: { $0 < 0x80 }) { insert(ASCIISet(scalar)) }
  }

  static let all = ASCIISet(0...127)
  static let digits = ASCIISet(0x30...0x39)
  static let horizontalSpace: ASCIISet = [ASCIISet(0x09), ASCIISet(0x20)]
  static let verticalSpace = ASCIISet(0x0A...0x0D)
  static let space = horizontalSpace.union(verticalSpace)
  static let word: ASCIISet = [
    ASCIISet(0x41...0x5A), ASCIISet(0x61...0x7A), digits, ASCIISet(0x5F),
  ]
  /// The letters that others beyond ASCII become when folded, in both cases.
  static let foldedInto: ASCIISet = [
    ASCIISet(0x4B), ASCIISet(0x53), ASCIISet(0x6B), ASCIISet(0x73),
  ]

  func contains(_ scalar: UInt32) -> Bool { rawValue >> scalar & 1 == 1 }

  func contains(_ byte: UInt8) -> Bool { contains(UInt32(byte)) }

  var complement: ASCIISet { ASCIISet(rawValue: ~rawValue) }
}
