import ArgumentParser
import Hunch
import HunchLabeling

struct ProjectsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projects", abstract: "List the rule packs of this binary and their functions.",
    discussion: "Example: hunch projects --format json")

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
    let listings = Packs.all.map(Listing.init)
    try output.show(listings) { text in
      if listings.isEmpty { return "this binary has no rule packs\n" }
      return listings.map { show($0, text.style) }.joined(separator: "\n")
    }
  }

  private func show(_ pack: Listing, _ style: Style) -> String {
    var table = TextTable(columns: [
      .init(title: "function"), .init(title: "kind"), .init(title: "description", isFlexible: true),
    ])
    for function in pack.functions + pack.slices {
      table.rows.append([
        .init(function.name), .init(function.kind), .init(function.summary ?? "", .faint),
      ])
    }
    return style.paint(pack.name, .heading) + (pack.summary.map { "  \($0)" } ?? "") + "\n"
      + "classes: \(pack.labels.joined(separator: ", "))\n" + table.render(style)
  }
}
