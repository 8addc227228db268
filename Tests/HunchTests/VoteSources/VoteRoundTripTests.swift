import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// What is exported reads back as it was, whatever classes and functions are called.
@Suite struct VoteRoundTripTests {
  private static let functions = ["f", "g, \"h\"", "ABSTAIN"]

  private static func json(_ names: [String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(names), as: UTF8.self)
  }

  /// A project whose votes come from a file, with two documents more than there are classes.
  private func project(_ labels: [String], _ file: String) throws -> TestProject {
    let project = try TestProject(
      TestProject.configuration("labels: \(Self.json(labels))", votes: [file]))
    try project.makeCorpus((0..<labels.count + 2).map { "text \($0)" })
    return project
  }

  /// For each document the class of each function, nil where it abstains.
  private static func votes(_ classes: Int) -> [[Int?]] {
    (0..<classes + 2).map { document in
      [
        document < classes ? document : nil, document == 0 ? nil : (document * 2) % classes,
        document < 2 ? classes - 1 : nil,
      ]
    }
  }

  private func write(_ votes: [[Int?]], _ labels: [String], _ path: String) throws {
    let writer = try TableWriter(path: path, columns: ["id"] + Self.functions)
    for (document, cells) in votes.enumerated() {
      let names = cells.map { $0.map { TableValue.text(labels[$0]) } ?? .null }
      try writer.write([.integer(document + 1)] + names)
    }
    try writer.finish()
  }

  static let indexed = [
    ["ham", "spam"], ["a,b", "say \"x\"", "two\nlines"], ["größe", "Größe", "日本"],
    ["not spam", " spam", "spam"], ["NA", "None", "nan"], ["true", "false"],
    ["id", "split", "covered", "label", "text"], ["0.5", "1.5"], ["ABSTAIN", "abstain"],
    ["'", "\\"],
  ]

  static let numbered = [
    ["1", "2", "3", "4", "5"], ["-1", "0", "1"], ["ham", "-1"], ["0", "x"], ["0.5", "1", "1.5"],
    ["1.0", "1"], ["01", "1"], ["2024", "2025"], ["1e3", "NaN"], [" 7", "\"8\""],
  ]

  @Test(arguments: indexed + numbered, ["csv", "tsv", "jsonl"])
  func whatIsExportedReadsBackAsItWas(_ labels: [String], _ format: String) throws {
    let first = try project(labels, "v.jsonl")
    let votes = Self.votes(labels.count)
    try write(votes, labels, first.path("v.jsonl"))
    let file = "e.\(format)"
    _ = try first.pipeline().export(.votes, to: first.path(file))

    // What the export says, read as a plain table.
    let reader = try TableReader(path: first.path(file))
    #expect(reader.columns == ["id"] + Self.functions)
    let hasNames = Self.numbered.contains(labels)
    for (document, expected) in votes.enumerated() {
      let row = try #require(try reader.next())
      let cells = expected.map { vote -> String? in
        if hasNames { return vote.map { labels[$0] } ?? (format == "jsonl" ? nil : "") }
        return "\(vote ?? -1)"
      }
      #expect(row.values == ["\(document + 1)"] + cells)
    }

    let second = try project(labels, file)
    try second.write(file, first.bytes(file))
    let pipeline = try second.pipeline()
    _ = try pipeline.export(.votes, to: second.path("again.\(format)"))
    #expect(try second.bytes("again.\(format)") == first.bytes(file))
    let read = try pipeline.labelTasks(
      LabelRequest(
        use: .audit, count: votes.count, documents: votes.indices.map { "\($0 + 1)" }))
    #expect(
      read.map { $0.votes.map(\.label) }
        == votes.map { $0.compactMap { $0.map { labels[$0] } } })
  }

  private static let id = """
    labels: [en, id, ms]
    corpus: { path: corpus.sqlite, table: documents, id: doc, text: text }
    votes:
    """

  private func languages(_ votes: String) throws -> TestProject {
    let project = try TestProject(Self.id + votes)
    try project.execute(
      """
      CREATE TABLE documents(doc TEXT, text TEXT);
      INSERT INTO documents VALUES ('a', 'rumah'), ('b', 'house'), ('c', 'bila'), ('d', 'the')
      """)
    return project
  }

  @Test(arguments: [
    ("csv", "id,split,id,label\na,-1,1,1\nb,-1,0,0\nc,2,-1,2\nd,0,-1,-1\n"),
    ("tsv", "id\tsplit\tid\tlabel\na\t-1\t1\t1\nb\t-1\t0\t0\nc\t2\t-1\t2\nd\t0\t-1\t-1\n"),
    (
      "jsonl",
      """
      {"id":"a","votes":{"split":-1,"id":1,"label":1}}
      {"id":"b","votes":{"split":-1,"id":0,"label":0}}
      {"id":"c","votes":{"split":2,"id":-1,"label":2}}
      {"id":"d","votes":{"split":0,"id":-1,"label":-1}}

      """
    ),
  ])
  func aFunctionCalledID(format: String, expected: String) throws {
    let project = try languages(
      """

        - { path: s.csv, name: split, label: x }
        - { path: i.csv, name: id, document: key, label: x }
        - { path: l.csv, name: label, label: x }
      """)
    try project.write("s.csv", "id,x\nc,ms\nd,en\n")
    try project.write("i.csv", "key,id,x\na,en,id\nb,en,en\n")
    try project.write("l.csv", "id,x\na,id\nb,en\nc,ms\n")
    _ = try project.pipeline().export(.votes, to: project.path("e.\(format)"))
    #expect(try project.text("e.\(format)") == expected)
    let again = try languages(" [{ path: e.\(format) }]")
    try again.write("e.\(format)", expected)
    _ = try again.pipeline().export(.votes, to: again.path("f.\(format)"))
    #expect(try again.text("f.\(format)") == expected)
  }

  @Test func classesCalledLikeColumns() throws {
    let project = try languages(" [{ path: v.csv }]")
    try project.write("v.csv", "id,f,g\na,id,id\nb,en,en\nc,ms,ms\nd,en,\n")
    for kind in [ExportKind.posteriors, .predictions] {
      _ = try project.pipeline().export(kind, to: project.path("e.csv"))
      let rows = try project.rows("e.csv")
      let fixed =
        kind == .posteriors ? ["id", "split", "covered", "label"] : ["id", "split", "label"]
      #expect(rows[0] == fixed + ["en", "id", "ms"])
      let label = rows[1][fixed.count - 1]
      #expect(rows.count == 5 && rows[1][0] == "a")
      if kind == .posteriors { #expect(label == "id") }
      _ = try project.pipeline().export(kind, to: project.path("e.jsonl"))
      let lines = try project.text("e.jsonl").split(separator: "\n")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
      #expect(object.keys.sorted() == (fixed + ["probabilities"]).sorted())
      let probabilities = try #require(object["probabilities"] as? [String: Double])
      #expect(object["id"] as? String == "a" && object["label"] as? String == label)
      for (name, cell) in zip(["en", "id", "ms"], rows[1].suffix(3)) {
        let (one, other) = (try #require(probabilities[name]), try #require(Double(cell)))
        #expect(abs(one - other) < 1e-12)
      }
    }
  }
}
