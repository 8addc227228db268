import Foundation
import HunchCLI
import Testing

@Suite("Watching")
struct WatchTests {
  /// A watch under way, ended with its last owner.
  private final class Watch {
    let process: Process
    let folder: Folder

    init(_ folder: Folder) throws {
      self.folder = folder
      process = try HunchBinary.process(["watch", "."], in: folder)
      try process.run()
    }

    deinit { process.terminate() }

    /// Waits until the output has so many lines with a text.
    func wait(for text: String, _ times: Int = 1) throws -> Bool {
      for _ in 0..<1_500 {
        if try folder.text(".stdout").components(separatedBy: text).count > times { return true }
        if !process.isRunning { return false }
        Thread.sleep(forTimeInterval: 0.02)
      }
      return false
    }
  }

  @Test("a saved file is run again; 130 when interrupted, and nothing is left behind")
  func data() throws {
    let folder = try Projects.fruit()
    let watch = try Watch(folder)
    #expect(try watch.wait(for: "recorded as run 1\n"))
    var votes = try folder.text("votes.csv").replacing("5,sweet,,,", with: "5,sour,,,")
    try folder.write("votes.csv", votes)
    #expect(try watch.wait(for: "— votes.csv changed\n"))
    #expect(try watch.wait(for: "run 2, against run 1: ~4 functions, "))
    // As editors save: written beside and renamed.
    votes.replace("9,sweet,,,", with: "9,,,,")
    try Data(votes.utf8).write(to: URL(fileURLWithPath: folder.path("votes.csv")), options: .atomic)
    #expect(try watch.wait(for: "run 3, against run 2: "))
    // What cannot be run is said, and watching goes on.
    try folder.write("hunch.yaml", "labels: [sweet\n")
    #expect(try watch.wait(for: "— hunch.yaml changed\n"))
    for _ in 0..<500 where try !folder.text(".stderr").contains("not valid YAML") {
      Thread.sleep(forTimeInterval: 0.02)
    }
    try folder.write("hunch.yaml", Projects.fruitConfiguration)
    #expect(try watch.wait(for: "the same as run 3, for the 2nd time\n"))
    watch.process.interrupt()
    watch.process.waitUntilExit()
    let outcome = try HunchBinary.outcome(watch.process, in: folder)
    #expect(outcome.status == 130)
    #expect(outcome.errors.split(separator: "\n").allSatisfy { !$0.contains("interrupted") })
    #expect(!outcome.output.contains("\u{1B}"), "no colour where output is no terminal")
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100) }
    // The workspace is free again.
    #expect(try HunchBinary.run(["apply"], in: folder).status == 0)
  }

  @Test("a saved rule is compiled and run; errors are shown, and watching goes on")
  func rules() throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "p", "--quiet"], in: folder)
    for name in ["hunch.yaml", "rules.swift", "corpus.sqlite"] {
      try FileManager.default.moveItem(
        atPath: folder.path("p/\(name)"), toPath: folder.path(name))
    }
    let watch = try Watch(folder)
    #expect(try watch.wait(for: "recorded as run 1\n"))
    let rules = try folder.text("rules.swift")
    try folder.write("rules.swift", rules.replacing("\"lovely\"", with: "\"lovely\", \"best\""))
    #expect(try watch.wait(for: "— rules.swift changed\n"))
    #expect(try watch.wait(for: "run 2, against run 1: ~1 function (kind_words), "))
    try folder.write("rules.swift", rules.replacing("Keywords(\"kind", with: "Keyword(\"kind"))
    for _ in 0..<1_500 where try !folder.text(".stderr").contains("cannot find 'Keyword'") {
      Thread.sleep(forTimeInterval: 0.02)
    }
    #expect(try folder.text(".stderr").contains("hunch: the rules do not compile\n"))
    try folder.write("rules.swift", rules)
    #expect(try watch.wait(for: "run 3, against run 2: the same as run 1, ~1 function "))
  }

  @Test("an interrupted watch ends the run that is under way")
  func interrupted() throws {
    let folder = try Projects.supportMessages()
    let watch = try Watch(folder)
    #expect(try watch.wait(for: "together: "))
    watch.process.interrupt()
    watch.process.waitUntilExit()
    #expect(watch.process.terminationStatus == 130)
    #expect(try HunchBinary.run(["apply"], in: folder).status == 0)
  }
}
