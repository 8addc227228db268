import Foundation
import Hunch
import HunchLabeling
import HunchModels
import LabelingFunctions
import ProjectSupport
import TestSupport
import Testing

/// Suggestions on the support messages.
@Suite struct SuggestionTests {
  /// The loop after a round: some labels are known.
  private func labelled() throws -> (TestProject, RulePack) {
    let (project, pack) = try SuggestionProject.supportMessages()
    try project.execute(
      """
      UPDATE documents SET gold = hidden, use = 'repair'
        WHERE split = 'valid' AND id % 2 = 0
      """)
    return (project, pack)
  }

  private func pipeline(
    _ project: TestProject, _ pack: RulePack, threads: Int = 2
  ) throws -> ProjectSteps {
    try ProjectSteps(
      Project(
        directory: project.directory, packs: [pack],
        workspace: project.path("workspace-\(UUID().uuidString)")),
      options: SessionOptions(threads: threads))
  }

  @Test func countsAreWhatAddingTheFunctionGives() throws {
    let (project, pack) = try labelled()
    let report = try pipeline(project, pack).suggestFunctions(count: 4)
    #expect(report.functions.count > 1 && report.labelled > 50)
    for function in report.functions {
      let added = try pipeline(project, pack.adding([function.definition]))
      let figures = try #require(
        try added.analyze(split: nil).functions.first { $0.name == function.name })
      #expect(figures.votes == function.documents)
      #expect(abs(figures.coverage - function.coverage) < 1e-12)
      let documents = Double(report.documents)
      #expect(figures.overlaps == Double(function.overlaps) / documents)
      #expect(figures.conflicts == Double(function.conflicts) / documents)
      #expect(function.newlyCovered == function.documents - function.overlaps)
      let before = try pipeline(project, pack).analyze(split: nil).coverage
      let after = try added.analyze(split: nil).coverage
      #expect(abs((after - before) * documents - Double(function.newlyCovered)) < 1e-6)
      // By reading the texts.
      _ = try added.export(.votes, to: project.path("votes.csv"))
      let rows = try project.rows("votes.csv")
      let columns = try #require(rows.first)
      let own = try #require(columns.firstIndex(of: function.name))
      for overlap in function.overlapping {
        let other = try #require(columns.firstIndex(of: overlap.function))
        let cast = rows.dropFirst().map { ($0[own], $0[other]) }
        let isVote = { (cell: String) in !cell.isEmpty && cell != "-1" }
        #expect(overlap.documents == cast.count { isVote($0.0) && isVote($0.1) })
        #expect(overlap.agreements == cast.count { isVote($0.0) && $0.0 == $0.1 })
      }
    }
  }

  @Test func threadsDoNotMatter() throws {
    let (project, pack) = try labelled()
    let one = try pipeline(project, pack, threads: 1)
    let three = try pipeline(project, pack, threads: 3)
    #expect(
      try ReportJSON.encode(one.suggestFunctions(count: 5))
        == ReportJSON.encode(three.suggestFunctions(count: 5)))
    for choice in DocumentChoice.allCases {
      #expect(
        try ReportJSON.encode(one.suggestDocuments(choice, count: 30))
          == ReportJSON.encode(three.suggestDocuments(choice, count: 30)))
    }
  }

  @Test func labelsThatMeasureAndTestDocumentsPlayNoPart() throws {
    let (project, pack) = try labelled()
    try project.execute(
      """
      UPDATE documents SET gold = hidden, use = 'audit'
        WHERE split = 'valid' AND id % 4 = 1
      """)
    let before = try pipeline(project, pack)
    let functions = try before.suggestFunctions(count: 5)
    let documents = try before.suggestDocuments(count: 1000)
    let test: Set<String> = Set(
      (try project.value("SELECT group_concat(id) FROM documents WHERE gold IS NOT NULL")
        ?? "").split(separator: ",").map(String.init))
    #expect(test.count > 250)
    #expect(documents.documents.allSatisfy { !test.contains($0.id) && $0.split != "test" })
    #expect(documents.documents.count == documents.candidates)
    // Other labels that measure, other words in the test split.
    try project.execute(
      """
      UPDATE documents SET gold = CASE WHEN gold = 'card' THEN 'loan' ELSE 'card' END
        WHERE gold IS NOT NULL AND coalesce(use, '') <> 'repair';
      UPDATE documents SET text = text || ' planted word' WHERE split = 'test'
      """)
    let after = try pipeline(project, pack)
    #expect(
      try after.suggestFunctions(count: 5).functions.map(\.swift)
        == functions.functions.map(\.swift))
    #expect(
      try after.suggestFunctions(count: 5).functions.map(\.precision)
        == functions.functions.map(\.precision))
    #expect(try after.suggestDocuments(count: 1000) == documents)
  }

  @Test func documentsAreOfTheKindAskedFor() throws {
    let (project, pack) = try labelled()
    let pipeline = try pipeline(project, pack)
    let conflicted = try pipeline.suggestDocuments(.conflicted, count: 5, texts: true).documents
    #expect(!conflicted.isEmpty)
    #expect(conflicted.allSatisfy { Set($0.votes.map(\.vote)).count > 1 && $0.text != nil })
    let uncovered = try pipeline.suggestDocuments(.uncovered, count: 5, split: .valid).documents
    #expect(uncovered.count == 5)
    #expect(uncovered.allSatisfy { $0.votes.isEmpty && $0.split == "valid" && $0.text == nil })
    #expect(uncovered.allSatisfy { $0.posterior == nil && $0.classifier?.count == 6 })
  }

  @Test func aFunctionIsWhatItsSwiftSays() throws {
    let (project, pack) = try labelled()
    let report = try pipeline(project, pack).suggestFunctions(count: 5)
    let function = try #require(report.functions.first)
    let label = try #require(SupportTopic(rawValue: function.label))
    let ofOneClass = try pipeline(project, pack).suggestFunctions(count: 5, for: function.label)
    #expect(ofOneClass.functions.allSatisfy { $0.label == function.label })
    #expect(ofOneClass.functions.first?.swift == function.swift)
    let rule = Keywords(function.name, function.words, votes: label)
    #expect(
      CanonicalForm(rule.definition, labels: pack.labels).text
        == CanonicalForm(function.definition, labels: pack.labels).text)
    #expect(function.definition.name == function.name)
    try pack.adding(report.functions.map(\.definition)).validate()
    #expect(throws: HunchError.self) {
      _ = try pipeline(project, pack).suggestFunctions(for: "cart")
    }
  }

  @Test func sourceIsEscaped() {
    #expect(
      SwiftSource.literal("a\"b\\c\n\t\u{0}\u{200B}\u{A0}é")
        == #""a\"b\\c\n\t\u{0}\u{200B}\u{A0}é""#)
    #expect(SwiftSource.literal("\u{301}x") == #""\u{301}x""#)
    #expect(SwiftSource.literal(#"\(x)"#) == #""\\(x)""#)
    #expect(SwiftSource.enumCase("card") == ".card" && SwiftSource.enumCase("init") == ".`init`")
    #expect(SwiftSource.enumCase("two words") == ".`two words`")
    #expect(SwiftSource.name(label: "a b", word: "pin code", taken: []) == "suggested_a_b_pin_code")
    #expect(
      SwiftSource.name(
        label: "a", word: "x", taken: ["suggested_a_x", "suggested_a_x_2"]) == "suggested_a_x_3")
    enum Topic: String, LabelSet { case card = "the card", `init` }
    let pack = RulePack("p", for: Topic.self) { Keywords("k", ["x"], votes: .card) }
    #expect(pack.caseNames.map(SwiftSource.enumCase) == [".card", ".`init`"])
  }

  /// Where the package's modules are built.
  private static let modules = Repository.root.appendingPathComponent(".build/release/Modules").path

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: "\(modules)/HunchLabeling.swiftmodule"),
      "needs the modules of a release build in .build"))
  func sourceCompiles() throws {
    let project = try TestProject()
    let words = ["pin", "quo\"te", "back\\slash", #"\(x)"#, "né\u{301}", "\u{301}x", "tab\t"]
    try project.write(
      "pasted.swift",
      """
      import HunchLabeling
      enum Topic: String, LabelSet { case card, `init`, `two words` }
      let pack = RulePack("pasted", for: Topic.self) {
      \(SwiftSource.keywords("a\"b", words, caseName: "card"))
      \(SwiftSource.keywords("c", words + words + words, caseName: "init"))
      \(SwiftSource.keywords("d", ["x"], caseName: "two words"))
      \(SwiftSource.pattern("e", SwiftSource.gap("pay", "né\u{301}"), caseName: "card"))
      }
      """)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swiftc", "-typecheck", "-parse-as-library", "-swift-version", "6", "-I", Self.modules,
      "-Xcc", "-fmodule-map-file=\(Repository.root.path)/Sources/CPCRE2/module.modulemap",
      project.path("pasted.swift"),
    ]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
