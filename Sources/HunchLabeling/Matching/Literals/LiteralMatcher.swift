internal import Foundation
package import HunchText

/// Finds all keywords and entity names of a rule set in one or two passes over a batch.
///
/// Literals that ignore case are folded and searched in the folded batch, the others in the batch
/// as it is. Each is also searched in its composed (NFC) and decomposed (NFD) form, so that a
/// letter with diacritics is found however the text spells it.
package struct LiteralMatcher: Sendable {
  private let caseless: LiteralAutomaton?
  private let exact: LiteralAutomaton?

  /// Builds the automata.
  ///
  /// - Parameter literals: What to find; a hit names a literal by its index. None may be empty.
  /// - Complexity: O(bytes × log literals).
  package init(_ literals: [Literal]) { self.init(literals, limits: TableLimits()) }

  /// Builds the automata with limits of their own on the transition tables.
  package init(_ literals: [Literal], limits: TableLimits) {
    caseless = LiteralAutomaton(literals, caseSensitive: false, limits)
    exact = LiteralAutomaton(literals, caseSensitive: true, limits)
  }

  /// The bytes that the automata occupy.
  package var memory: Int { (caseless?.memory ?? 0) + (exact?.memory ?? 0) }

  /// Finds every occurrence, overlapping ones included.
  ///
  /// - Parameters:
  ///   - batch: The documents, each less than 2 GiB.
  ///   - folded: The same documents, folded by ``CaseFolding``; not read if every literal is
  ///     case-sensitive.
  /// - Complexity: O(bytes + hits × log hits of a document).
  package func hits(in batch: TextBatch, folded: TextBatch) -> LiteralHits {
    precondition(caseless == nil || folded.count == batch.count, "the same documents, folded")
    let caselessVisits = caseless?.automaton.visits(in: folded)
    let exactVisits = exact?.automaton.visits(in: batch)
    var hits = LiteralHits()
    hits.documentStarts.reserveCapacity(batch.count + 1)
    var found: [LiteralHit] = []
    for document in 0..<batch.count {
      if let caseless, let caselessVisits {
        caseless.collect(caselessVisits, folded, document, into: &found)
      }
      if let exact, let exactVisits {
        exact.collect(exactVisits, batch, document, into: &found)
      }
      if !found.isEmpty {
        if found.count > 1 { found.sort() }
        for hit in found { hits.append(hit) }
        found.removeAll(keepingCapacity: true)
      }
      hits.endDocument()
    }
    return hits
  }
}

/// The automaton of all literals that are searched in the same text.
private struct LiteralAutomaton: Sendable {
  let automaton: AhoCorasick
  /// For each string of the automaton: its literal, its length, and which edges need a boundary.
  private var literals: [Int32] = []
  private var lengths: [Int32] = []
  private var edges: [Edges] = []

  /// Which edges of an occurrence must be word boundaries.
  private struct Edges: OptionSet {
    var rawValue: UInt8
    static let start = Edges(rawValue: 1)
    static let end = Edges(rawValue: 2)
  }

  /// `nil` if no literal is of this kind.
  init?(_ all: [Literal], caseSensitive: Bool, _ limits: TableLimits) {
    var strings = TextBatch()
    for (index, literal) in all.enumerated() where literal.caseSensitive == caseSensitive {
      for form in Self.forms(of: literal) {
        strings.append(form)
        literals.append(Int32(index))
      }
    }
    guard strings.count > 0 else { return nil }
    for string in 0..<strings.count {
      lengths.append(Int32(strings.range(at: string).count))
      edges.append(all[Int(literals[string])].wholeWords ? Self.edges(of: string, strings) : [])
    }
    automaton = AhoCorasick(strings, limits: limits)
  }

  var memory: Int { automaton.memory + 9 * literals.count }

  /// The different spellings to search for: as given, composed and decomposed, folded before and
  /// after that if case does not matter (a capital may have no composed form where the small
  /// letter has one).
  private static func forms(of literal: Literal) -> [String] {
    let text = literal.text
    let isCaseless = !literal.caseSensitive
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return [isCaseless ? text.lowercased() : text] }
    var forms: [String] = []
    for base in isCaseless ? [text, CaseFolding.folded(text)] : [text] {
      for form in [
        base, base.precomposedStringWithCanonicalMapping, base.decomposedStringWithCanonicalMapping,
      ] {
        let spelling = isCaseless ? CaseFolding.folded(form) : form
        // Strings are compared by bytes: `==` calls all three forms equal.
        if !forms.contains(where: { $0.utf8.elementsEqual(spelling.utf8) }) {
          forms.append(spelling)
        }
      }
    }
    return forms
  }

  /// A boundary is asked for only where the literal's own edge is part of a word: a word may
  /// always begin at a separator or at a letter of a script without spaces.
  private static func edges(of string: Int, _ strings: TextBatch) -> Edges {
    let range = strings.range(at: string)
    let first = UTF8Decoding.scalar(in: strings.bytes, at: range.lowerBound).value
    let last = UTF8Decoding.scalar(in: strings.bytes, before: range.upperBound)
    var edges: Edges = []
    if CharacterTable.wordClass(of: first) == .word { edges.insert(.start) }
    if CharacterTable.wordClass(of: last) == .word { edges.insert(.end) }
    return edges
  }

  /// Adds a document's occurrences, in no particular order.
  func collect(
    _ visits: AhoCorasick.Visits, _ batch: TextBatch, _ document: Int,
    into found: inout [LiteralHit]
  ) {
    let range = batch.range(at: document)
    for visit in visits.documentStarts[document]..<visits.documentStarts[document + 1] {
      let end = visits.ends[visit]
      var state = visits.states[visit]
      while state >= 0 {
        for output in automaton.outputs(of: Int(state)) {
          let string = Int(automaton.outputs[output])
          let start = end - lengths[string]
          if isBounded(edges[string], Int(start), Int(end), batch.bytes, range) {
            found.append(LiteralHit(start: start, end: end, literal: literals[string]))
          }
        }
        state = automaton.suffixLinks[Int(state)]
      }
    }
  }

  private func isBounded(
    _ edges: Edges, _ start: Int, _ end: Int, _ bytes: [UInt8], _ range: Range<Int>
  ) -> Bool {
    let lower = range.lowerBound + start
    let upper = range.lowerBound + end
    if edges.contains(.start), lower > range.lowerBound {
      let byte = bytes[lower - 1]
      if byte < 0x80 {
        if Self.isWord(byte) { return false }
      } else {
        let before = UTF8Decoding.scalar(in: bytes, before: lower)
        if CharacterTable.wordClass(of: before) == .word { return false }
      }
    }
    if edges.contains(.end), upper < range.upperBound {
      let byte = bytes[upper]
      if byte < 0x80 {
        if Self.isWord(byte) { return false }
      } else {
        let after = UTF8Decoding.scalar(in: bytes, at: upper).value
        if CharacterTable.wordClass(of: after) == .word { return false }
      }
    }
    return true
  }

  /// Whether an ASCII character is part of a word.
  private static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
  }
}

extension AhoCorasick {
  /// The indices of the outputs of a state.
  func outputs(of state: Int) -> Range<Int> {
    Int(outputStarts[state])..<Int(outputStarts[state + 1])
  }
}
