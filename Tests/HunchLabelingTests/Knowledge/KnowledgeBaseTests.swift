import Foundation
import HunchLabeling
import TestSupport
import Testing

private func artists(_ rows: [[String]]) throws(KnowledgeError) -> KnowledgeBase {
  try KnowledgeBase(
    name: "artists", source: "artists.csv", columns: ["id", "name", "genre"], key: "name",
    rows: rows)
}

private func hash(_ base: KnowledgeBase) -> [UInt8] {
  var bytes: [UInt8] = []
  base.hash { bytes += $0 }
  return bytes
}

@Suite struct KnowledgeBaseTests {
  @Test func answersFromItsCells() throws {
    let base = try artists([
      ["1", "Björk", "pop"], ["2", " Fela Kuti ", "afrobeat"], ["3", "", "none"], ["4", "björk"],
      ["5", "  ", "none"], ["6"],
    ])
    #expect(base.count == 3)
    #expect(base.skippedRows == 3)
    #expect(base.keys == ["Björk", "Fela Kuti", "björk"])
    #expect(base.key(ofRow: 1) == "Fela Kuti")
    #expect(base.value(row: 1, column: "name") == " Fela Kuti ")
    #expect(base.value(row: 0, column: "genre") == "pop")
    #expect(base.value(row: 2, column: "genre") == "")
    #expect(base.value(row: 2, column: "id") == "4")
    #expect(base.value(row: 0, column: "Genre") == nil)
    #expect(base.keyColumn == "name")
    #expect(base.columns == ["id", "name", "genre"])
  }

  @Test func looksUpKeysInAnySpelling() throws {
    let base = try artists([
      ["1", "Björk"], ["2", "FELA KUTI"], ["3", "björk"], ["4", "Ṣẹ́gun"], ["5", "ΟΔΟΣ"],
      ["6", "ǰ"],
    ])
    #expect(base.rows(forKey: "BJÖRK") == [0, 2])
    #expect(base.rows(forKey: "Bjo\u{308}rk") == [0, 2])
    #expect(base.rows(forKey: "björk", caseSensitive: true) == [2])
    #expect(base.rows(forKey: "\tfela kuti\n") == [1])
    #expect(base.rows(forKey: "ṣẹ́gun".decomposedStringWithCanonicalMapping) == [3])
    #expect(base.rows(forKey: "οδος") == [4])
    #expect(base.rows(forKey: "J\u{30C}") == [5])
    #expect(base.rows(forKey: "fela") == [])
    #expect(base.rows(forKey: "") == [])
  }

  @Test(arguments: 1...10)
  func agreesWithADictionary(_ seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let rows = (0..<300).map { index in
      [String(index), random.text(of: ["a", "B", "é", "e\u{301}", " "], length: 0...4), "x"]
    }
    let base = try artists(rows)
    func key(_ text: String) -> String {
      text.decomposedStringWithCanonicalMapping.lowercased()
        .trimmingCharacters(in: .whitespaces)
    }
    let kept = rows.filter { !key($0[1]).isEmpty }
    #expect(base.count == kept.count)
    #expect(base.skippedRows == rows.count - kept.count)
    let expected = Dictionary(grouping: kept.indices, by: { key(kept[$0][1]) })
    for (index, row) in kept.enumerated() {
      #expect(base.rows(forKey: row[1]) == expected[key(row[1])])
      #expect(base.value(row: index, column: "id") == row[0])
    }
  }

