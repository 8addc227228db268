import Foundation
import Hunch
import TestSupport
import Testing

/// The articles of `docs/Hunch.docc`: their code is what `DocumentedExamples` runs, does what they say,
/// and calls nothing that is not public.
struct DocumentedExamplesTests {
  private static let articles = ["OwnVotes", "WritingRules", "UsingAModel", "AddingARuleKind"]

  @Test func ownVotes() throws {
    let (posteriors, accuracies) = try DocumentedExamples.ownVotes()
    #expect(posteriors.count == 6)
    #expect(posteriors.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
    #expect(posteriors[0][0] > 0.5 && posteriors[2][1] > 0.5)
    #expect(accuracies.count == 3 && accuracies.allSatisfy { ($0 ?? 0) > 0.5 })
    #expect(try DocumentedExamples.gold().learnedPrior?.goldDocuments == 2)
    var message = ""
    DocumentedExamples.badVotes { message = "\($0)" }
    #expect(!message.isEmpty)
    #expect(try Self.text(of: "OwnVotes").contains("`\(message)`"))
  }

  @Test func rules() throws {
    let (rows, labels) = try DocumentedExamples.rules()
    #expect(rows == [[0, nil, nil, nil], [nil, 1, 1, nil], [nil, nil, nil, 0]])
    #expect(labels[0][0] > 0.5 && labels[1][1] > 0.5)
    let article = try Self.text(of: "WritingRules")
    for row in rows.prefix(2) {
      let words = row.map { $0.map(String.init) ?? "nil" }.joined(separator: ", ")
      #expect(article.contains("`[\(words)]`"))
    }
  }

  @Test func modelInAFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).model")
    defer { try? FileManager.default.removeItem(at: file) }
    try DocumentedExamples.train(file)
    let (label, probabilities) = try DocumentedExamples.load(file)
    #expect(label == "spam")
    #expect(probabilities.count == 2 && probabilities[1] > 0.5)
  }

  @Test func ruleKind() throws {
    let found = try DocumentedExamples.ruleKind()
    #expect(found == [[0, nil], [nil, nil], [nil, 0]])
    #expect(try Self.text(of: "AddingARuleKind").contains("`[[0, nil], [nil, nil], [nil, 0]]`"))
  }

  // MARK: - The articles

  @Test func everyBlockOfAnArticleIsRun() throws {
    let run = try Self.examples()
    for article in Self.articles {
      let blocks = try Self.blocks(of: article)
      #expect(!blocks.isEmpty)
      #expect(Set(blocks) == Set(run[article] ?? []), "\(article)")
    }
    #expect(Set(run.keys) == Set(Self.articles))
  }

  /// Compiled as a program outside this package would be: what is not public is unknown to it.
  @Test(.enabled(if: (try? SwiftToolchain.ofThisProgram().compiler) != nil, "needs swiftc"))
  func nothingIsCalledThatIsNotPublic() throws {
    let toolchain = try SwiftToolchain.ofThisProgram()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try SwiftToolchain.emptyModule.text.write(
      to: folder.appendingPathComponent(SwiftToolchain.emptyModule.name), atomically: true,
      encoding: .utf8)
    for article in Self.articles {
      var code = "import Foundation\nimport HunchLabeling\nimport HunchModels\n"
      code += "func article(file: URL) throws {\n"
      let blocks = try Self.blocks(of: article)
      // A model is trained before it is loaded, and only one of them can have a name.
      code += blocks.map { "do {\n" + $0 + "\n}" }.joined(separator: "\n")
      if blocks.count > 1, article != "UsingAModel" {
        code = code.replacing("\n}\ndo {\n", with: "\n")
      }
      code += "\n}\n"
      let source = folder.appendingPathComponent("\(article).swift")
      try code.write(to: source, atomically: true, encoding: .utf8)
      let compiler = Process()
      compiler.executableURL = URL(fileURLWithPath: try #require(toolchain.compiler))
      compiler.arguments =
        ["-typecheck"] + toolchain.arguments(emptyModule: folder.path) + [source.path]
      let output = Pipe()
      compiler.standardError = output
      try compiler.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      compiler.waitUntilExit()
      #expect(compiler.terminationStatus == 0, "\(article): \(text)")
    }
  }

  private static func text(of article: String) throws -> String {
    try String(
      contentsOf: Repository.root.appendingPathComponent("docs/Hunch.docc/\(article).md"),
      encoding: .utf8)
  }

  private static func blocks(of article: String) throws -> [String] {
    try text(of: article).components(separatedBy: "```swift\n").dropFirst().map {
      String($0.components(separatedBy: "\n```")[0])
    }
  }

  /// What stands between the marks of `DocumentedExamples`, by article.
  private static func examples() throws -> [String: [String]] {
    let path = "Tests/HunchRunTests/Documentation/DocumentedExamples.swift"
    let source = try String(
      contentsOf: Repository.root.appendingPathComponent(path), encoding: .utf8)
    var found: [String: [String]] = [:]
    var article: String?
    var block: [Substring] = []
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      let mark = line.trimmingCharacters(in: .whitespaces)
      if mark.hasPrefix("// article: ") {
        (article, block) = (String(mark.dropFirst("// article: ".count)), [])
      } else if let name = article, mark == "// next" || mark == "// end" {
        found[name, default: []].append(block.map { $0.dropFirst(4) }.joined(separator: "\n"))
        (article, block) = (mark == "// next" ? name : nil, [])
      } else if article != nil {
        block.append(line)
      }
    }
    return found
  }
}
