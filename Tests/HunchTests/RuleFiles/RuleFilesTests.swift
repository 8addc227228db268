import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Which files `rules:` names.
@Suite struct RuleFilesTests {
  private static func yaml(_ rules: String) -> String {
    TestProject.configuration("rules: \(rules)")
  }

  private func places(_ project: TestProject, _ rules: String) throws -> [String] {
    try project.write("hunch.yaml", Self.yaml(rules))
    return try RuleFiles.places(
      Project.configuration(in: project.directory), in: project.directory
    ).map(\.path)
  }

  private func failure(_ project: TestProject, _ rules: String) throws -> Shown? {
    do {
      _ = try places(project, rules)
      return nil
    } catch let error as HunchError {
      return Shown(
        error.description.replacing(project.directory, with: "DIR"), hint: error.hint, error.status)
    }
  }

  private func folder() throws -> TestProject {
    let project = try TestProject()
    for path in [
      "rules.swift", "all/b.swift", "all/B.swift", "all/a/z.swift", "all/.hidden/x.swift",
      "all/é.swift", "all/notes.txt", "none/readme.md",
    ] {
      try project.write(path, "import HunchLabeling\n")
    }
    try project.write("all/Drafted.swift", "// Drafted by a model. Nobody has read this yet.\n")
    return project
  }

  @Test func filesFoldersAndLists() throws {
    let project = try folder()
    #expect(try places(project, "rules.swift") == ["rules.swift"])
    #expect(
      try places(project, "all") == ["all/B.swift", "all/a/z.swift", "all/b.swift", "all/é.swift"])
    #expect(
      try places(project, "[rules.swift, all/a, ./all/b.swift]")
        == ["rules.swift", "all/a/z.swift", "./all/b.swift"])
    #expect(try places(project, "all/Drafted.swift") == ["all/Drafted.swift"])
    #expect(
      try places(project, "\(project.directory)/rules.swift")
        == ["\(project.directory)/rules.swift"])
  }

  @Test func whatIsWrong() throws {
    let project = try folder()
    #expect(
      try failure(project, "support-messages")
        == Shown(
          "DIR/hunch.yaml:1: 'rules' names Swift files, and 'support-messages' is none",
          hint: "write 'rules: rules.swift', the path of a file beside hunch.yaml; a pack that is "
            + "part of a program that embeds Hunch is named by 'pack: support-messages' "
            + "(docs/migration.md)", .badConfiguration))
    #expect(
      try failure(project, "rulez.swift")
        == Shown(
          "DIR/hunch.yaml:1: no such file: 'rulez.swift'",
          hint: "paths are relative to hunch.yaml; 'hunch new DIR' makes an example", .inputMissing)
    )
    #expect(
      try failure(project, "all/notes.txt")?.message
        == "DIR/hunch.yaml:1: 'all/notes.txt' is neither a Swift file nor a folder of them")
    #expect(
      try failure(project, "\n  - rules.swift\n  - none")?.message
        == "DIR/hunch.yaml:3: no Swift files in 'none'")
    try project.write("all/rules.swift", "")
    #expect(
      try failure(project, "[rules.swift, all]")?.message
        == "DIR/hunch.yaml: two files of rules are named 'rules.swift': 'rules.swift' and "
        + "'all/rules.swift'")
    for rules in ["[]", "[a.swift, [b]]", "{a: b}", "\"\""] {
      #expect(try failure(project, rules)?.status == .badConfiguration)
    }
  }

  @Test func editorsGetACommandForEverySource() throws {
    let text = try EditorFiles.database(
      directory: "/a b", sources: ["/a b/rules.swift", "/c/more.swift"], compiler: "/t/swiftc",
      arguments: ["-Isystem", "/m"])
    let commands = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(commands.map { $0["file"] as? String } == ["/a b/rules.swift", "/c/more.swift"])
    for command in commands {
      #expect(command["directory"] as? String == "/a b")
      #expect(
        command["arguments"] as? [String]
          == ["/t/swiftc", "-Isystem", "/m", "/a b/rules.swift", "/c/more.swift"])
    }
  }
}
