import ArgumentParser
import Hunch
import HunchLabeling

struct ProjectsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projects", abstract: "List the rule packs of a project and their functions.",
    discussion: """
      Compiles the files that 'rules:' of hunch.yaml names, if they changed, and lists every pack \
      in them; a program that embeds Hunch lists those that are part of it.

      Example: hunch projects examples/support-messages --format json
      """)

  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory = "."

  @Option(
    help: "The workspace file (default: hunch.workspace in the project).", completion: .file())
  var workspace: String?

  @OptionGroup var output: OutputOptions

  private struct Listing: Encodable {
    struct Function: Encodable {
      var name: String
      var kind: String
      var summary: String?

      init(_ rule: RuleDefinition, kind: String) {
        (name, self.kind, summary) = (rule.name ?? "", kind, rule.summary)
      }
    }

    var name: String
    var summary: String?
    var labels: [String]
    var functions: [Function]
    var slices: [Function]

    init(_ pack: RulePack) {
      (name, summary, labels) = (pack.name, pack.summary, pack.labels)
      functions = pack.functions.map { Function($0, kind: $0.kind) }
      slices = pack.slices.map { Function($0, kind: "slice") }
    }
  }

  func run() throws {
    let cancellation = Cancellation()
    Interrupts.install(cancellation)
    let configuration = try Project.configuration(in: directory)
    let packs =
      configuration.rules.isEmpty
      ? Packs.all
      : try Project.packs(
        configuration, in: directory, workspace: workspace, output.compilation(cancellation))
    try output.show(packs.map(Listing.init)) { text in
      if packs.isEmpty { return "no rule packs: votes come from files\n" }
      return packs.map { show(Listing($0), text.style) }.joined(separator: "\n")
    }
  }

  private func show(_ pack: Listing, _ style: Style) -> String {
    let table = TextTable(
      pack.functions + pack.slices,
      [
        .mark("function", \.name), .mark("kind", \.kind),
        .text("description") { $0.summary ?? "" }.faint,
      ])
    return style.paint(pack.name, .heading) + (pack.summary.map { "  \($0)" } ?? "") + "\n"
      + "classes: \(pack.labels.joined(separator: ", "))\n" + table.render(style)
  }
}
