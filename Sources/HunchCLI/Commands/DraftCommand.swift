import ArgumentParser
import Foundation
import Hunch

struct DraftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft", abstract: "Let a language model write labeling functions, and try them.",
    discussion: """
      Shows a language model the classes, the functions that are there and documents without a vote \
      or on which functions disagree, and asks for keywords, patterns and lists of names. Each \
      function of the answer is run on all documents. Those that compile, vote somewhere, are no \
      copies and are not contradicted by gold labels are written to a Swift file, which nothing uses \
      before you put it into a rule pack.

      Documents of the train split are sent to the service (HUNCH_LLM_URL). '--write-request' shows \
      what would be sent and sends nothing; paste it wherever you like, save the answer, and go on \
      with '--answers'.

      Examples:
        hunch draft examples/support-messages --write-request request.txt
        hunch draft examples/support-messages --answers answer.txt
        hunch draft examples/support-messages --by uncovered --class loan
      """)

  @OptionGroup var project: ProjectOptions
  @Option(
    help: "Which documents are shown: value, conflicted or uncovered (default: the last two).")
  var by: DocumentChoice?
  @Option(help: "The most documents that are shown.") var documents = DraftRequest().documents
  @Option(help: "The most functions that are asked for.") var count = DraftRequest().count
  @Option(
    name: .customLong("class"), parsing: .unconditional, help: "Only functions for a class.")
  var label: String?
  @Option(help: "A file with an answer, instead of asking.", completion: .file())
  var answers: String?
  @Option(
    help: "Write what would be asked to a file ('-' for standard output), and ask nothing.",
    completion: .file())
  var writeRequest: String?
  @Option(help: "The language model to ask (default: the one that hunch.yaml names).")
  var model: String?
  @Option(
    help: "The Swift file to write (default: Drafted.swift in the project).", completion: .file())
  var out: String?
  @Flag(help: "Replace what was written before: the request, or a drafted file.")
  var replace = false

  func validate() throws {
    if documents < 1 { throw ValidationError("--documents takes a whole number from 1.") }
    if count < 1 || count > 100 { throw ValidationError("--count takes a number from 1 to 100.") }
    if answers != nil, writeRequest != nil {
      throw ValidationError("--answers does not go with --write-request.")
    }
  }

  func run() throws {
    var request = DraftRequest()
    (request.choice, request.documents, request.count) = (by, documents, count)
    request.label = label
    let session = try project.session()
    let drafting = Drafting(session)
    if let writeRequest {
      return try write(drafting.text(request), to: writeRequest)
    }
    let destination = DraftDestination(
      path: out ?? session.project.resolve("Drafted.swift"), replaces: replace)
    let report =
      if let answers {
        try drafting.draft(answer: answers, to: destination)
      } else {
        try drafting.draft(request, model: model, to: destination)
      }
    try project.common.output.show(report) { $0.draft(report) }
  }

  private func write(_ text: String, to path: String) throws {
    if path == "-" { return try Console.document(text) }
    if !replace, FileManager.default.fileExists(atPath: path) {
      throw HunchError.exists(path: path)
    }
    try ReplacedFile.write(Array(text.utf8), to: path)
  }
}
