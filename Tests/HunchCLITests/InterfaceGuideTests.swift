import Foundation
import Hunch
import TestSupport
import Testing

/// `docs/interface.md` says what the commands do today.
@Suite("The interface guide")
struct InterfaceGuideTests {
  private let guide: [Substring]

  init() throws {
    let text = try String(
      contentsOf: Repository.root.appendingPathComponent("docs/interface.md"), encoding: .utf8)
    guide = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The rows of the tables below a heading, without their header.
  private func rows(below heading: String) -> [[String]] {
    guide.drop { $0 != "## \(heading)" }.dropFirst().prefix { !$0.hasPrefix("## ") }
      .filter { $0.hasPrefix("| ") }.dropFirst().map { row in
        row.dropFirst().dropLast().replacing("\\|", with: "¦").components(separatedBy: "|")
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }
  }

  /// The commands that `hunch --help` lists.
  private func commandNames() throws -> [String] {
    try HunchBinary.succeed(["--help"], in: Folder()).split(separator: "\n")
      .drop { $0 != "SUBCOMMANDS:" }.dropFirst()
      .compactMap { $0.wholeMatch(of: #/  ([a-z]+) .*/#).map { String($0.1) } }
  }

  @Test("the commands are those of the program, with the options that are named")
  func commands() throws {
    let cells = rows(below: "Commands").map { $0[0] }
    let named = cells.flatMap { $0.matches(of: /`hunch ([a-z]+)/).map { String($0.1) } }
    #expect(try Set(commandNames()) == Set(named))
    func help(_ command: String) throws -> String {
      let words = command.split(separator: " ").prefix { $0.allSatisfy(\.isLowercase) }
      return try HunchBinary.succeed(words.map(String.init) + ["--help"], in: Folder())
    }
    for call in cells.flatMap({ $0.matches(of: /`hunch ([^`]+)`/).map { String($0.1) } }) {
      let help = try help(call)
      for option in call.matches(of: /--[a-z-]+/).map(\.output) {
        #expect(help.contains(option), "\(call)")
      }
    }
    for option in [
      "--workspace", "--format", "--threads", "--seed", "--quiet", "--no-color", "--allow-service",
    ] {
      #expect(try help("apply").contains(option))
    }
  }

  @Test("the exit statuses are those of the program, and the examples end with them")
  func statuses() throws {
    let rows = rows(below: "Exit status")
    let named = rows.compactMap { Int32($0[0]) }
    #expect(named == [0] + ExitStatus.allCases.map(\.rawValue))
    // Other suites see to these.
    #expect(zip(named, rows).filter { $1[2].isEmpty }.map(\.0) == [70, 75, 130])
    for (status, row) in zip(named, rows) where !row[2].isEmpty {
      if row[2].contains("/dev/full"), !FileManager.default.fileExists(atPath: "/dev/full") {
        continue
      }
      let line = row[2].trimmingCharacters(in: ["`"])
      let outcome = try Shell.run(
        line.replacing(/\bhunch (?=[a-z])/, with: "\"$HUNCH\" "), in: Projects.fruit())
      #expect(outcome.status == status, "\(line): \(outcome.errors)")
    }
  }

  @Test("what is exported has the columns that are named")
  func columns() throws {
    let folder = try Projects.fruit()
    let rows = rows(below: "Files of votes and labels")
    #expect(
      rows.map { $0[0] } == ["votes", "posteriors", "predictions", "labels"].map { "`\($0)`" })
    for row in rows {
      let kind = row[0].trimmingCharacters(in: ["`"])
      let expected = row[1].components(separatedBy: ", ").flatMap { column in
        switch column {
        case "FUNCTIONS": ["honeyed", "acid", "colour", "silent"]
        case "CLASSES": ["sweet", "sour"]
        default: [column.trimmingCharacters(in: ["`"])]
        }
      }
      let table = try HunchBinary.succeed(
        ["export", ".", kind, "--output", "-", "--table-format", "csv"], in: folder)
      #expect(table.prefix { $0 != "\n" } == expected.joined(separator: ","))
    }
  }

  @Test("the newest version of the changelog is the program's")
  func version() throws {
    let changes = try String(
      contentsOf: Repository.root.appendingPathComponent("CHANGELOG.md"), encoding: .utf8)
    let newest = try #require(changes.firstMatch(of: /\n## (\d+\.\d+\.\d+) – \d{4}-\d{2}-\d{2}\n/))
    let said = try HunchBinary.succeed(["--version"], in: Folder())
    #expect(said.hasPrefix("hunch \(newest.1) "), "\(said)")
  }

  @Test("the keys of hunch.yaml are those that are read")
  func configuration() {
    let named = rows(below: "hunch.yaml").flatMap { row in
      row[0].matches(of: /`([a-z_]+)`/).map { String($0.1) }
    }
    #expect(Set(named) == Set(Project.configurationKeys))
  }

  // MARK: - JSON

  /// Where a command is run: a project of `hunch new`, twelve notes with votes from a file, and the
  /// support messages with rules, slices and a crowd.
  private enum Place: CaseIterable { case made, fruit, messages }

  /// How the object under each heading of the guide is had, in an order in which each finds what it
  /// needs. `DIR` stands for the project.
  private static let calls: [(heading: String, command: String, places: [Place])] = [
    (
      "hunch import FILE --into FILE", "import more.csv --into more.sqlite --join votes.csv:id",
      [.fruit]
    ),
    ("hunch run", "run DIR", Place.allCases),
    ("hunch run", "run DIR --label-model majority", Place.allCases),
    ("hunch compare", "compare DIR", Place.allCases),
    ("hunch runs", "runs DIR", [.made, .fruit]),
    ("hunch apply", "apply DIR", [.made, .fruit]),
    ("hunch apply --explain", "apply DIR --explain", Place.allCases),
    ("hunch ask --dry-run", "ask DIR --dry-run", [.made]),
    ("hunch analyze", "analyze DIR", Place.allCases),
    ("hunch analyze --function NAME", "analyze DIR --function honeyed", [.fruit]),
    ("hunch analyze --function NAME", "analyze DIR --function fee_words --texts", [.messages]),
    ("hunch conflicts", "conflicts DIR", Place.allCases),
    ("hunch workers", "workers DIR", [.fruit]),
    ("hunch fit", "fit DIR", Place.allCases),
    ("hunch train", "train DIR", [.made, .fruit]),
    ("hunch evaluate", "evaluate DIR", Place.allCases),
    ("hunch evaluate --worst N --buckets", "evaluate DIR --worst 2 --buckets", Place.allCases),
    ("hunch evaluate --precision P", "evaluate DIR --precision 0.8 --certain", Place.allCases),
    ("hunch explain DIR ID", "explain DIR 1", [.made, .fruit]),
    ("hunch suggest documents", "suggest documents DIR", [.fruit, .messages]),
    ("hunch suggest functions", "suggest functions DIR", [.messages]),
    ("hunch draft", "draft DIR --answers answer.json", [.fruit]),
    ("hunch label", "label DIR", [.fruit]),
    ("hunch label --import FILE", "label DIR --import labels.csv --audit", [.fruit]),
    ("hunch label --list", "label DIR --list", [.fruit]),
    ("hunch test", "test DIR", [.made]),
    ("hunch projects", "projects DIR", [.made, .messages]),
    (
      "hunch candidates DIR FILE --between BASE --output OUT",
      "candidates DIR messages.jsonl --between products --output pairs.jsonl", [.messages]
    ),
    ("hunch model FILE", "model m.model", [.messages]),
  ]

  /// A folder for each place, with the files that the calls name.
  private static func folders() throws -> [Place: Folder] {
    let made = try Folder()
    _ = try HunchBinary.succeed(["new", "p", "--quiet"], in: made)
    // An example that fails.
    try made.write(
      "p/rules.swift",
      made.text("p/rules.swift").replacing("open\": nil", with: "open\": .question"))
    let fruit = try Projects.fruit(
      yaml: Projects.fruitConfiguration + "  - { path: crowd.csv, worker: who, label: answer }\n")
    let answers = (1...12).flatMap { id in
      ["ann", "bob", "cyd"].map { "\(id),\($0),\(id % 2 == 1 ? "sweet" : "sour")\n" }
    }
    try fruit.write("crowd.csv", "id,who,answer\n" + answers.joined())
    try fruit.write("more.csv", "id,text\n" + (1...20).map { "\($0),plum\n" }.joined() + "21\n")
    try fruit.write("labels.csv", "id,label\n1,sweet\n2,sour\n")
    try fruit.write(
      "answer.json",
      #"{"rules": [{"name": "jam", "class": "sweet", "keywords": ["jam"]}, {"name": "none"}]}"#)
    let messages = try Projects.supportMessages()
    _ = try HunchBinary.succeed(["export", ".", "model", "--output", "m.model"], in: messages)
    return [.made: made, .fruit: fruit, .messages: messages]
  }

  /// The blocks of keys, each with the heading before it.
  private var blocks: [(heading: String, lines: [Substring])] {
    var heading = ""
    var blocks: [(heading: String, lines: [Substring])] = []
    var isInside = false
    for line in guide {
      if let match = line.prefixMatch(of: /`(hunch [^`]+)`/) { heading = String(match.1) }
      if line.hasPrefix("```") {
        isInside = line == "```keys"
        if isInside { blocks.append((heading, [])) }
      } else if isInside {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    return blocks
  }

  @Test("every command that prints JSON has a block of keys, or is said to print none")
  func everyCommand() throws {
    let headings = blocks.map(\.heading)
    #expect(Set(headings).count == headings.count)
    // `serve` speaks when it listens, and `predict` writes lines: their own tests look at that.
    #expect(Set(headings) == Set(Self.calls.map(\.heading)).union(["hunch serve"]))
    let text = guide.joined(separator: "\n")
    let silent = try #require(
      text.firstMatch(of: /(`new`.*) have nothing to print; (.*) refuse it/))
    let without = (silent.1 + silent.2).matches(of: /`([a-z]+)`/).map { String($0.1) }
    let folder = try Projects.fruit()
    for command in without where command != "new" && command != "editor" {
      var arguments = [command, "."] + (command == "export" ? ["votes", "--output", "v.csv"] : [])
      arguments += ["--format", "json"]
      let outcome = try HunchBinary.run(arguments, in: folder)
      #expect(outcome.status == (command == "export" ? 0 : 64) && outcome.output.isEmpty)
    }
    let described = Set(headings.compactMap { $0.split(separator: " ").dropFirst().first })
    #expect(
      Set(try commandNames().map { Substring($0) })
        == described.union(without.map { Substring($0) }).union(["predict"]))
  }

  @Test("the JSON of the commands has the keys that are named, and no other")
  func json() throws {
    let folders = try Self.folders()
    let blocks = Dictionary(uniqueKeysWithValues: blocks.map { ($0.heading, $0.lines) })
    var seen: Set<String> = []
    for (heading, command, places) in Self.calls {
      for place in places {
        let arguments = command.split(separator: " ").map {
          $0 == "DIR" ? (place == .made ? "p" : ".") : String($0)
        }
        let outcome = try HunchBinary.run(
          arguments + ["--format", "json"], in: try #require(folders[place]))
        #expect(outcome.status == (heading == "hunch test" ? 1 : 0), "\(outcome.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        for keys in try #require(blocks[heading]).flatMap(Keys.lines) {
          for object in Self.objects(value, keys.path) {
            seen.insert(heading + keys.name)
            let found = Set(object.keys)
            #expect(found.isSuperset(of: keys.must), "\(command): \(keys.name) of \(found)")
            #expect(found.isSubset(of: keys.may), "\(command): \(keys.name) of \(found)")
          }
        }
      }
    }
    for (heading, lines) in blocks where heading != "hunch serve" {
      for keys in lines.flatMap(Keys.lines) where !keys.isRare {
        #expect(seen.contains(heading + keys.name), "\(heading): nothing is at \(keys.name)")
      }
    }
  }

  @Test("keys that these projects do not show are those of the sources")
  func rareKeys() throws {
    let sources = Repository.root.appendingPathComponent("Sources")
    let paths = try #require(FileManager.default.enumerator(atPath: sources.path))
    let text = paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.compactMap {
      try? String(contentsOf: sources.appendingPathComponent($0), encoding: .utf8)
    }.joined()
    let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
    for (heading, lines) in blocks {
      for key in lines.flatMap(Keys.lines).flatMap(\.may) {
        let parts = key.split(separator: "_")
        let camel = parts[0] + parts.dropFirst().map(\.localizedCapitalized).joined()
        #expect(words.contains(Substring(key)) || words.contains(camel), "\(heading): \(key)")
      }
    }
  }

  /// The keys of the objects at a path, as a line of a block has them.
  private struct Keys {
    /// The path as it is written, empty for the outer object.
    var name: String
    var must: Set<String>
    var may: Set<String>
    /// Whether there may be no such object.
    var isRare: Bool
    var path: [String] { name.split(separator: ".").map(String.init) }

    /// One for each path of a line such as `a, [b.c]: d [e]`.
    static func lines(_ line: Substring) -> [Keys] {
      let parts = line.split(separator: ": ", maxSplits: 1)
      let words = parts[parts.count - 1].split(separator: " ")
      let must = Set(words.filter { !$0.hasPrefix("[") }.map(String.init))
      let may = must.union(words.map { $0.trimmingCharacters(in: ["[", "]"]) })
      let names = parts.count == 2 ? parts[0].components(separatedBy: ", ") : [""]
      return names.map { name in
        Keys(
          name: name.trimmingCharacters(in: ["[", "]"]), must: must, may: may,
          isRare: name.hasPrefix("["))
      }
    }
  }

  /// The objects that a path of keys leads to, through lists.
  private static func objects(_ value: Any, _ path: [String]) -> [[String: Any]] {
    if let list = value as? [Any] { return list.flatMap { objects($0, path) } }
    guard let object = value as? [String: Any] else { return [] }
    guard let key = path.first else { return [object] }
    return object[key].map { objects($0, Array(path.dropFirst())) } ?? []
  }
}
