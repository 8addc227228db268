internal import Foundation
package import HunchText

/// Finds all literals of a rule set in one or two passes over a batch.
///
/// Literals that ignore case are folded and searched in the folded batch, the others in the batch
/// as it is.
package struct LiteralMatcher: Sendable {
  private let caseless: LiteralAutomaton?
  private let exact: LiteralAutomaton?

  /// Builds the automata.
  ///
  /// - Parameters:
  ///   - literals: What to find; a hit names a literal by its index. None may be empty.
  ///   - limits: How large the transition tables may be.
  /// - Complexity: O(bytes × log literals).
  package init(_ literals: [Literal], limits: TableLimits = TableLimits()) {
    caseless = LiteralAutomaton(literals, caseSensitive: false, limits)
    exact = LiteralAutomaton(literals, caseSensitive: true, limits)
  }

  var isEmpty: Bool { caseless == nil && exact == nil }

  package var memory: Int { (caseless?.memory ?? 0) + (exact?.memory ?? 0) }

  /// Finds every occurrence, overlapping ones included.
  ///
  /// The body gets the occurrences of one document after the other; those of caseless literals
  /// first, by their ends, and of several with the same end the longest first.
  ///
  /// - Parameters:
  ///   - batch: The documents, each less than 2 GiB.
  ///   - folded: The same documents, folded; not asked for if every literal is case-sensitive.
  /// - Complexity: O(bytes + hits).
  @inline(__always)
  func forEachHit(
    in batch: TextBatch, folded: @autoclosure () -> SeparatedTexts,
    _ body: (_ document: Int, _ hit: LiteralHit) -> Void
  ) {
    if let caseless { caseless.forEachHit(in: folded(), body) }
    if let exact { exact.forEachHit(in: SeparatedTexts(batch), body) }
  }

  /// The occurrences in each document, in order.
  package func hits(in batch: TextBatch, folded: TextBatch) -> [[LiteralHit]] {
    var hits = [[LiteralHit]](repeating: [], count: batch.count)
    forEachHit(in: batch, folded: SeparatedTexts(folded)) { hits[$0].append($1) }
    for document in hits.indices { hits[document].sort() }
    return hits
  }
}

/// The automaton of all literals that are searched in the same text.
private struct LiteralAutomaton: Sendable {
  private let automaton: AhoCorasick
  /// What each string of the automaton stands for.
  private var strings: [Entry] = []
  /// What ends at each state of a dense automaton, own strings and those of its suffixes, the
  /// longest first: at twice the state what counts anywhere, behind it what must end a word.
  private var endings: [Entry] = []
  private var endingStarts: [Int32] = [0]

  private struct Entry {
    var literal: Int32
    var length: Int32
    var edges: Edges
    /// Whether the edges are known to be free where the string is found; see ``gatherEndings``.
    var isSettled: Bool
  }

  /// Which edges of an occurrence must be free, and of what.
  private struct Edges: OptionSet {
    var rawValue: UInt8
    static let start = Edges(rawValue: 1)
    static let end = Edges(rawValue: 2)
    /// Only ASCII word characters count.
    static let ascii = Edges(rawValue: 4)
  }

  /// `nil` if no literal is of this kind.
  init?(_ all: [Literal], caseSensitive: Bool, _ limits: TableLimits) {
    var texts = TextBatch()
    for (index, literal) in all.enumerated() where literal.caseSensitive == caseSensitive {
      for form in Self.forms(of: literal) {
        texts.append(form)
        let range = texts.range(at: texts.count - 1)
        let edges = Self.edges(of: literal, texts.bytes, range)
        strings.append(
          Entry(
            literal: Int32(index), length: Int32(range.count), edges: edges,
            isSettled: edges.isSubset(of: .ascii)))
      }
    }
    guard texts.count > 0 else { return nil }
    automaton = AhoCorasick(
      texts, startsWord: strings.map { $0.edges.contains(.start) },
      endsWord: strings.map { $0.edges.contains(.end) }, limits: limits)
    if automaton.isDense { gatherEndings() }
  }

  /// A dense automaton looks at ASCII word characters at both edges itself.
  private mutating func gatherEndings() {
    for index in strings.indices where strings[index].edges.contains(.ascii) {
      strings[index].isSettled = true
    }
    for state in 0..<automaton.stateCount {
      for endsWord in [false, true] {
        var suffix = automaton.hasOutput(state) ? Int32(state) : -1
        while suffix >= 0 {
          for output in automaton.outputs(of: Int(suffix)) {
            let string = strings[Int(automaton.outputs[output])]
            if string.edges.contains(.end) == endsWord { endings.append(string) }
          }
          suffix = automaton.suffixLinks[Int(suffix)]
        }
        endingStarts.append(Int32(endings.count))
      }
    }
  }

  var memory: Int {
    automaton.memory + MemoryLayout<Entry>.stride * (strings.count + endings.count)
      + 4 * endingStarts.count
  }

