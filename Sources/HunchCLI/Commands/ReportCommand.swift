import ArgumentParser
import Hunch

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write one HTML file that shows the whole project.",
    discussion: """
      Findings in words, every function with its figures and a few documents, pairs that overlap \
      or disagree, classes, label model and evaluation. The file is self-contained: it loads \
      nothing and runs no script. It shows the beginnings of a few documents of each function; \
      --no-texts leaves ids only.

      Example: hunch report examples/support-messages --output report.html
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions

  @Option(
    name: .shortAndLong,
    help: "The file to write; - for standard output (default: report.html in the project).",
    completion: .file())
  var output: String?

  @Flag(help: "Show ids of documents, but no texts.") var noTexts = false

  func validate() throws {
    if output == "" { throw ValidationError("--output takes the name of a file, or -.") }
    if project.common.output.format == .json {
      throw ValidationError(
        "the report is HTML; 'hunch run --format json' prints the same figures as JSON.")
    }
  }

  func run() throws {
    let session = try project.session(labelModel.change)
    let labels = try FittedLabels(session)
    let page = try HTMLReport(labels, texts: !noTexts)
    if output == "-" {
      try Console.document(page.render())
      return
    }
    let path = output ?? session.project.resolve("report.html")
    let bytes = try page.write(to: path, isNamed: output != nil)
    if !project.common.output.quiet {
      Console.error("wrote \(path) (\(Figures.count((bytes + 999) / 1000)) kB)\n")
    }
  }
}
