import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// The votes with required literals against those of a program that tries every pattern on every
/// document.
@Suite struct PrefilterOracleTests {
  struct Sample: Sendable {
    var source: String
    var options: PatternOptions = []
  }

  /// The rules of a pattern: one that only matches, one that looks at the groups.
  private static func rules(_ sample: Sample) -> [RuleDefinition] {
    [
      Pattern<Topic>(sample.source, options: sample.options, votes: .red).definition,
      Pattern<Topic>("groups", sample.source, options: sample.options) { match in
        // A different text of any group most likely means a different class.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for group in 0..<10 {
          for byte in match[group]?.utf8 ?? "-".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
          }
          hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        return Topic.allCases[Int(hash >> 33) % 3]
      }.definition,
    ]
  }

  /// Compares both programs; returns how many pairs of a pattern and a document match.
  @discardableResult
  private static func compare(
    _ samples: [Sample], _ texts: [String], fromBatchesOf size: Int = .max
  ) throws -> [Int] {
    let pack = pack(
      samples.flatMap(rules).enumerated().map { index, rule in
        var rule = rule
        rule.name = "r\(index)"
        return rule
      })
    let functions = Array(pack.functions.indices)
    let fast = try RuleProgram(pack, functions: functions, knowledge: [:]).makeWorker()
    let slow = try RuleProgram(
      pack, functions: functions, knowledge: [:], usesRequiredLiterals: false
    ).makeWorker()
    var matches = [Int](repeating: 0, count: samples.count)
    for start in stride(from: 0, to: max(1, texts.count), by: size) {
      let batch = DocumentBatch(texts: TextBatch(texts.dropFirst(start).prefix(size)))
      let found = fast.evaluate(batch)
      let expected = slow.evaluate(batch)
      for failure in found.failures where !expected.failures.contains(failure) {
        Issue.record("\(samples[failure.function / 2].source.debugDescription) fails")
      }
      for function in functions {
        let failed = Set(expected.failures.filter { $0.function == function }.map(\.document))
        for document in 0..<batch.texts.count where !failed.contains(document) {
          let vote = expected.columns[function][document]
          if vote >= 0 { matches[function / 2] += 1 }
          if found.columns[function][document] != vote {
            let sample = samples[function / 2]
            let text = batch.texts.text(at: document).prefix(200)
            Issue.record(
              """
              \(sample.source.debugDescription) (options \(sample.options.rawValue), groups \
              \(function % 2)) on \(String(text).debugDescription): \
              \(found.columns[function][document]) instead of \(vote)
              """)
          }
        }
      }
    }
    return matches
  }

  // MARK: - Random patterns

  @Test(arguments: Repository.draws(40))
  func randomPatternsVoteTheSame(_ seed: Int) throws {
    var generator = PatternGenerator(seed: seed)
    var samples: [Sample] = []
    var texts: [String] = []
    var drawn = 0
    while samples.count < 100 {
      drawn += 1
      let (source, sample) = generator.pattern()
      let options = generator.options()
      guard (try? CompiledPattern(source, options: options, captures: true)) != nil else {
        continue
      }
      samples.append(Sample(source: source, options: options))
      texts.append(generator.text(around: sample))
      texts.append(generator.text())
    }
    let matches = try Self.compare(samples, texts)
    let derived = samples.indices.filter {
      !RequiredLiterals(of: samples[$0].source, options: samples[$0].options).chains.isEmpty
    }
    // Without these the comparison could hold for want of anything to compare.
    #expect(drawn < 200, "most patterns are valid")
    #expect(derived.count >= 25, "many patterns require something")
    #expect(derived.filter { matches[$0] > 0 }.count >= 15, "many of them match")
  }

  /// Patterns that have been read wrongly, and a text for each that shows it.
  @Test(arguments: [
    (#"(\b|_)10"#, "i_101"), ("(?:x|^)free", "a xfree"), ("(?:éé|^)foo", "-éÉfoo"),
    (#"(?:free|xfree)\b"#, "1xfree"),
    ("(?:.{600}.{600}){2}foo", String(repeating: "é", count: 2_400) + "foo"),
    (#"[\E^a]foo"#, "bfoo"), (#"[\Q\E^a]foo"#, "bfoo"), (#"[a\E-z]foo"#, "kfoo"),
    (#"[\Qa\E-z]foo"#, "kfoo"),
    ("(?-i)[^a-zA-Z0-9_]foo", "ſfoo"), ("(?-i)foo[^a-zA-Z0-9_]", "fooſ"),
    ("(?-i)(?<![a-zA-Z0-9_])foo(?![a-zA-Z0-9_])", "ſfooſ"),
  ])
  func patternsOnceReadWrongly(_ source: String, _ text: String) throws {
    #expect(try Self.compare([Sample(source: source)], [text]) == [2])
  }

  // MARK: - Patterns of users

  private static let optionSets: [PatternOptions] = [
    [], .caseSensitive, [.multiline, .dotMatchesNewlines], .extended,
  ]

  private static let userSamples = userPatterns.flatMap { source in
    optionSets.compactMap { options -> Sample? in
      let sample = Sample(source: source, options: options)
      return (try? CompiledPattern(source, options: options)) == nil ? nil : sample
    }
  }

  /// In batches of every size that matters to a scan of four lanes.
  @Test(arguments: [1, 2, 3, 4, 5, 4_096])
  func patternsOfUsersVoteTheSame(_ size: Int) throws {
    #expect(Self.userSamples.count > 4 * userPatterns.count - 20, "nearly all are valid")
    let matches = try Self.compare(Self.userSamples, userTexts, fromBatchesOf: size)
    #expect(matches.count { $0 > 0 } > Self.userSamples.count * 9 / 10)
    let derived = Self.userSamples.count {
      !RequiredLiterals(of: $0.source, options: $0.options).chains.isEmpty
    }
    #expect(derived > Self.userSamples.count / 2)
  }

  @Test func fullBatchesVoteTheSame() throws {
    var random = SplitMix64(seed: 7)
    let texts = (0..<8_200).map { _ in
      random.pick(userTexts) + random.pick(["", " ", "\n"]) + random.pick(userTexts)
    }
    let samples = userPatterns.filter { (try? CompiledPattern($0, options: [])) != nil }
    try Self.compare(samples.map { Sample(source: $0) }, texts, fromBatchesOf: 4_096)
  }

  /// Texts of more than 64 KB: of ASCII, of two bytes per letter, of letters that change their
  /// length when folded; what is looked for at the start, in the middle and at the end.
  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: ["z", "z ", "é", "中 ", "Ⱥ", "\u{212A}-", "_", "\n"])
  func longTextsVoteTheSame(_ filling: String) throws {
    let half = String(repeating: filling, count: 35_000 / filling.utf8.count + 1)
    let texts = userTexts.prefix(60).flatMap { text in
      [text + half + half, half + text + half, half + half + text]
    }
    let samples = userPatterns.filter {
      !RequiredLiterals(of: $0, options: []).chains.isEmpty
        && (try? CompiledPattern($0, options: [])) != nil
        && ![".*", "[^", "{", "+", #"\X"#].contains(where: $0.contains)
    }
    #expect(samples.count > 50)
    try Self.compare(samples.map { Sample(source: $0) }, texts)
  }

  /// Nothing is found across the border of two documents.
  @Test func documentsEndWhereTheyEnd() throws {
    let pieces = ["fr", "ee", "free", "f", "e", "-", "", "win", "w", "in", "_", "é"]
    let sources = [
      "free", #"\bfree"#, #"free\b"#, #"\bfree\b"#, "free.*win", #"\bfree\b.*\bwin\b"#, "win|free",
      "(?<=free)", "(?=win)", #"-\bfree"#, #"free\b-"#, "e", #"\be\b"#,
    ]
    let texts = pieces.flatMap { first in pieces.flatMap { [first, $0, first + $0] } }
    for size in [1, 2, 3, 4, 5, 7, 8, 1_000] {
      try Self.compare(sources.map { Sample(source: $0) }, texts, fromBatchesOf: size)
    }
  }

  // MARK: - Published data

  private struct Function: Decodable { var pattern: String }
  private struct Line: Decodable { var text: String }

  @Test(
    .enabled(
      if: Repository.sharedData("sms") != nil && Repository.sharedData("trec") != nil,
      "the shared data sets are not on this machine"),
    arguments: ["sms", "trec"])
  func publishedPatternsVoteTheSame(_ name: String) throws {
    let folder = try #require(Repository.sharedData(name))
    let decoder = JSONDecoder()
    let functions = try decoder.decode(
      [Function].self, from: Data(contentsOf: folder.appendingPathComponent("lfs.json")))
    let lines = try Data(contentsOf: folder.appendingPathComponent("documents.jsonl"))
      .split(separator: 0x0A).map { try decoder.decode(Line.self, from: $0).text }
    let samples = (functions.map(\.pattern) + userPatterns).filter {
      (try? CompiledPattern($0, options: [])) != nil
    }
    let matches = try Self.compare(
      samples.map { Sample(source: $0) }, lines, fromBatchesOf: 4_096)
    #expect(matches.prefix(functions.count).reduce(0, +) > 1_000)
  }
}
