import Foundation
import Hunch
import HunchLabeling
import TestSupport
import ProjectSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Input that nobody means to give but somebody will. `HUNCH_FAULTS` makes it as large as it gets.
@Suite(.serialized) struct PathologicalInputTests {
  private static let isHeavy = ProcessInfo.processInfo.environment["HUNCH_FAULTS"] != nil

  /// Says how long some work took and how much memory this process has had at most so far.
  private func measured<Result>(_ what: String, _ work: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try work()
    let seconds = start.duration(to: .now) / .seconds(1)
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, which is of another type on every system
    let time = String(format: "%.2f s", seconds)
    print("\(what): \(time), peak so far \(usage.ru_maxrss >> 10) MB")
    return result
  }

  // MARK: - Patterns

  private static let catastrophic = [
    #"^(a+)+$"#, #"(a+)+$"#, #"(a|aa)+$"#, #"(.*)*x"#, #"^(\w+\s?)*$"#, #"(?=(a+)+b)a"#,
    #"(?=(?=(a|aa)+b)+c)a"#, #"(a*)*(a*)*$"#, #"^((a|b|ab)*)*c"#, #"(?:a?){60}a{60}$"#,
    #"^(([a-z])+.)+[A-Z]([a-z])+$"#, #"(x+x+)+y"#, #"^(?:(?:a|aa)(?:a|aa))*$"#,
    // These stay below the limit on every place, but do the same work again from each.
    #"(?=\w*\d)\w"#, #"(?:\w+\s)*[xz]"#, #"(?:\w*+y|a)*[xz]"#,
  ]

