import Foundation
import ProjectSupport
import TestSupport
import Testing

/// The built `hunch`, run as a user runs it.
enum HunchBinary {
  /// What a finished command left.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The binary stands beside the test bundle; `HUNCH_BINARY` names another.
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["HUNCH_BINARY"] { return path }
    let executable = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
    var folder = executable.deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("hunch").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return "hunch"
  }()

  /// A process that is ready to run, with both streams going to files.
  static func process(_ arguments: [String], in folder: Folder, input: String = "") throws
    -> Process
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = "80"
    process.environment = environment
    let stdin = try folder.write(".stdin", input)
    process.standardInput = FileHandle(forReadingAtPath: stdin)
    for (name, keyPath) in [
      (".stdout", \Process.standardOutput), (".stderr", \Process.standardError),
    ] {
      process[keyPath: keyPath] = FileHandle(forWritingAtPath: try folder.write(name, ""))
    }
    return process
  }

  /// Runs a command to its end.
  static func run(
    _ arguments: [String], in folder: Folder, input: String = ""
  ) throws -> Outcome {
    let process = try process(arguments, in: folder, input: input)
    try process.run()
    process.waitUntilExit()
    return try outcome(process, in: folder)
  }

  static func outcome(_ process: Process, in folder: Folder) throws -> Outcome {
    Outcome(
      status: process.terminationStatus, output: try folder.text(".stdout"),
      errors: try folder.text(".stderr"))
  }

  /// Runs a command that must succeed and returns what it printed.
  static func succeed(
    _ arguments: [String], in folder: Folder, input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try run(arguments, in: folder, input: input)
    #expect(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome.output
  }

  /// Runs a command with `--format json` and returns the object that it printed.
  static func json(_ arguments: [String], in folder: Folder) throws -> [String: Any] {
    let text = try succeed(arguments + ["--format", "json"], in: folder)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}

typealias Folder = ProjectSupport.Folder

/// Projects to run the binary on.
enum Projects {
  /// A model of the small project, `m.model`, alone in a folder.
  static func fruitModel() throws -> Folder {
    let project = try fruit()
    let folder = try Folder()
    _ = try HunchBinary.succeed(
      ["export", ".", "model", "--output", folder.path("m.model")], in: project)
    return folder
  }

  /// Copies files of an example into a folder, and beside them the rule files that its configuration
  /// names.
  static func copy(_ names: [String], ofExample example: String, to folder: Folder) throws {
    let source = Repository.root.appendingPathComponent("examples/\(example)")
    for name in names {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
    }
    let rules = "../../labeling-functions/"
    let yaml = try folder.text("hunch.yaml")
    for part in yaml.components(separatedBy: rules).dropFirst() {
      let name = String(part.prefix { !$0.isWhitespace })
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(rules + name), to: folder.url.appendingPathComponent(name)
      )
    }
    try folder.write("hunch.yaml", yaml.replacing(rules, with: ""))
  }

  /// Support messages with compiled rules, which depend on the bytes of the rules alone.
  private static let compiled: Folder? = {
    guard let folder = try? Folder() else { return nil }
    try? copy(["hunch.yaml"], ofExample: "support-messages", to: folder)
    _ = try? HunchBinary.run(["projects"], in: folder)
    return folder
  }()

  /// Puts the compiled rules of the support messages beside the workspace, to save time.
  static func shareCompiledRules(with folder: Folder) throws {
    let name = "hunch.workspace.rules"
    guard let compiled, FileManager.default.fileExists(atPath: compiled.path(name)) else { return }
    try FileManager.default.copyItem(atPath: compiled.path(name), toPath: folder.path(name))
  }

  /// A copy of the support-messages example with its corpus made by `hunch import`.
  static func supportMessages() throws -> Folder {
    let folder = try Folder()
    try copy(
      ["hunch.yaml", "messages.jsonl", "products.csv", "pages.csv", "crowd.csv"],
      ofExample: "support-messages", to: folder)
    try shareCompiledRules(with: folder)
    _ = try HunchBinary.succeed(
      [
        "import", "messages.jsonl", "--into", "corpus.sqlite", "--table", "messages", "--text",
        "text",
      ], in: folder)
    return folder
  }

  /// Twelve fruit notes with votes from a file: small enough to check by hand.
  static func fruit(yaml: String = fruitConfiguration) throws -> Folder {
    let folder = try Folder()
    var rows = "id,text,label,split\n"
    for (index, note) in notes.enumerated() {
      rows += "\(index + 1),\(note.text),\(note.label),\(index < 8 ? "train" : "test")\n"
    }
    try folder.write("notes.csv", rows)
    try folder.write("votes.csv", votes)
    try folder.write("hunch.yaml", yaml)
    _ = try HunchBinary.succeed(
      ["import", "notes.csv", "--into", "corpus.sqlite", "--table", "notes"], in: folder)
    return folder
  }

  static let fruitConfiguration = """
    labels: [sweet, sour]
    corpus: { path: corpus.sqlite, table: notes, id: id, text: text, gold: label, split: split }
    votes:
      - path: votes.csv

    """

  private static let notes: [(text: String, label: String)] = [
    ("ripe mango dripping with honey", "sweet"), ("lemon so sharp it bites", "sour"),
    ("candied peach", "sweet"), ("green apple and lime", "sour"), ("fig jam", "sweet"),
    ("unripe gooseberry", "sour"), ("sugar melon", "sweet"), ("vinegar plum", "sour"),
    ("honey pear", "sweet"), ("lime cordial", "sour"), ("ripe banana", "sweet"),
    ("sharp rhubarb", "sour"),
  ]

  private static let votes = """
    id,honeyed,acid,colour,silent
    1,sweet,,sweet,
    2,,sour,sweet,
    3,sweet,,,
    4,,sour,sour,
    5,sweet,,,
    6,,sour,sour,
    7,0,-1,1,-1
    8,,1,,
    9,sweet,,,
    10,,sour,sour,
    11,sweet,,sweet,
    12,,,sour,

    """
}
