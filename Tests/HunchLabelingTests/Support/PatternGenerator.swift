import HunchLabeling
import TestSupport

/// Draws regular expressions of every construct that the derivation of required literals reads or
/// refuses, each with a text that it is likely to match.
struct PatternGenerator {
  var random: SplitMix64

  init(seed: Int) { random = SplitMix64(seed: seed) }

  /// A pattern and a text for it.
  typealias Part = (source: String, sample: String)

  /// Characters whose cases and word properties collide, and some that need no company.
  static let symbols = [
    "a", "b", "A", "B", "k", "K", "\u{212A}", "s", "S", "ſ", "ß", "ẞ", "é", "É", "e\u{301}", "i",
    "I", "İ", "ı", "σ", "ς", "Σ", "я", "Я", "中", "👍", "0", "1", "_", " ", "-", ".", ",", "!", "\n",
    "Ⱥ", "ⱥ",
  ]

  private static let words = [
    "ab", "ba", "aba", "abab", "foo", "bar", "sk", "kiss", "straße", "éa", "яб", "ΣΑΣ", "中国", "is",
    "a_1", "10",
  ]

  /// Symbols that mean themselves inside and outside classes.
  private static let plain = symbols.filter { !"-. \n".contains($0) }

  private mutating func chance(_ percent: Int) -> Bool { random.below(100) < percent }

  mutating func options() -> PatternOptions {
    PatternOptions(rawValue: UInt32(random.below(chance(70) ? 2 : 16)))
  }

  mutating func pattern() -> Part { alternation(depth: 3) }

  /// A text of words and symbols.
  mutating func text() -> String {
    (0..<random.below(9)).map { _ in
      chance(40) ? random.pick(Self.words) : random.pick(Self.symbols)
    }.joined()
  }

  /// A text around a sample, some of its letters in the other case.
  mutating func text(around sample: String) -> String {
    let cased = sample.map { character -> String in
      if chance(85) { return String(character) }
      let text = String(character)
      if text == "s" || text == "S" { return "ſ" }
      if text == "k" || text == "K" { return "\u{212A}" }
      return chance(50) ? text.uppercased() : text.lowercased()
    }
    return (chance(50) ? text() : "") + cased.joined() + (chance(50) ? text() : "")
  }

  // MARK: - Grammar

  private mutating func alternation(depth: Int) -> Part {
    let branches = (0..<(chance(70) ? 1 : 2 + random.below(3))).map { _ in branch(depth: depth) }
    let source = branches.map(\.source).joined(separator: "|")
    return (source, random.pick(branches.map(\.sample)))
  }

  private mutating func branch(depth: Int) -> Part {
    if depth < 3, chance(8) { return ("", "") }
    var part: Part = ("", "")
    for _ in 0..<(1 + random.below(depth == 3 ? 5 : 3)) {
      let next = quantified(depth: depth)
      part = (part.source + next.source, part.sample + next.sample)
    }
    return part
  }

  private mutating func quantified(depth: Int) -> Part {
    let (atom, canRepeat) = atom(depth: depth)
    guard canRepeat, chance(30) else { return atom }
    let (quantifier, counts) = random.pick([
      ("*", [0, 1, 2]), ("+", [1, 2]), ("?", [0, 1]), ("{2}", [2]), ("{1,2}", [1, 2]),
      ("{0}", [0]), ("{0,2}", [0, 1, 2]), ("{1}", [1]), ("{2,}", [2, 3]), ("{,2}", [0, 2]),
    ])
    let mode = random.pick(["", "", "", "?", "+"])
    let count = random.pick(counts)
    return (atom.source + quantifier + mode, String(repeating: atom.sample, count: count))
  }

