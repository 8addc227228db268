import Foundation
import Testing

@Suite("Editors")
struct EditorTests {
  private static let rules = """
    import HunchLabeling

    enum Topic: String, LabelSet {
      /// Cards of plastic.
      case card
      case transfer
    }

    let messages = RulePack("messages", for: Topic.self) {
      Keywords("card_words", ["card"], votes: .card)
      Keywords("contact_words", contactWords, votes: .transfer)
    }

    """

  /// A project in a folder with a space in its name, ready for editors; its files.
  private func project(in folder: Folder) throws -> (rules: URL, contacts: URL) {
    try folder.write(
      "my project/hunch.yaml",
      "rules: [rules.swift, contacts.swift]\n"
        + "corpus: { path: corpus.sqlite, table: notes, id: id, text: text }\n")
    let rules = try folder.write("my project/rules.swift", Self.rules)
    let contacts = try folder.write(
      "my project/contacts.swift", "/// How to reach people.\nlet contactWords = [\"phone\"]\n")
    _ = try HunchBinary.succeed(["editor", "my project"], in: folder)
    return (URL(fileURLWithPath: rules), URL(fileURLWithPath: contacts))
  }

  @Test(
    "completion, errors as one types and jumps to declarations, in the project or above it",
    .enabled(if: LanguageServer.path != nil, "no sourcekit-lsp on PATH"),
    arguments: [false, true])
  func languageServer(above: Bool) throws {
    let folder = try Folder()
    let (rules, contacts) = try project(in: folder)
    let server = try LanguageServer(
      root: above ? folder.url : rules.deletingLastPathComponent())
    try server.open(rules, Self.rules)
    #expect(try server.diagnostics { _ in true } == [])

    // Typing.
    try server.change(Self.rules.replacing("votes: .card)", with: "votes: .)"))
    let classes = try server.completions(after: "votes: .")
    #expect(classes.contains("card") && classes.contains("transfer"))
    try server.change(Self.rules.replacing("{\n  Keywords", with: "{\n  Keyw\n  Keywords"))
    #expect(try server.completions(after: "  Keyw").contains("Keywords"))
    try server.change(Self.rules.replacing(".transfer)", with: ".tranfer)"))
    let errors = try server.diagnostics { $0.contains { $0.contains("tranfer") } }
    #expect(errors == ["11: Type 'Topic' has no member 'tranfer'"])
    try server.change(Self.rules)
    #expect(try server.diagnostics(where: \.isEmpty) == [])

    // Where things are declared.
    #expect(try server.definitions(of: "card", after: "votes: .") == ["rules.swift:5"])
    #expect(try server.definitions(of: "contactWords") == ["contacts.swift:2"])
    let keywords = try server.definitions(of: "Keywords")
    #expect(
      keywords.contains {
        $0.hasPrefix("Keywords.swift:") || $0.hasPrefix("HunchLabeling.swiftinterface:")
      }, "\(keywords)")
    #expect(try server.hover("Keywords").contains("Votes for a class where"))

    // The second file belongs to the module too.
    let text = try String(contentsOf: contacts, encoding: .utf8)
    try server.open(contacts, text + "let broken: Int = contactWords\n")
    #expect(
      try server.diagnostics { !$0.isEmpty }
        == ["3: Cannot convert value of type '[String]' to specified type 'Int'"])
  }
}
