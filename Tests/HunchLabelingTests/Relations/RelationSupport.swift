import HunchLabeling
import HunchText

/// The pair of the tests: columns `first` and `second`, entities of `companies`.
let companyPair = MentionPair(in: "companies")
/// A pair whose names stand for themselves.
let plainPair = MentionPair()

/// Six invented companies; two share the alias "Sol".
func companies() throws -> KnowledgeBase {
  try base(
    "companies", columns: ["id", "name", "aliases", "country"], names: ["name", "aliases"],
    [
      ["norvane", "Norvane Systems plc", "Norvane;Norvane Systems", "GB"],
      ["belltrick", "Belltrick Ltd", "Belltrick", "IE"],
      ["sol-es", "Solvanta S.A.", "Solvanta;Sol", "ES"],
      ["sol-pt", "Solmar", "Sol", "PT"],
      ["straße", "Straßenbau Größe AG", "Größe", "DE"],
      ["norvane-energy", "Norvane Energy", "", "GB"],
    ])
}

/// Known deals by any names of the companies.
func deals() throws -> KnowledgeBase {
  try base(
    "deals", columns: ["buyer", "target", "year"], names: ["buyer"],
    [
      ["Norvane Systems", "Belltrick", "2019"], ["belltrick", "Solvanta S.A.", "2021"],
      ["Sol", "Größe", "2003"], ["Unknown Brothers", "norvane", "1999"], ["norvane", "", "2000"],
      ["Norvane", "BELLTRICK LTD", "2023"],
    ])
}

/// A base whose first column is the key, and whose columns with names hold several, separated by
/// semicolons.
func base(
  _ name: String, columns: [String], names: [String], _ rows: [[String]]
) throws -> KnowledgeBase {
  let layout = TableLayout(
    source: "\(name).csv", key: columns[0], names: names.map { NameColumn($0, separator: ";") })
  var builder = try KnowledgeBuilder(name: name, columns: columns, layout: layout)
  for row in rows { try builder.add(row) }
  return try builder.finish()
}

/// A document with a pair.
func pairDocument(_ text: String, _ first: String?, _ second: String?) -> SampleDocument {
  SampleDocument(
    text: text,
    fields: [
      "first": first.map(FieldContent.text) ?? .null,
      "second": second.map(FieldContent.text) ?? .null,
    ])
}

/// What a closure over the pair sees in a document; `nil` where the pair is not found.
func seen(
  _ pair: MentionPair, _ document: SampleDocument,
  _ body: @escaping @Sendable (MentionedPair) -> String
) throws -> String? {
  let box = Box()
  let rule = Heuristic<Topic>("h", over: pair) { mentioned in
    box.text = body(mentioned)
    return .red
  }
  _ = try votes(rule, [document], knowledge: [try companies()])
  return box.text
}

/// Carries a text out of a closure.
private final class Box: @unchecked Sendable {
  var text: String?
}
