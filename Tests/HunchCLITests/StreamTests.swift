import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Standard input and output")
struct StreamTests {
  /// Runs a line of shell with the binary as `$HUNCH`; gives the status of the whole line.
  private func shell(_ line: String, in folder: Folder) throws -> Int32 {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = folder.url
    shell.arguments = ["-c", line]
    shell.environment = ProcessInfo.processInfo.environment
      .merging(["HUNCH": HunchBinary.path]) { _, new in new }
    try shell.run()
    shell.waitUntilExit()
    return shell.terminationStatus
  }

  @Test("74: a full disk is said, whatever was printed")
  func fullDisk() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let folder = try Projects.fruit()
    for command in [
      "analyze", "analyze --format json", "run", "predict . notes.csv", "projects",
      "export . votes --output - --table-format csv", "export . model --output -",
      "export . votes --output /dev/full --table-format csv",
    ] {
      let status = try shell("\"$HUNCH\" \(command) >/dev/full 2>errors", in: folder)
      let errors = try folder.text("errors")
      #expect(status == 74, "\(command): \(errors)")
      #expect(errors.contains("No space left on device"), "\(command): \(errors)")
    }
  }

  @Test(
    "a reader that stops early is no error",
    arguments: ["run", "analyze", "predict . many.txt", "predict --model m.model many.txt"])
  func closedPipe(command: String) throws {
    let folder = try Projects.fruit()
    _ = try HunchBinary.succeed(["export", ".", "model", "--output", "m.model"], in: folder)
    try folder.write("many.txt", String(repeating: "ripe plum\n", count: 20_000))
    _ = try shell("\"$HUNCH\" \(command) 2>errors | head -1 >out", in: folder)
    #expect(try folder.text("out").split(separator: "\n").count == 1)
    let errors = try folder.text("errors").split(separator: "\n")
    #expect(errors.allSatisfy { $0.hasPrefix("warning: ") })
  }

  @Test("every line gets its line, in order, across batches")
  func order() throws {
    let folder = try Projects.fruitModel()
    let words = ["ripe", "honey", "mango", "sharp", "lime", "vinegar", "plum"]
    let texts = (0..<1_300).map { number in
      "\(words[number % 7]) \(words[number / 7 % 7]) \(words[number / 49 % 7])"
    }
    func predict(_ texts: [String]) throws -> [Substring] {
      try HunchBinary.succeed(
        ["predict", "--model", "m.model"], in: folder, input: texts.joined(separator: "\n")
      ).split(separator: "\n")
    }
    let lines = try predict(texts)
    #expect(lines.count == texts.count)
    #expect(Set(lines).count > 5)
    #expect(try predict(texts.reversed()) == lines.reversed())
    #expect(try predict([texts[700]]) == [lines[700]])
  }

  @Test("what counts as a line")
  func lines() throws {
    let folder = try Projects.fruitModel()
    func count(_ input: String) throws -> Int {
      try HunchBinary.succeed(["predict", "--model", "m.model", "-"], in: folder, input: input)
        .split(separator: "\n").count
    }
    #expect(try count("") == 0)
    #expect(try count("plum") == 1)
    #expect(try count("plum\n") == 1)
    #expect(try count("plum\r\n\r\npear") == 3)
    #expect(try count("\n\n") == 2)
    #expect(try count("a\u{0}b\u{2028}c\n{\"text\": \"line one\\nline two\"}\n") == 2)
    #expect(try count("\n{\"text\": \"a\"}\n \n{\"text\": \"\"}\n") == 2, "blank among objects")
  }

  @Test("a line is the same text in every form")
  func forms() throws {
    let folder = try Projects.fruitModel()
    func predict(_ input: String, _ options: [String] = []) throws -> [Substring] {
      try HunchBinary.succeed(
        ["predict", "--model", "m.model"] + options, in: folder, input: input
      ).split(separator: "\n")
    }
    let plain = try predict("ripe é plum\r\n\u{FEFF}ripe\n")
    let marked = try predict("\u{FEFF}{\"text\": \"ripe \\u00e9 plum\"}\n{\"text\":\"\"}")
    let table = try predict("\u{FEFF}\"text\"\nripe é plum\n", ["--input-format", "csv"])
    #expect(plain.count == 2 && marked.count == 2 && table.count == 1)
    #expect(plain[0] == marked[0] && plain[0] == table[0])
  }

  @Test(
    "65: a line that is no text is told by its number; those around it are answered",
    arguments: [
      ("{\"text\": 1}", "the object has no text 'text'"),
      ("{\"text\": null}", "the object has no text 'text'"),
      ("{\"txt\": \"secret\"}", "the object has no text 'text'"),
      ("{\"text\": \"secret\"", "not valid JSON at byte 18: a comma or a closing bracket expected"),
      ("secret", "not valid JSON at byte 1: a value expected"), ("[1]", "not a JSON object"),
      ("{\"text\": \"secret\", \"text\": \"\"}", "the key 'text' occurs more than once"),
      ("{}", "the object has no text 'text'"),
    ])
  func badLines(line: String, problem: String) throws {
    let folder = try Projects.fruitModel()
    let input = "{\"text\": \"fine\"}\n\(line)\n{\"text\": \"plum\"}\n\(line)\n"
    let outcome = try HunchBinary.run(["predict", "--model", "m.model"], in: folder, input: input)
    #expect(outcome.status == 65)
    #expect(outcome.output.split(separator: "\n").count == 2)
    #expect(
      outcome.errors == """
        hunch: standard input:2: \(problem)
        hunch: standard input:4: \(problem)
        hunch: standard input: 2 lines could not be read and have no answers

        """)
    let strict = try HunchBinary.run(
      ["predict", "--model", "m.model", "--strict"], in: folder, input: input)
    #expect(strict.status == 65)
    #expect(strict.output.split(separator: "\n").count == 1)
    #expect(strict.errors.hasPrefix("hunch: standard input:2: \(problem)\n"))
  }

  @Test("results go to standard output, the rest to standard error, and --quiet is quiet")
  func streams() throws {
    let folder = try Projects.fruit()
    let run = try HunchBinary.run(["run"], in: folder)
    #expect(run.status == 0)
    let warnings = "warning: silent never votes: correct what it looks for, or drop it\n"
    #expect(run.errors == warnings, "no progress where there is no terminal")
    let export = try HunchBinary.run(["export", ".", "votes", "--output", "v.csv"], in: folder)
    #expect(export.output.isEmpty)
    #expect(export.errors == "wrote 12 rows to v.csv\n")
    let quiet = try HunchBinary.run(
      ["export", ".", "votes", "--output", "v.csv", "--quiet"], in: folder)
    #expect(quiet.output.isEmpty && quiet.errors.isEmpty)
  }

  @Test("a command that is none is named, with the nearest")
  func unknownCommand() throws {
    let folder = try Folder()
    for (word, near) in [("explian", "; did you mean 'explain'?"), ("zebra", "")] {
      let run = try HunchBinary.run([word, "x", "--format", "json"], in: folder)
      #expect(run.status == 64 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("Error: no command '\(word)'\(near)\n"))
    }
    #expect(try HunchBinary.succeed(["help", "run"], in: folder).contains("hunch run"))
  }

  @Test("the version, and a folder without a project")
  func version() throws {
    let folder = try Folder()
    // The compiler is read from modules beside the program; the commit is the Makefile's to say.
    let version = #/hunch \d+\.\d+\.\d+ \(([0-9a-f]{7,}(-dirty)?, )?Swift \d+\.\d[^ ]*\)\n/#
    #expect(try HunchBinary.succeed(["--version"], in: folder).wholeMatch(of: version) != nil)
    #expect(try HunchBinary.run(["projects"], in: folder).status == 66)
    #expect(try folder.url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        .allSatisfy { $0.hasPrefix(".std") })
  }
}
