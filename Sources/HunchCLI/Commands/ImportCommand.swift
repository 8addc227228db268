import ArgumentParser
import Hunch

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a corpus: CSV, TSV or JSONL into a SQLite table.",
    discussion: """
      Several files are appended one after another. --join adds the columns of another file by a \
      key. Every row is accounted for: read, written, rejected and why, matched or not. If \
      anything fails, or over a tenth of the rows is rejected, the database is left as it \
      was. Columns are numbers only where every value is printed as it stands in the file.

      Examples:
        hunch import comments.csv --into corpus.sqlite --table comments --id id --text body
        hunch import may.jsonl june.jsonl --into corpus.sqlite --rejected rejected.csv
        hunch import orders.csv --into corpus.sqlite --join customers.csv:number=customer
      """)

  @Argument(help: "The files, by ending .csv, .tsv or .jsonl; '-' is standard input.")
  var files: [String]
  @Option(help: "The SQLite file; made if it is not there.", completion: .file())
  var into: String
  @Option(help: "The table to make.") var table = "documents"
  @Option(help: "The column that identifies a row (default: id, or the rows are numbered).")
  var id: String?
  @Option(help: "The column with the text; it must be there, and rows without text are counted.")
  var text: String?
  @Option(
    name: .customLong("join"),
    help: ArgumentHelp(
      "Add another file's columns where its key column equals a column of the rows (default: id).",
      valueName: "file:key[=column]"))
  var joins: [String] = []
  @Option(help: "Write rejected rows here, with file, line and reason.", completion: .file())
  var rejected: String?
  @Flag(help: "Write the rejected rows themselves too.") var rejectedContent = false
  @Flag(help: "Replace the table if it is there.") var replace = false
  @Flag(help: "Import though over a tenth of the rows is rejected.") var keepGoing = false
  @Option(help: "csv, tsv or jsonl (default: by each file's ending).") var tableFormat: TableFormat?
  @Option(
    help: ArgumentHelp(
      "What stands between values: a character or 'tab' (default: by the header).", valueName: "c"))
  var separator: String?
  @Option(
    help: ArgumentHelp(
      "The files' encoding, as utf-16, windows-1252, shift_jis (default: found out; utf-8).",
      valueName: "name"))
  var encoding: String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for text in joins { _ = try Self.join(text) }
    _ = try separator.map(Self.separator)
  }

  func run() throws {
    var request = ImportRequest(files: files, database: into, id: id, text: text)
    request.table = table
    request.joins = try joins.map(Self.join)
    (request.rejected, request.rejectedContent) = (rejected, rejectedContent)
    (request.replace, request.keepGoing) = (replace, keepGoing)
    request.format = tableFormat
    request.dialect.separator = try separator.map(Self.separator)
    request.dialect.encoding = encoding
    let cancellation = Cancellation()
    Interrupts.install(cancellation)
    let progress = ProgressBar(quiet: output.quiet).progress
    let report = try Importer(request).run(progress: progress) {
      cancellation.isCancelled
    }
    try output.show(report) { $0.imported(report, isGuess: encoding == nil) }
  }

  /// Reads a character or the name of one.
  static func separator(_ text: String) throws -> UInt8 {
    let names = ["tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"]
    let character = names[text.lowercased()] ?? text
    guard let byte = character.utf8.first, character.utf8.count == 1,
      TableDialect.isSeparator(byte)
    else { throw ValidationError("--separator takes one character, such as ';', or 'tab'.") }
    return byte
  }

  /// Reads `file:key` or `file:key=column`; the file's name may hold colons.
  static func join(_ text: String) throws -> ImportRequest.Join {
    guard let colon = text.lastIndex(of: ":") else {
      throw ValidationError("--join takes FILE:KEY or FILE:KEY=COLUMN.")
    }
    let columns = text[text.index(after: colon)...].split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard !text[..<colon].isEmpty, columns.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("--join takes FILE:KEY or FILE:KEY=COLUMN.")
    }
    return ImportRequest.Join(
      file: String(text[..<colon]), key: String(columns[0]),
      on: columns.count > 1 ? String(columns[1]) : nil)
  }
}
