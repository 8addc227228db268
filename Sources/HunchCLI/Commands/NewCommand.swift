import ArgumentParser
import Foundation
import Hunch

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a project of your own: rules, configuration, a corpus.",
    discussion: """
      Makes a Swift package with one rule file, hunch.yaml and a small corpus. It depends on \
      Hunch by path and gets the whole command line with its own rules:

        hunch new my-task
        cd my-task
        swift run -c release my-task run
      """)

  @Argument(help: "The folder to make; its name becomes the package's.", completion: .directory)
  var directory: String

  @Option(
    help: "Where the sources of Hunch are (default: where this program was built).",
    completion: .directory)
  var hunch: String?

  @Flag(name: .shortAndLong, help: "Do not say what to do next.")
  var quiet = false

  func run() throws {
    let project = NewProject(
      directory: directory, hunch: hunch ?? NewProject.sourcesOfHunch)
    try project.create()
    if quiet { return }
    try Console.output(
      """
      made \(directory)
        Sources/\(project.module)/Rules.swift  the labeling functions: change them
        hunch.yaml  where the documents are
        corpus.sqlite  \(NewProject.documentCount) short messages to try it on
      next:
        cd \(directory)
        swift run -c release \(project.name) run

      """)
  }
}
