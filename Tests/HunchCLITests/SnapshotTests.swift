import Foundation
import Testing

@Suite("What the commands print")
struct SnapshotTests {
  static let commands = [
    "run", "apply", "analyze", "conflicts", "fit", "train", "evaluate", "predict", "serve",
    "explain", "report", "import", "export", "model", "projects", "new",
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
    let loud = try HunchBinary.run(["analyze"], in: folder)
    let quiet = try HunchBinary.run(["analyze", "--quiet"], in: folder)
    #expect(loud.errors == "warning: never vote here: silent\n")
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

  @Test("an import with a join and rejected rows")
  func imported() throws {
    let folder = try Folder()
    try folder.write("notes.csv", "id,text,shop\n1,plum,a\n2,pear\n3,fig,b\n3,date,b\n4,,c\n")
    try folder.write("shops.csv", "shop,town\na,Bath\nb,York\nd,Hull\n")
    let text = try HunchBinary.succeed(
      [
        "import", "notes.csv", "--into", "c.sqlite", "--text", "text", "--join",
        "shops.csv:shop=shop", "--rejected", "rejected.csv",
      ], in: folder)
    try Snapshot.check(text, "import")
    try Snapshot.check(try folder.read("rejected.csv"), "import-rejected")
  }

  @Test("tables of the example fit 100 columns")
  func width() throws {
    let folder = try Projects.supportMessages()
    for line in try HunchBinary.succeed(["run"], in: folder).split(separator: "\n") {
      #expect(line.count <= 100, "\(line)")
    }
  }
}
