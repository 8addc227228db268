import HunchLabeling
import Testing

/// Long lists of rules are cut into functions; whether these are the same rules is tested where they
/// are compiled (`RuleLibraryTests`).
@Suite struct LongPacksTests {
  private func source(_ rules: [String], before: String = "") -> String {
    "import HunchLabeling\n\(before)let p = RulePack(\"p\", for: Outer.Topic.self, summary: \"s\") {\n"
      + rules.joined(separator: "\n") + "\n}\nlet after = 1\n"
  }

  private func rules(_ count: Int) -> [String] {
    (0..<count).map { number in
      switch number % 4 {
      case 0: "  Keywords(\"r\(number)\", [\"a\",\n    \"b\"], votes: .red)\n    .described(\"x\")"
      case 1: "  // A comment { of one line\n  Pattern(\"r\(number)\", #\"a{2}\"#, votes: .red)"
      case 2:
        "  Heuristic(\"r\(number)\") { document in\n    let x = 1\n    return x > 0 ? .red : nil\n  }"
      default:
        "  All(\"r\(number)\", votes: .red) {\n    Keywords([\"x\"])\n    Keywords([\"y\"])\n  }"
      }
    }
  }

  @Test func linesStayAndNothingIsLost() throws {
    let text = source(rules(50))
    let cut = try #require(LongPacks.cut(text, fileName: "r.swift"))
    #expect(cut.components(separatedBy: "private func hunchRules").count == 4)
    #expect(cut.components(separatedBy: "@RuleBuilder<Outer.Topic>").count == 4)
    // What follows the list stands on the same line.
    let lines = text.components(separatedBy: "\n")
    let cutLines = cut.components(separatedBy: "\n")
    let last = try #require(lines.firstIndex(of: "let after = 1"))
    #expect(cutLines[last] == "let after = 1")
    // Every rule stands behind a mark that says on which line it was, in its column.
    var shown = 0
    for line in cutLines[last...] {
      if let mark = line.wholeMatch(of: /#sourceLocation\(file: "r\.swift", line: (\d+)\)/) {
        shown = try #require(Int(mark.1))
      } else if shown > 0, line != "#sourceLocation()" {
        if !line.isEmpty { #expect(lines[shown - 1] == line) }
        shown += 1
      } else {
        shown = 0
      }
    }
    for number in 0..<50 { #expect(cut.contains("\"r\(number)\"")) }
  }

  @Test func whatIsShortOrDeclaresSomethingStays() {
    #expect(LongPacks.cut(source(rules(39)), fileName: "r.swift") == nil)
    #expect(LongPacks.cut(source(rules(40)), fileName: "r.swift") != nil)
    #expect(LongPacks.cut(source(["  let word = \"x\""] + rules(60)), fileName: "r.swift") == nil)
    #expect(LongPacks.cut("#if DEBUG\n" + source(rules(60)) + ")", fileName: "r.swift") == nil)
    #expect(
      LongPacks.cut(
        source(rules(60)).replacing("for: Outer.Topic.self", with: "for: type"),
        fileName: "r.swift") == nil)
  }

  @Test func loopsAndConditionsStayWhereTheyAre() throws {
    let loop = "  for word in [\"a\"] { Keywords(word, [word], votes: .red) }"
    let cut = try #require(
      LongPacks.cut(source(rules(30) + [loop] + rules(30)), fileName: "r.swift"))
    let list = try #require(cut.components(separatedBy: "let after").first)
    #expect(list.contains(loop))
    #expect(cut.components(separatedBy: "private func hunchRules").count == 5)
  }
}
