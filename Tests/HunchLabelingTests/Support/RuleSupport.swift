import HunchLabeling
import HunchText

/// The classes of the tests of rules.
enum Topic: String, LabelSet { case red, green, blue }

/// A document of a test: a text and fields.
struct SampleDocument: Sendable {
  var text: String
  var fields: [String: FieldContent] = [:]
}

/// A pack of the given definitions, named `r0`, `r1` and so on where they have no name.
func pack(_ definitions: [RuleDefinition]) -> RulePack {
  var named = definitions
  for index in named.indices where named[index].name == nil { named[index].name = "r\(index)" }
  return RulePack("sample", for: Topic.self) { named }
}

/// Compiles and runs the functions of a pack on documents, all of one batch.
func evaluate(
  _ pack: RulePack, _ documents: [SampleDocument], knowledge: [KnowledgeBase] = []
) throws -> (columns: [[Int16]], failures: [RuleFailure]) {
  let bases = Dictionary(uniqueKeysWithValues: knowledge.map { ($0.name, $0) })
  let program = try RuleProgram(
    pack, functions: Array(pack.functions.indices), knowledge: bases)
  var fields: [String: [FieldContent]] = [:]
  for name in program.fields { fields[name] = documents.map { $0.fields[name] ?? .null } }
  let votes = program.makeWorker().evaluate(
    DocumentBatch(texts: TextBatch(documents.map(\.text)), fields: fields))
  let columns = votes.columns.map { column in documents.indices.map { column[$0] } }
  return (columns, votes.failures)
}

/// The votes of one rule on texts, by class name; `nil` where it abstains.
func votes(
  _ rule: some Rule<Topic>, _ texts: [String], knowledge: [KnowledgeBase] = []
) throws -> [Topic?] {
  try votes(rule, texts.map { SampleDocument(text: $0) }, knowledge: knowledge)
}

/// The votes of one rule on documents.
func votes(
  _ rule: some Rule<Topic>, _ documents: [SampleDocument], knowledge: [KnowledgeBase] = []
) throws -> [Topic?] {
  let columns = try evaluate(pack([rule.definition]), documents, knowledge: knowledge).columns
  return columns[0].map { $0 < 0 ? nil : Topic.allCases[Int($0)] }
}

/// A knowledge base of two columns: the key and another.
func base(_ name: String, key: String, _ column: String, _ rows: [[String]]) throws -> KnowledgeBase
{
  try KnowledgeBase(
    name: name, source: "\(name).csv", columns: [key, column], key: key, rows: rows)
}