  /// The different spellings to search for: as given, composed and decomposed, folded before and
  /// after that if case does not matter (a capital may have no composed form where the small
  /// letter has one).
  private static func forms(of literal: Literal) -> [String] {
    let text = literal.text
    if case .required = literal.kind { return [text] }
    let isCaseless = !literal.caseSensitive
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return [isCaseless ? text.lowercased() : text] }
    var forms: [String] = []
    // Strings are compared by bytes: `==` calls all forms equal.
    func add(_ form: String) {
      if !forms.contains(where: { $0.utf8.elementsEqual(form.utf8) }) { forms.append(form) }
    }
    var bases = [text]
    if isCaseless {
      let folded = CaseFolding.folded(text)
      if !folded.utf8.elementsEqual(text.utf8) { bases.append(folded) }
    }
    for base in bases {
      let decomposed = base.decomposedStringWithCanonicalMapping
      let isPlain =
        decomposed.utf8.elementsEqual(base.utf8) && !base.unicodeScalars.contains(where: composes)
      for form in isPlain
        ? [base] : [base, base.precomposedStringWithCanonicalMapping, decomposed]
      {
        add(isCaseless ? CaseFolding.folded(form) : form)
      }
    }
    return forms
  }

  /// Whether a scalar may unite with the one before it: a mark, or a vowel or final of Hangul.
  private static func composes(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x300 || (0x370..<0x483).contains(scalar.value) { return false }
    return scalar.properties.canonicalCombiningClass != .notReordered
      || (0x1160...0x11FF).contains(scalar.value)
      || scalar.properties.generalCategory == .spacingMark
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// For a keyword a boundary is asked for only where its own edge is part of a word: a word may
  /// always begin at a separator or at a letter of a script without spaces.
  private static func edges(of literal: Literal, _ bytes: [UInt8], _ range: Range<Int>) -> Edges {
    var edges: Edges = []
    switch literal.kind {
    case .required(let startsWord, let endsWord):
      edges = .ascii
      if startsWord { edges.insert(.start) }
      if endsWord { edges.insert(.end) }
    case .keyword(let wholeWords):
      guard wholeWords else { return [] }
      let first = UTF8Decoding.scalar(in: bytes, at: range.lowerBound).value
      let last = UTF8Decoding.scalar(in: bytes, before: range.upperBound)
      if CharacterTable.wordClass(of: first) == .word { edges.insert(.start) }
      if CharacterTable.wordClass(of: last) == .word { edges.insert(.end) }
    }
    return edges
  }

  @inline(__always)
  func forEachHit(
    in texts: SeparatedTexts, _ body: (_ document: Int, _ hit: LiteralHit) -> Void
  ) {
    automaton.forEachVisit(in: texts) { document, state, end, endsWord in
      if let endsWord {
        let row = 2 * state + (endsWord ? 1 : 0)
        for index in Int(endingStarts[row])..<Int(endingStarts[row + 1]) {
          report(endings[index], document, end, texts, body)
        }
        return
      }
      var suffix = Int32(truncatingIfNeeded: state)
      while suffix >= 0 {
        for output in automaton.outputs(of: Int(suffix)) {
          report(strings[Int(automaton.outputs[output])], document, end, texts, body)
        }
        suffix = automaton.suffixLinks[Int(suffix)]
      }
    }
  }

  @inline(__always)
  private func report(
    _ string: Entry, _ document: Int, _ end: Int, _ texts: SeparatedTexts,
    _ body: (_ document: Int, _ hit: LiteralHit) -> Void
  ) {
    let start = end - Int(string.length)
    if !string.isSettled {
      let range = texts.range(at: document)
      let (lower, upper) = (range.lowerBound + start, range.lowerBound + end)
      guard Self.isFree(string.edges, lower, upper, texts.bytes, range) else { return }
    }
    body(
      document,
      LiteralHit(
        start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end),
        literal: string.literal))
  }

  private static func isFree(
    _ edges: Edges, _ lower: Int, _ upper: Int, _ bytes: [UInt8], _ range: Range<Int>
  ) -> Bool {
    if edges.contains(.end), upper < range.upperBound {
      let byte = bytes[upper]
      if byte < 0x80 {
        if AhoCorasick.isWord(byte) { return false }
      } else if !edges.contains(.ascii) {
        let after = UTF8Decoding.scalar(in: bytes, at: upper).value
        if CharacterTable.wordClass(of: after) == .word { return false }
      }
    }
    if edges.contains(.start), lower > range.lowerBound {
      let byte = bytes[lower - 1]
      if byte < 0x80 {
        if AhoCorasick.isWord(byte) { return false }
      } else if !edges.contains(.ascii) {
        let before = UTF8Decoding.scalar(in: bytes, before: lower)
        if CharacterTable.wordClass(of: before) == .word { return false }
      }
    }
    return true
  }
}

extension AhoCorasick {
  func outputs(of state: Int) -> Range<Int> {
    Int(outputStarts[state])..<Int(outputStarts[state + 1])
  }
}
