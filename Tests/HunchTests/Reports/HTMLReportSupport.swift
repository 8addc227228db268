import Foundation
import GRDB
import Hunch
import ProjectSupport
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A project in a temporary folder whose votes come from a file; removed with this value.
final class HTMLProject {
  struct Document {
    var id: String
    var text: String
    var gold: String?
    var split = "train"
    /// The class that each function votes for.
    var votes: [String?]
  }

  let directory: URL

  init(labels: [String], functions: [String], documents: [Document]) throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("hunch-html-\(UUID().uuidString)")
      .appendingPathComponent("project")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let database = try DatabaseQueue(path: path("corpus.sqlite"))
    try database.write { db in
      try db.execute(
        sql: "CREATE TABLE documents(id TEXT PRIMARY KEY, text TEXT, gold TEXT, split TEXT)")
      for document in documents {
        try db.execute(
          sql: "INSERT INTO documents VALUES (?, ?, ?, ?)",
          arguments: [document.id, document.text, document.gold, document.split])
      }
    }
    try database.close()
    let header = (["id"] + functions).map(Self.quoted).joined(separator: ",")
    let rows = documents.map { document in
      ([document.id] + document.votes.map { $0 ?? "" }).map(Self.quoted).joined(separator: ",")
    }
    try write("votes.csv", ([header] + rows).joined(separator: "\n") + "\n")
    let names = labels.map { "'\($0.replacingOccurrences(of: "'", with: "''"))'" }
    try write(
      "hunch.yaml",
      """
      labels: [\(names.joined(separator: ", "))]
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text, gold: gold, split: split }
      votes:
        - path: votes.csv

      """)
  }

  deinit { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }

  func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  func pipeline(workspace: String? = nil, threads: Int = 2) throws -> ProjectSteps {
    let project = try Project(
      directory: directory.path, packs: [], workspace: workspace.map(path))
    return try ProjectSteps(project, options: SessionOptions(threads: threads))
  }

  func report(texts: Bool = true) throws -> String {
    try pipeline().htmlReport(texts: texts)
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: directory.appendingPathComponent(name))
  }

  /// By scalars: as a `Character`, a quote with a combining mark is not a quote.
  private static func quoted(_ cell: String) -> String {
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    return String(quoted) + "\""
  }
}

/// A page read by an XML parser: proof that it is well-formed, and what it consists of.
final class HTMLOutline: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  private(set) var text = ""

  /// - Throws: What the parser complains about.
  init(_ html: String) throws {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() {
      throw parser.parserError ?? CocoaError(.fileReadCorruptFile)
    }
  }

  func values(of attribute: String) -> [String] {
    attributes.filter { $0.name == attribute }.map(\.value)
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[element, default: 0] += 1
    for (name, value) in attributes { self.attributes.append((element, name, value)) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

extension HTMLProject {
  /// Documents whose words tell their class, with functions of which each speaks for one class and
  /// errs now and then.
  static func synthetic(
    classes: Int, functions: Int, documents: Int, gold: Bool, seed: UInt64 = 7
  ) throws -> HTMLProject {
    var random = SplitMix64(seed: seed)
    let labels = (0..<classes).map { "class_\($0)" }
    let rows = (0..<documents).map { index -> Document in
      let truth = Int.random(in: 0..<classes, using: &random)
      let votes = (0..<functions).map { function -> String? in
        let own = function % classes
        let chance = own == truth ? 0.4 : 0.05
        return Double.random(in: 0..<1, using: &random) < chance ? labels[own] : nil
      }
      let split = index % 10 == 0 ? "test" : index % 10 == 1 ? "valid" : "train"
      return Document(
        id: "d\(index)", text: "word\(truth) and word\(Int.random(in: 0..<50, using: &random))",
        gold: gold && split != "train" ? labels[truth] : nil, split: split, votes: votes)
    }
    return try HTMLProject(
      labels: labels, functions: (0..<functions).map { "function_\($0)" }, documents: rows)
  }
}
