import Foundation
import GRDB
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `hunch label` at a terminal: keys as they are pressed, and a terminal that is left as it was.
@Suite("Labeling at a terminal", .serialized)
struct LabelTerminalTests {
  private static let arguments = [
    "label", "--no-color", "--document", "2", "--document", "3", "--document", "7",
  ]

  private func labels(_ folder: Folder) throws -> [String] {
    let report = try HunchBinary.json(["label", ".", "--list"], in: folder)
    let labels = try #require(report["labels"] as? [[String: Any]])
    return labels.map { "\($0["id"] ?? "") \($0["label"] ?? "")" }.sorted()
  }

  /// Starts a session and waits for the first document.
  private func begin(_ folder: Folder) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(Self.arguments, in: folder)
    let before = terminal.flags
    #expect(terminal.isCooked && before.count == 4)
    try terminal.process.run()
    terminal.wait(for: "q quit")
    #expect(!terminal.isCooked)
    return terminal
  }

  @Test("keys work at once, and the end restores the terminal")
  func session() throws {
    let folder = try LabelCommandTests.fruit()
    let terminal = try PseudoTerminal(Self.arguments, in: folder)
    let before = terminal.flags
    try terminal.process.run()
    let first = terminal.wait(for: "q quit")
    #expect(first.contains("1 of 3  document 2, split train, for repair\r\n"))
    #expect(first.contains("lemon so sharp it bites"))
    #expect(first.contains("w sweet   o sour\r\ns skip   u undo   v votes   q quit"))
    #expect(!first.contains("honeyed") && !first.contains("acid"), "votes are hidden")
    terminal.type("v")
    #expect(terminal.wait(for: "q quit").contains("acid"))
    // An arrow, a letter of another script and Enter are no answers.
    terminal.type("\u{1B}[A\u{1B}OBя\r")
    terminal.type("o")
    #expect(terminal.wait(for: "2: sour").contains("2 of 3  document 3"))
    terminal.type("w")
    terminal.wait(for: "3: sweet")
    terminal.type("u")
    #expect(terminal.wait(for: "taken back").contains("2 of 3  document 3"))
    terminal.type(" ")
    terminal.wait(for: "skipped 3")
    terminal.type("O")
    #expect(terminal.wait(for: "all 3 done").contains("7: sour"))
    #expect(!terminal.isCooked)
    terminal.type("q")
    #expect(terminal.end() == 0)
    #expect(terminal.flags == before && terminal.isCooked)
    #expect(
      terminal.shown.hasSuffix(
        "stored 2 repair labels, skipped 1\r\n'hunch run .' uses what is stored\r\n"))
    #expect(try labels(folder) == ["2 sour", "7 sour"])
  }

  @Test(
    "Ctrl-C and signals restore the terminal and keep what was stored",
    arguments: [
      nil, SIGINT, SIGTERM, SIGHUP,
    ])
  func interrupted(signal: Int32?) throws {
    let folder = try LabelCommandTests.fruit()
    let terminal = try PseudoTerminal(Self.arguments, in: folder)
    let before = terminal.flags
    try terminal.process.run()
    terminal.wait(for: "q quit")
    terminal.type("w")
    terminal.wait(for: "2: sweet")
    if let signal {
      kill(terminal.process.processIdentifier, signal)
    } else {
      terminal.type("\u{3}")
    }
    #expect(terminal.end() == 130)
    #expect(terminal.flags == before)
    #expect(terminal.shown.contains("stored 1 repair label, 2 of 3 left\r\n"))
    #expect(try labels(folder) == ["2 sweet"])
  }

  @Test("Ctrl-D ends as q does")
  func closed() throws {
    let folder = try LabelCommandTests.fruit()
    let terminal = try begin(folder)
    terminal.type("\u{4}")
    #expect(terminal.end() == 0 && terminal.isCooked)
    #expect(terminal.shown.hasSuffix("stored 0 repair labels, 3 of 3 left\r\n"))
  }

  @Test("a failure restores the terminal")
  func failure() throws {
    let folder = try LabelCommandTests.fruit()
    try folder.write("l.csv", "id,label\n1,sweet\n")
    _ = try HunchBinary.succeed(["label", "--import", "l.csv", "--audit"], in: folder)
    try MessageProject.write(folder.path("hunch.workspace")) { db in
      try db.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON labels WHEN NEW.id = '3'
          BEGIN SELECT RAISE(ABORT, 'refused'); END
          """)
    }
    let terminal = try begin(folder)
    terminal.type("o")
    terminal.wait(for: "2: sour")
    terminal.type("o")
    #expect(terminal.end() == 65 && terminal.isCooked)
    #expect(try folder.text(".stderr").contains("hunch.workspace is damaged: refused"))
    #expect(try labels(folder) == ["1 sweet", "2 sour"])
  }

  @Test("a process that is killed has stored every answer")
  func killed() throws {
    let folder = try LabelCommandTests.fruit()
    let terminal = try begin(folder)
    terminal.type("o")
    terminal.wait(for: "2: sour")
    terminal.type("w")
    terminal.wait(for: "3: sweet")
    kill(terminal.process.processIdentifier, SIGKILL)
    _ = terminal.end()
    #expect(try labels(folder) == ["2 sour", "3 sweet"])
  }

  @Test("a document cannot drive the terminal")
  func escapes() throws {
    let folder = try LabelCommandTests.fruit()
    let text =
      "before\u{1B}[31mred\u{1B}]0;title\u{7}\u{9B}2J\u{8}\u{8}\u{1B}[?1049h\u{202E}after\r\nend"
    try MessageProject.write(folder.path("corpus.sqlite")) { db in
      try db.execute(sql: "UPDATE notes SET text = ? WHERE id = 2", arguments: [text])
    }
    let terminal = try begin(folder)
    terminal.type("q")
    #expect(terminal.end() == 0)
    #expect(
      terminal.shown.contains(
        "before␛[31mred␛]0;title␇\u{FFFD}2J␈␈␛[?1049h\u{FFFD}after\r\nend\r\n"))
    let own = terminal.shown.replacing("\u{1B}[2J\u{1B}[H", with: "")
    let controls = own.unicodeScalars.filter {
      ($0.value < 0x20 && $0 != "\n" && $0 != "\r") || (0x7F..<0xA0).contains($0.value)
        || $0 == "\u{202E}"
    }
    #expect(controls.isEmpty)
  }
}