  @Test(arguments: ["!", "!b c X y x"])
  func catastrophicPatterns(end: String) throws {
    let rules = Self.catastrophic.enumerated().map { ("pattern_\($0)", $1) }
    let pack = RulePack("sample", for: Verdict.self) {
      Keywords("hello", ["hello"], votes: .ham)
      for (name, pattern) in rules {
        Pattern(name, pattern, options: .caseSensitive, votes: .spam)
      }
      Pattern("with_groups", #"^(?<word>a+)+$"#) { _ in .spam }
    }
    let project = try TestProject()
    try project.makeCorpus(["hello", String(repeating: "a", count: 1 << 20) + end, "hello aa"])
    let (report, votes) = try measured("catastrophic patterns on 1 MB ending '\(end)'") {
      try project.apply(pack, threads: 1)
    }
    // The other documents and functions have their votes.
    #expect(votes[1][1] == "0")
    #expect(votes[3][1] == "0")
    #expect(votes[2][1] == "-1")
    // No pattern may be taken to have matched or not where it gave up.
    #expect(report.errors > 5)
    for failure in report.failures {
      #expect(failure.documents == 1)
      let column = try #require(votes[0].firstIndex(of: failure.function))
      #expect(votes[2][column] == "-1")
      #expect(failure.reasons.allSatisfy { $0.contains("limit exceeded") })
    }
    #expect(report.failures.map(\.function).contains("pattern_0"))
    #expect(report.failures.map(\.function).contains("with_groups"))
    #expect(report.failures.map(\.function).contains("pattern_\(Self.catastrophic.count - 1)"))
    // What failed is remembered, not tried again.
    let again = try project.apply(pack)
    #expect(again.report.evaluations == 0)
    #expect(again.report.errors == report.errors)
    #expect(again.votes == votes)
  }

  // MARK: - Documents

  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("offer", ["offer", "prize"], votes: .spam)
    Pattern("digits", #"\b\d+ (pounds|euros)\b"#, votes: .spam)
    Pattern("captured", #"(?<amount>\d+) pounds"#) {
      $0["amount"].map { $0.count > 3 ? .spam : .ham }
    }
    Heuristic("short") { $0.words.count < 4 ? .ham : nil }
    Heuristic("contains") { $0.contains("hello") ? .ham : nil }
    Heuristic("text") { $0.text.hasSuffix("!") ? .ham : nil }
    AnyOf("either", votes: .spam) {
      Keywords(["win"])
      Pattern(#"\bfree\s+\w+"#)
    }
  }

  /// Every step on a project, with exports.
  private func runAll(_ project: TestProject, _ pack: RulePack = pack) throws -> [[String]] {
    let pipeline = try project.pipeline(pack)
    _ = try pipeline.run()
    for kind in [ExportKind.posteriors, .predictions] {
      _ = try pipeline.export(kind, to: project.path("\(kind).csv"))
    }
    _ = try pipeline.htmlReport()
    _ = try pipeline.export(.votes, to: project.path("v.csv"))
    return try project.rows("v.csv")
  }

  /// Texts given by their bytes, whatever SQLite thinks of them.
  private func makeCorpus(_ project: TestProject, _ bytes: [[UInt8]]) throws {
    try project.execute("CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT)")
    for document in bytes {
      try project.execute(
        "INSERT INTO documents(text) VALUES (CAST(? AS TEXT))", [Data(document)])
    }
  }

  @Test func bytesThatAreNoText() throws {
    // Few invalid bytes: the test library looks up the stack for each that is repaired.
    let offer = Array("an offer of 12345 pounds!".utf8)
    let documents: [[UInt8]] = [
      offer, [0], [UInt8](repeating: 0, count: 100_000), offer + [0] + offer, [0] + offer,
      [0xFF], [0xFF, 0xFE] + offer, [0xEF, 0xBB, 0xBF] + offer, [0xEF, 0xBB, 0xBF],
      offer + [0xEF, 0xBB, 0xBF], [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80] + offer,
      [0xC0, 0x80] + offer,
      offer + [0xC3], offer + [0xF0, 0x9F], [0xF4, 0x90, 0x80, 0x80] + offer,
      [0xF8, 0x88, 0x80, 0x80, 0x80] + offer, [UInt8](repeating: 0x80, count: 1_000) + offer,
      [UInt8](repeating: 0xF0, count: 999) + [32] + offer,
      Array(String(repeating: "\u{301}", count: 524_288).utf8) + [32] + offer,
      offer + Array(String(repeating: "\u{301}", count: 524_288).utf8),
      Array(String(repeating: "\u{202E}\u{200D}", count: 50_000).utf8) + [32] + offer,
      Array(String(repeating: "👩‍👩‍👧‍👦", count: 20_000).utf8) + offer,
      Array("\u{10FFFF}\u{FFFE} ".utf8) + offer,
      Array(String(repeating: "\r\n\u{2028}\u{85}\u{0B}", count: 50_000).utf8) + offer,
      Array(String(repeating: "ﷺ", count: 100_000).utf8) + [32] + offer,
      Array(String(repeating: "İıßẞΣς", count: 50_000).utf8) + [32] + offer,
      (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 3) } + [32] + offer, [], [32],
      [10],
    ]
    let project = try TestProject()
    try makeCorpus(project, documents)
    let votes = try measured("bytes that are no text") { try runAll(project) }
    #expect(votes.count == documents.count + 1)
    for (document, row) in zip(documents, votes.dropFirst()) where document.count > offer.count {
      // Rules go on behind whatever stands before the words that they look for, a letter aside.
      if document.suffix(offer.count + 1).elementsEqual([32] + offer) {
        #expect(row[1] == "1", "\(row)")
        #expect(row[2] == "1", "\(row)")
      }
    }
    #expect(votes[1] == ["1", "1", "1", "1", "-1", "-1", "0", "-1"])
    #expect(votes[4][1] == "1")
    #expect(votes[5][2] == "1")
  }

  @Test func emptyDocuments() throws {
    let count = Self.isHeavy ? 1_000_000 : 20_000
    let project = try TestProject()
    try project.makeCorpus(repeatElement("", count: count))
    try project.execute("UPDATE documents SET text = NULL WHERE id % 2")
    let votes = try measured("\(count) empty documents") { try runAll(project) }
    #expect(votes.count == count + 1)
    #expect(votes[1].dropFirst() == ["-1", "-1", "-1", "0", "-1", "-1", "-1"])
    #expect(Set(votes.dropFirst().map { $0.dropFirst() }).count == 1)
  }

  @Test func aLongDocument() throws {
    let megabytes = Self.isHeavy ? 50 : 4
    let line = "the quick brown fox paid 12 for nothing in particular, and 7 more for a dog. "
    let lines = (megabytes << 20) / line.utf8.count
    let project = try TestProject()
    try project.makeCorpus([
      "hello", String(repeating: line, count: lines) + "an offer of 12345 pounds!", "an offer",
    ])
    let votes = try measured("a document of \(megabytes) MB") { try runAll(project) }
    #expect(votes[2] == ["2", "1", "1", "1", "-1", "-1", "0", "-1"])
  }

  // MARK: - Many functions and classes

  @Test func manyFunctions() throws {
    let count = Self.isHeavy ? 5_000 : 500
    let pack = RulePack("sample", for: Verdict.self) {
      for number in 0..<count {
        let vote: Verdict = number % 3 == 0 ? .spam : .ham
        switch number % 5 {
        case 0: Keywords("f\(number)", ["word\(number)", "two words\(number)"], votes: vote)
        case 1: Pattern("f\(number)", #"\bword\#(number)\w?\b"#, votes: vote)
        case 2: Heuristic("f\(number)") { $0.contains("word\(number)") ? vote : nil }
        case 3:
          All("f\(number)", votes: vote) {
            Keywords(["word\(number)"])
            Pattern(#"word\d+ word\d+"#)
          }
        default:
          Pattern("f\(number)", #"(?<digit>\d)\d*\#(number)\b"#) { $0["digit"] == "1" ? vote : nil }
        }
      }
    }
    #expect(pack.functions.count == count)
    var random = SplitMix64(seed: 9)
    let project = try TestProject()
    try project.makeCorpus(
      (0..<2_000).map { _ in
        (0..<12).map { _ in "word\(random.below(count))" }.joined(separator: " ")
      })
    let votes = try measured("\(count) functions on 2,000 documents") {
      try runAll(project, pack)
    }
    #expect(votes[0].count == count + 1)
    #expect(votes.count == 2_001)
    #expect(votes.dropFirst().allSatisfy { $0.dropFirst().contains { $0 != "-1" } })
  }

  @Test func manyClasses() throws {
    let classes = Self.isHeavy ? 1_000 : 200
    let labels = (0..<classes).map { "class\($0)" }
    let count = classes * 4
    var random = SplitMix64(seed: 2)
    let documents = (1...count).map { id in
      let label = id % classes
      func vote() -> String? {
        switch random.below(10) {
        case 0: nil
        case 1: labels[random.below(classes)]
        default: labels[label]
        }
      }
      return TestDocument(
        id, "about topic\(label) and more", split: id % 4 == 0 ? "test" : "train",
        gold: labels[label], votes: [vote(), vote(), vote()])
    }
    let project = try TestProject(
      TestProject.configuration(
        labels: labels, columns: [.gold, .split], votes: ["votes.csv"]),
      documents: documents, functions: ["first", "second", "third"])
    let votes = try measured("\(classes) classes, \(count) documents") {
      let pipeline = try project.pipeline()
      let report = try pipeline.run()
      #expect(report.evaluate?.labelModel?.metrics.accuracy ?? 0 > 0.5)
      for kind in [ExportKind.votes, .posteriors, .predictions] {
        _ = try pipeline.export(kind, to: project.path("\(kind).csv"))
      }
      _ = try pipeline.htmlReport()
      return try project.rows("votes.csv")
    }
    #expect(votes.count == count + 1)
    #expect(try project.rows("posteriors.csv")[0].count == 4 + classes)
  }
}