  private mutating func atom(depth: Int) -> (Part, canRepeat: Bool) {
    switch random.below(depth > 0 ? 32 : 22) {
    case 0...7:
      let word = random.pick(Self.words)
      return ((word, word), true)
    case 8...11:
      let symbol = random.pick(Self.plain)
      return ((symbol == "." ? "\\." : symbol, symbol), true)
    case 12: return (random.pick([("-", "-"), (" ", " "), (".", "x"), ("\n", "\n")]), true)
    case 13...15: return (characterClass(), true)
    case 16: return (escape(), true)
    case 17, 18:
      return (
        (random.pick(["^", "$", #"\b"#, #"\b"#, #"\b"#, #"\B"#, #"\A"#, #"\z"#, #"\Z"#]), ""), false
      )
    case 19: return (quoted(), true)
    case 20: return (special(), false)
    case 21: return ((random.pick(["{", "}", "]", "a{", "{a}", "{}"]), "{"), false)
    default: return group(depth: depth)
    }
  }

  private mutating func escape() -> Part {
    random.pick([
      (#"\x41"#, "A"), (#"\x{e9}"#, "é"), (#"\x{17f}"#, "s"), (#"\x{212A}"#, "k"), (#"\t"#, "\t"),
      (#"\n"#, "\n"), (#"\R"#, "\n"), (#"\h"#, " "), (#"\H"#, "a"), (#"\N"#, "b"), (#"\X"#, "é"),
      (#"\v"#, "\n"), (#"\V"#, "a"), (#"\p{L}"#, "a"), (#"\pL"#, "я"), (#"\P{L}"#, "1"),
      (#"\p{Lu}"#, "A"), (#"\d"#, "1"), (#"\D"#, "a"), (#"\w"#, "k"), (#"\W"#, "-"), (#"\W"#, " "),
      (#"\s"#, " "), (#"\S"#, "b"), (#"\."#, "."), (#"\-"#, "-"), (#"\ "#, " "), (#"\é"#, "é"),
      (#"\o{101}"#, "A"), (#"\0"#, "\0"), (#"\101"#, "A"), (#"\cA"#, "\u{1}"), (#"\e"#, "\u{1B}"),
    ])
  }

  private mutating func characterClass() -> Part {
    if chance(20) {
      return random.pick([
        ("[^a-zA-Z0-9_]", "ſ"), ("[^a-zA-Z0-9_]", "-"), (#"[^\w]"#, "-"), ("[^A-Z_a-z0-9-]", " "),
        (#"[\E^a]"#, "b"), (#"[a\E-k]"#, "b"), (#"[\Qa\E-k]"#, "b"), (#"[\Q^]a\E]"#, "]"),
        (#"[\Q\E^a]"#, "b"), (#"[^\Q]\E]"#, "a"), (#"[\E]a]"#, "]"), ("[--.]", "-"), ("[+--]", ","),
      ])
    }
    var source = "["
    var sample = ""
    if chance(25) { source += "^" }
    if chance(10) { source += "]" }
    for _ in 0..<(1 + random.below(3)) {
      let item: Part
      switch random.below(10) {
      case 0: item = random.pick([("a-c", "b"), ("A-Z", "B"), ("0-9", "1"), ("а-я", "я")])
      case 1: item = random.pick([(#"\d"#, "0"), (#"\w"#, "a"), (#"\s"#, " "), (#"\W"#, "-")])
      case 2: item = random.pick([("[:alpha:]", "a"), ("[:^digit:]", "-"), ("[:punct:]", "!")])
      case 3: item = random.pick([(#"\Qa-\E"#, "-"), (#"\E"#, ""), (#"\Q^\E"#, "^"), (#"\b"#, "")])
      case 4: item = random.pick([(#"\x{17f}"#, "s"), ("é-ſ", "ß"), ("\u{100}-\u{2fff}", "s")])
      case 5: item = random.pick([("-", "-"), ("[", "["), (".", "."), (#"\]"#, "]"), ("^", "^")])
      default:
        let symbol = random.pick(Self.plain)
        item = (symbol, symbol)
      }
      source += item.source
      if sample.isEmpty || chance(30) { sample = item.sample }
    }
    return (source + "]", sample)
  }

  private mutating func quoted() -> Part {
    let text = random.pick(["a.b", "foo(", "[ab", "a|b", "$10", "*", " #a", "ß+"])
    return chance(90) ? (#"\Q\#(text)\E"#, text) : (#"\Q\#(text)"#, text)
  }

  private mutating func special() -> Part {
    random.pick([
      (#"\1"#, ""), (#"\1"#, "ab"), (#"\2"#, ""), (#"\g1"#, ""), (#"\g{-1}"#, ""), (#"\K"#, ""),
      (#"\k<n>"#, ""), ("(?P=n)", ""), ("(?i)", ""), ("(?-i)", ""), ("(?x)", ""), ("(?s)", ""),
      ("(?m)", ""), ("(?x-i)", ""), ("(?^)", ""), ("(?#note)", ""), (#"\E"#, ""), ("# b\n", ""),
      (#"\G"#, ""), ("(?C1)", ""), ("(*COMMIT)", ""), ("(*ACCEPT)", ""), ("(*FAIL)", ""),
      ("(?(1)ab|ba)", "ba"), ("(?(?=a)ab|ba)", "ab"), ("(?R)?", ""), ("(?1)", "ab"),
      ("(?n)", ""), ("(?U)", ""), ("(?J)", ""), ("(*SKIP)", ""), ("(?(DEFINE)(foo))", ""),
    ])
  }

  private mutating func group(depth: Int) -> (Part, canRepeat: Bool) {
    let inner = alternation(depth: depth - 1)
    let (source, sample) = inner
    switch random.below(20) {
    case 0...3: return (("(\(source))", sample), true)
    case 4...8: return (("(?:\(source))", sample), true)
    case 9: return (("(?>\(source))", sample), true)
    case 10: return (("(?|\(source))", sample), true)
    case 11:
      let name = random.pick(["(?<n>", "(?P<n>", "(?'n'"])
      return ((name + source + ")", sample), true)
    case 12:
      let flags = random.pick(["i", "-i", "x", "s", "m-i", "^", "xi"])
      return (("(?\(flags):\(source))", sample), true)
    case 13: return (("(?=\(source))", ""), true)
    case 14: return (("(?=\(source))" + source, sample), false)
    case 15: return ((random.pick(["(?!", "(?<!"]) + source + ")", ""), true)
    case 16: return ((source + "(?<=\(source))", sample), false)
    case 17:
      return (
        random.pick([
          (#"(?<!\w)"#, ""), (#"(?!\w)"#, ""), ("(?<![a-zA-Z0-9_])", ""), ("(?= |$)", ""),
        ]),
        false
      )
    case 18:
      return (
        random.pick([("( |^)", " "), ("(^|-)", "-"), ("( |$)", " "), (#"(\b|_)"#, "_")]), true
      )
    default: return (("(?=.*\(source))", ""), false)
    }
  }
}