  @Test func hashesItsContentAlone() throws {
    let base = try artists([["1", "ab", ""], ["2", "c"]])
    #expect(hash(base) == hash(try artists([["1", "ab", ""], ["2", "c", ""], ["", "", "x"]])))
    let renamed = try KnowledgeBase(
      name: "singers", source: "other.csv", columns: ["id", "name", "genre"], key: "name",
      rows: [["1", "ab"], ["2", "c"]])
    #expect(hash(base) == hash(renamed))
    let others = try [
      artists([["1", "a", "b"], ["2", "c"]]), artists([["2", "c"], ["1", "ab"]]),
      artists([["1", "ab"]]), artists([["1", "ab", "2"], ["", "c"]]),
      artists([["1", "Ab"], ["2", "c"]]),
      KnowledgeBase(
        name: "artists", source: "artists.csv", columns: ["id", "name", "genre"], key: "id",
        rows: [["1", "ab"], ["2", "c"]]),
      KnowledgeBase(
        name: "artists", source: "artists.csv", columns: ["id", "name", "style"], key: "name",
        rows: [["1", "ab"], ["2", "c"]]),
      KnowledgeBase(
        name: "artists", source: "artists.csv", columns: ["id", "name"], key: "name",
        rows: [["1", "ab"], ["2", "c"]]),
    ]
    for other in others { #expect(hash(other) != hash(base)) }
  }

  @Test func storesManyRowsCompactly() throws {
    let count = 20_000
    let base = try KnowledgeBase(
      name: "many", source: "many.csv", columns: ["name", "value"], key: "name",
      rows: (0..<count).lazy.map { ["name \($0)", String($0)] })
    #expect(base.count == count)
    #expect(base.rows(forKey: "NAME 19999") == [19_999])
    #expect(base.memory < 64 * count)
    #expect(hash(base).count > 8 * 2 * count)
  }

  // MARK: - Errors

  private func message(_ body: () throws(KnowledgeError) -> KnowledgeBase) -> String {
    do {
      _ = try body()
      return "no error"
    } catch {
      return error.description
    }
  }

  private func base(
    columns: [String], key: String, rows: [[String]]
  ) throws(KnowledgeError) -> KnowledgeBase {
    try KnowledgeBase(
      name: "artists", source: "artists.csv", columns: columns, key: key, rows: rows)
  }

  @Test func explainsWhatIsWrong() {
    #expect(
      message { () throws(KnowledgeError) in try artists([]) }
        == "knowledge base 'artists': artists.csv has no rows")
    #expect(
      message { () throws(KnowledgeError) in try artists([["1"], ["2", " "]]) }
        == "knowledge base 'artists': none of the 2 rows of artists.csv has a key")
    #expect(
      message { () throws(KnowledgeError) in
        try base(columns: ["id", "name"], key: "nmae", rows: [])
      } == "knowledge base 'artists': artists.csv has no column 'nmae'; did you mean 'name'?")
    #expect(
      message { () throws(KnowledgeError) in try base(columns: ["id", "n"], key: "key", rows: []) }
        == "knowledge base 'artists': artists.csv has no column 'key'; its columns are 'id', 'n'")
    #expect(
      message { () throws(KnowledgeError) in
        try base(columns: ["id", "id"], key: "id", rows: [])
      } == "knowledge base 'artists': artists.csv has two columns 'id'")
    #expect(
      message { () throws(KnowledgeError) in
        try base(columns: ["id"], key: "id", rows: [["1"], ["2", "x"]])
      } == "knowledge base 'artists': row 2 of artists.csv has 2 cells for 1 columns")
  }
}

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("spma", "spam"), ("SPAM", "spam"), ("label_modle", "label_model"), ("hem", "ham"),
    ("corpsu", "corpus"), ("knowlege", "knowledge"),
    ("spam_label", "spam"), ("class label model", "label_model"), ("balance", "class_balance"),
  ])
  func suggestsTheNearestName(_ written: String, _ meant: String) {
    let names = ["ham", "spam", "corpus", "label_model", "knowledge", "class_balance"]
    #expect(nearest(written, in: names) == meant)
  }

  @Test func suggestsNothingFarAway() {
    #expect(nearest("zebra", in: ["ham", "spam"]) == nil)
    #expect(nearest("x", in: ["y"]) == nil)
    #expect(nearest("", in: ["ham"]) == nil)
    #expect(nearest("goldfish", in: ["gold"]) == nil)
    #expect(nearest("ham", in: []) == nil)
    #expect(nearest("hat", in: ["cat", "ham"]) == "cat", "the first of equally near names")
  }
}
