import ArgumentParser
import Hunch

struct CandidatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "candidates",
    abstract: "Make documents with two mentions: a row for each pair of entities in a sentence.",
    discussion: """
      Reads sentences from FILE (or standard input: JSONL) and finds in them the entities of a \
      knowledge base of the project. Each row has the sentence with _FIRST_, _SECOND_ and _OTHER_ \
      in place of their names, so that a classifier learns how a relation is said and not who is \
      related, the keys of both entities and where they stand. Rules about a MentionPair vote on \
      such rows, and 'hunch predict' labels them.

      Examples:
        hunch candidates . sentences.jsonl --between companies --output candidates.jsonl
        hunch candidates . sentences.jsonl --between companies --both-orders --within 30
        hunch candidates . sentences.csv --between people --and companies --output pairs.csv
        hunch candidates . new.jsonl --between companies | hunch predict --model deals.model

      For predictions, give the options that the training documents were made with.
      """)

  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory: String
  @Argument(help: "The sentences, by ending .csv, .tsv or .jsonl (default: standard input).")
  var file = "-"
  @Option(help: "The knowledge base of the entities that may be first.")
  var between: String
  @Option(help: "That of the entities that may be second (default: the same).")
  var and: String?
  @Flag(help: "Make two rows of two entities of one base, one in either order.")
  var bothOrders = false
  @Option(help: "Leave out pairs with more words than this between their nearest mentions.")
  var within: Int?
  @Option(help: "Keep this many words on either side of the two mentions, not the whole sentence.")
  var window: Int?
  @Flag(help: "Leave the names in the text instead of markers.")
  var keepNames = false
  @Option(help: "The column that identifies a sentence (default: id, or the rows are numbered).")
  var id: String?
  @Option(help: "The column with the sentence.") var text = "text"
  @Option(
    name: .shortAndLong, help: "The file to write, or - for standard output.", completion: .file())
  var output = "-"
  @Option(help: "csv, tsv or jsonl, read and written (default: by each file's ending, or jsonl).")
  var tableFormat: TableFormat?
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if let within, within < 0 { throw ValidationError("--within takes a whole number from 0.") }
    if let window, window < 0 { throw ValidationError("--window takes a whole number from 0.") }
    if let and, and != between, bothOrders {
      throw ValidationError("--both-orders is for the entities of one base; leave out --and.")
    }
  }

  func run() throws {
    let project = try Project(directory: directory, packs: Packs.all)
    var request = CandidateRequest(sentences: file, first: between)
    request.second = and
    request.bothOrders = bothOrders
    request.within = within
    request.keepsNames = keepNames
    request.window = window
    request.id = id
    request.text = text
    request.format = tableFormat
    let format = tableFormat ?? (output == "-" ? .jsonl : nil)
    var options = SessionOptions()
    Interrupts.install(options.cancellation)
    options.progress = ProgressBar(quiet: printing.quiet).progress
    let report = try CandidateExtractor(project, request, options: options)
      .run(output: output, format: format)
    if output != "-" {
      try printing.show(report) { $0.candidates(report) }
    } else if !printing.quiet {
      Console.error(printing.text.candidates(report))
    }
  }
}
