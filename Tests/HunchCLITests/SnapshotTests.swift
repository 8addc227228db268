import Foundation
import Testing

@Suite("What the commands print")
struct SnapshotTests {
  static let commands = [
    "run", "apply", "ask", "analyze", "conflicts", "workers", "fit", "train", "evaluate", "predict",
    "serve", "explain", "suggest", "draft", "label", "runs", "compare", "watch", "report", "import",
    "candidates",
    "export",
    "model", "projects", "new", "test", "editor",
  ]

  @Test("the help of every command", arguments: [""] + commands)
  func help(command: String) throws {
    let folder = try Folder()
    let arguments = (command.isEmpty ? [] : [command]) + ["--help"]
    let text = try HunchBinary.succeed(arguments, in: folder)
    try Snapshot.check(text, command.isEmpty ? "help" : "help-\(command)")
  }

  @Test("every command has its help in the overview")
  func overview() throws {
    let text = try HunchBinary.succeed(["--help"], in: Folder())
    for command in Self.commands { #expect(text.contains("\n  \(command) ")) }
  }

  @Test(
    "tables on a small project",
    arguments: ["analyze", "conflicts", "fit", "evaluate"])
  func tables(command: String) throws {
    let folder = try Projects.fruit()
    let text = try HunchBinary.succeed([command], in: folder)
    try Snapshot.check(text, "fruit-\(command)")
    #expect(!text.contains("\u{1B}"), "no colour where output is no terminal")
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
  }

  @Test("warnings stand on standard error, and --quiet leaves them out")
  func warnings() throws {
    let folder = try Projects.fruit()
    let loud = try HunchBinary.run(["evaluate", "--buckets", "--split", "test"], in: folder)
    let quiet = try HunchBinary.run(
      ["evaluate", "--buckets", "--split", "test", "--quiet"], in: folder)
    #expect(loud.errors.hasPrefix("warning: rules that are fitted to documents of the test split"))
    #expect(quiet.errors.isEmpty)
    #expect(loud.output == quiet.output)
  }

  @Test("the explanation of a document")
  func explain() throws {
    let folder = try Projects.fruit()
    try Snapshot.check(try HunchBinary.succeed(["explain", ".", "7"], in: folder), "fruit-explain")
  }

  @Test("the documents that an evaluation lists")
  func worst() throws {
    let folder = try Projects.fruit()
    let text = try HunchBinary.succeed(["evaluate", "--worst", "3", "--texts"], in: folder)
    try Snapshot.check(text, "fruit-evaluate-worst")
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
    #expect(text.hasSuffix("'hunch explain DIR ID' shows why a document got its labels\n"))
    let report = try HunchBinary.json(["evaluate", "--worst", "2"], in: folder)
    let worst = try #require(report["worst"] as? [[String: Any]])
    #expect(
      Set(worst[0].keys)
        == ["id", "split", "gold", "loss", "label_model", "classifier", "votes"])
    let disagreements = try #require(report["disagreements"] as? [[String: Any]])
    #expect(disagreements[0]["divergence"] is Double && disagreements.count == 2)
    let classifier = try #require(report["classifier"] as? [String: Any])
    let bins = try #require(classifier["reliability"] as? [[String: Any]])
    #expect(
      bins.allSatisfy { Set($0.keys) == ["lower", "upper", "count", "confidence", "accuracy"] })
    #expect(bins.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == classifier["documents"] as? Int)
    #expect(try HunchBinary.run(["evaluate", "--worst", "0"], in: folder).status == 64)
    #expect(try HunchBinary.run(["evaluate", "--texts"], in: folder).status == 64)
  }

  @Test("how sure the classifier has to be")
  func precision() throws {
    let folder = try Projects.fruit()
    let text = try HunchBinary.succeed(["evaluate", "--precision", "0.4"], in: folder)
    try Snapshot.check(text, "fruit-evaluate-precision")
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
    for words in [
      ["--precision", "0"], ["--precision", "95"], ["--precision", "nan"], ["--certain"],
    ] {
      #expect(try HunchBinary.run(["evaluate"] + words, in: folder).status == 64)
    }
  }

  @Test("errors by classes and votes")
  func buckets() throws {
    let folder = try Projects.fruit()
    let text = try HunchBinary.succeed(["evaluate", "--buckets"], in: folder)
    try Snapshot.check(text, "fruit-evaluate-buckets")
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
    let report = try HunchBinary.json(["evaluate", "--buckets"], in: folder)
    let buckets = try #require(report["buckets"] as? [String: Any])
    #expect(Set(buckets.keys) == ["split", "documents", "buckets"])
    let bucket = try #require((buckets["buckets"] as? [[String: Any]])?.first)
    #expect(
      Set(bucket.keys)
        == ["gold", "predicted", "documents", "functions", "without_votes", "patterns"])
  }

  @Test("one function with its documents")
  func function() throws {
    let folder = try Projects.fruit()
    let names = try #require(
      try HunchBinary.json(["analyze"], in: folder)["functions"] as? [[String: Any]])
    let name = try #require(names.first?["name"] as? String)
    let text = try HunchBinary.succeed(["analyze", "--function", name, "--texts"], in: folder)
    try Snapshot.check(text, "fruit-analyze-function")
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
    let unknown = try HunchBinary.run(["analyze", "--function", name + "x"], in: folder)
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean '\(name)'?"))
    #expect(try HunchBinary.run(["analyze", "--texts"], in: folder).status == 64)
  }

  @Test("what to do next")
  func suggestions() throws {
    let folder = try Projects.fruit()
    let documents = try HunchBinary.succeed(
      ["suggest", "documents", "--count", "3", "--texts"], in: folder)
    try Snapshot.check(documents, "fruit-suggest-documents")
    let functions = try HunchBinary.run(["suggest", "functions", "--count", "2"], in: folder)
    try Snapshot.check(functions.output, "fruit-suggest-functions")
    for line in (documents + functions.output).split(separator: "\n") {
      #expect(line.count <= 100)
    }
    let report = try HunchBinary.json(["suggest", "documents", "--count", "2"], in: folder)
    #expect(Set(report.keys) == ["choice", "candidates", "sampled_one_in", "documents"])
    let ids = try HunchBinary.succeed(
      ["suggest", "documents", "--count", "2", "--ids"], in: folder)
    let listed = try #require(report["documents"] as? [[String: Any]])
    #expect(ids == listed.compactMap { ($0["id"] as? String).map { $0 + "\n" } }.joined())
    #expect(
      try HunchBinary.run(["suggest", "documents", "--split", "test"], in: folder).status == 64)
    #expect(
      try HunchBinary.run(["suggest", "functions", "--class", "none"], in: folder).status == 64)
  }

  @Test("the help of what to do next", arguments: ["documents", "functions"])
  func suggestHelp(command: String) throws {
    let text = try HunchBinary.succeed(["suggest", command, "--help"], in: Folder())
    try Snapshot.check(text, "help-suggest-\(command)")
  }

  @Test("an import with a join and rejected rows")
  func imported() throws {
    let folder = try Folder()
    try folder.write("notes.csv", "id,text,shop\n1,plum,a\n2,pear\n3,fig,b\n3,date,b\n4,,c\n")
    try folder.write("shops.csv", "shop,town\na,Bath\nb,York\nd,Hull\n")
    let text = try HunchBinary.succeed(
      [
        "import", "notes.csv", "--into", "c.sqlite", "--text", "text", "--join",
        "shops.csv:shop=shop", "--rejected", "rejected.csv", "--keep-going",
      ], in: folder)
    try Snapshot.check(text, "import")
    try Snapshot.check(try folder.text("rejected.csv"), "import-rejected")
  }

  @Test("tables of the example fit 100 columns")
  func width() throws {
    let folder = try Projects.supportMessages()
    for line in try HunchBinary.succeed(["run"], in: folder).split(separator: "\n") {
      #expect(line.count <= 100, "\(line)")
    }
  }
}
