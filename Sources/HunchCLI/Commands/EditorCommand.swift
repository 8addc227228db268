import ArgumentParser
import Hunch

struct EditorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "editor", abstract: "Make completion and errors work in rule files.",
    discussion: """
      Writes compile_commands.json, from which sourcekit-lsp, and so every editor that uses it, \
      knows how the rule files of a project are compiled. It holds paths of this machine, so git \
      should ignore it; run this again after adding a file, moving the project or installing \
      another Hunch. 'hunch new' has done it for new projects.

      Example: hunch editor my-task
      """)

  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory = "."

  @Flag(name: .shortAndLong, help: "Do not say what was done.")
  var quiet = false

  func run() throws {
    let files = try EditorFiles.write(in: directory)
    if quiet { return }
    try Console.output(
      "wrote \(Paths.join(directory, EditorFiles.databaseName)) for "
        + "\(files.joined(separator: ", "))\n")
  }
}
