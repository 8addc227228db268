public import ArgumentParser
import Hunch
public import HunchLabeling
import Synchronization

/// The whole command line, for any set of rule packs.
///
/// For example, the `main.swift` of a package with its own rules:
///
///     import HunchCLI
///
///     await HunchCommand.main(packs: [supportMessages])
public struct HunchCommand: AsyncParsableCommand {
  /// What the command says of itself.
  public static let configuration = CommandConfiguration(
    commandName: "hunch",
    abstract: "Labels text with rules, learns how far to trust them, and trains a classifier.",
    discussion: """
      A project is a folder with hunch.yaml: where the documents are, which Swift files hold the \
      rules that vote on them, and where gold labels stand if there are any. 'hunch run' does the whole job; every \
      other command does a part of it and first what that part needs. Nothing that is still valid \
      is computed again.

      Examples:
        hunch run examples/support-messages
        hunch analyze examples/support-messages --split valid
        hunch conflicts examples/support-messages
        hunch explain examples/support-messages 17
        echo "my card was stolen" | hunch predict examples/support-messages
        hunch serve examples/support-messages
        hunch new my-task
      """,
    version: Version.line,
    subcommands: [
      RunCommand.self, ApplyCommand.self, AskCommand.self, AnalyzeCommand.self,
      ConflictsCommand.self, WorkersCommand.self,
      FitCommand.self, TrainCommand.self, EvaluateCommand.self, PredictCommand.self,
      ExplainCommand.self, SuggestCommand.self, DraftCommand.self, LabelCommand.self,
      RunsCommand.self,
      CompareCommand.self, WatchCommand.self, ReportCommand.self, ImportCommand.self,
      CandidatesCommand.self, ExportCommand.self,
      ModelCommand.self, ServeCommand.self, ProjectsCommand.self, NewCommand.self,
      TestCommand.self, EditorCommand.self,
      WatchedRunCommand.self,
    ])

  /// For the argument parser.
  public init() {}

  /// Runs the command line of this process with the given rule packs, and exits.
  ///
  /// - Parameters:
  ///   - packs: The rule packs that projects can name in their configuration.
  ///   - commit: What `--version` says of the sources beside the version.
  public static func main(packs: [RulePack], commit: String = "") async {
    Version.commit.withLock { $0 = commit }
    ProcessMemory.keepFreed()
    Packs.register(packs)
    Interrupts.ignoreFileSizeLimit()
    do {
      try Self.checkName(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Failure.exit(with: error)
    }
  }
}

extension HunchCommand {
  /// - Throws: A `ValidationError` for a first word that is no command: the parser would complain of
  ///   all words.
  private static func checkName(_ word: String?) throws {
    let commands = configuration.subcommands.map { $0.configuration }
    let names = commands.compactMap(\.commandName)
    guard let word, !word.hasPrefix("-"), word != "help", !names.contains(word) else { return }
    let shown = commands.filter(\.shouldDisplay).compactMap(\.commandName)
    let near = nearest(word, in: shown).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("no command '\(word)'\(near)")
  }
}

/// The rule packs of this process.
enum Packs {
  private static let registered = Mutex([RulePack]())

  static func register(_ packs: [RulePack]) { registered.withLock { $0 = packs } }

  static var all: [RulePack] { registered.withLock { $0 } }
}
