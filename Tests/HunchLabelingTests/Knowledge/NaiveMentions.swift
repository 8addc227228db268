import Foundation
import HunchLabeling
import HunchText

/// The obvious way to find names: every spelling of every name is tried at every place.
enum NaiveMentions {
  /// A mention: scalars of the text, and the rows that are meant.
  struct Found: Equatable {
    var range: Range<Int>
    var rows: [Int]
  }

  static func find(
    _ names: [(name: String, row: Int)], in text: String, _ options: GazetteerOptions
  ) -> [Found] {
    let compared = Array(text.unicodeScalars).map { compare($0, options) }
    // Marks that are taken away belong to what stands before them.
    let scalars = compared.flatMap { $0 }
    let places = compared.indices.flatMap { place in compared[place].map { _ in place } }
    let spellings = spellings(names, options)
    var found: [Found] = []
    var start = 0
    while start < scalars.count {
      var longest: (end: Int, rows: [Int])?
      var ends: [(end: Int, rows: [Int])] = []
      for (spelling, rows) in spellings {
        guard let end = match(spelling, scalars, start) else { continue }
        ends.append((end, rows))
        if end > longest?.end ?? 0 { longest = (end, rows) }
      }
      func add(_ end: Int, _ rows: [Int]) {
        let last = end < places.count ? places[end] : compared.count
        found.append(Found(range: places[start]..<last, rows: rows))
      }
      if options.contains(.overlapping) {
        for (end, rows) in ends.sorted(by: { $0.end < $1.end }) { add(end, rows) }
        start += 1
      } else if let longest {
        add(longest.end, longest.rows)
        start = longest.end
      } else {
        start += 1
      }
    }
    return found
  }

  /// The scalars of each spelling with its rows.
  private static func spellings(
    _ names: [(name: String, row: Int)], _ options: GazetteerOptions
  ) -> [[UInt32]: [Int]] {
    // Names that are the same by canonical equivalence have the rows of each other.
    var groups: [[UInt32]: [Int]] = [:]
    var forms: [[UInt32]: [UInt32]] = [:]
    for (name, row) in names {
      let all = self.forms(name, options)
      guard let group = all.first else { continue }
      let known = forms[group] ?? group
      if groups[known]?.last != row { groups[known, default: []].append(row) }
      for form in all where forms[form] == nil { forms[form] = known }
    }
    var spellings = forms.mapValues { groups[$0] ?? [] }
    guard options.contains(.plurals) else { return spellings }
    var plurals: [[UInt32]: Set<Int>] = [:]
    for (form, rows) in spellings {
      for plural in self.plurals(form) where spellings[plural] == nil {
        plurals[plural, default: []].formUnion(rows)
      }
    }
    for (plural, rows) in plurals { spellings[plural] = rows.sorted() }
    return spellings
  }

  private static func forms(_ name: String, _ options: GazetteerOptions) -> [[UInt32]] {
    let isFolded = options.isDisjoint(with: [.caseSensitive, .ignoringDiacritics])
    let base = isFolded ? name.foldedByScalar : name
    var forms: [[UInt32]] = []
    for form in [
      base.decomposedStringWithCanonicalMapping, base, base.precomposedStringWithCanonicalMapping,
    ] {
      let scalars = form.unicodeScalars.flatMap { compare($0, options) }
      let words = scalars.split { isWhite($0) }
      let joined = Array(words.joined(separator: [0x20]))
      if !joined.isEmpty, !forms.contains(joined) { forms.append(joined) }
    }
    return forms
  }

  private static func plurals(_ form: [UInt32]) -> [[UInt32]] {
    let scalars = form.suffix(2).compactMap(Unicode.Scalar.init)
    guard scalars.count == 2, scalars.allSatisfy({ $0.isASCII && $0.properties.isAlphabetic })
    else { return [] }
    let end = String(String.UnicodeScalarView(scalars)).lowercased()
    func ending(_ suffix: String, dropping: Int = 0) -> [UInt32] {
      form.dropLast(dropping) + suffix.unicodeScalars.map(\.value)
    }
    if end.hasSuffix("y"), !"aeiou".contains(end.prefix(1)) { return [ending("ies", dropping: 1)] }
    if ["s", "x", "z"].contains(String(end.suffix(1))) || end == "ch" || end == "sh" {
      return [ending("es")]
    }
    return end.hasSuffix("o") ? [ending("s"), ending("es")] : [ending("s")]
  }

  private static func compare(
    _ scalar: Unicode.Scalar, _ options: GazetteerOptions
  ) -> [UInt32] {
    var scalars = [scalar]
    if options.contains(.ignoringDiacritics) {
      let parts = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
      let kept = parts.filter { !(0x300...0x36F).contains($0.value) }
      if kept.count < parts.count { scalars = kept }
      if scalar == "ø" || scalar == "Ø" { scalars = [scalar == "ø" ? "o" : "O"] }
      if scalar == "ł" || scalar == "Ł" { scalars = [scalar == "ł" ? "l" : "L"] }
    }
    if options.contains(.caseSensitive) { return scalars.map(\.value) }
    return scalars.map { CharacterTable.fold($0.value) }
  }

  private static func isWhite(_ value: UInt32) -> Bool {
    Unicode.Scalar(value)?.properties.isWhitespace == true
  }

  /// The place behind a spelling that begins at a place as whole words.
  private static func match(_ spelling: [UInt32], _ text: [UInt32], _ start: Int) -> Int? {
    func isWord(_ value: UInt32) -> Bool { CharacterTable.wordClass(of: value) == .word }
    if start > 0, isWord(text[start - 1]), isWord(spelling[0]) { return nil }
    var place = start
    for scalar in spelling {
      if scalar == 0x20 {
        let first = place
        while place < text.count, isWhite(text[place]) { place += 1 }
        if place == first { return nil }
      } else {
        guard place < text.count, text[place] == scalar else { return nil }
        place += 1
      }
    }
    if place < text.count, isWord(text[place]), isWord(spelling[spelling.count - 1]) { return nil }
    return place
  }
}
