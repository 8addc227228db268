import HunchLabeling
import HunchText
import TestSupport
import Testing

/// Patterns that stay below the match limit wherever they begin but look far ahead from everywhere.
@Suite struct StepBudgetTests {
  private static let quadratic = [
    #"(?=\w*\d)\w"#, #"(?:\w+\s)*x"#, #"(?:(?=\w*+)a)+x"#, #"(?:\w*+y|a)*x"#,
    #"(\w+)\d\1"#, #"(?=.*é)."#, #"(?s)(?<=a).*x."#, #"(*NO_JIT)(?=\w*\d)\w"#,
    #"(?C1)(?=\w*(?C2)\d)(?C"text")\w"#,
  ]

  private func letters(_ count: Int, _ end: String) -> TextBatch {
    TextBatch(["aaa", String(repeating: "a", count: count) + end, ""])
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: quadratic)
  func theWholeDocumentHasABudget(_ source: String) throws {
    let batch = letters(1 << 20, "! x")
    let pattern = try CompiledPattern(source, options: [], captures: true)
    let matcher = PatternMatcher()
    #expect(matcher.test(pattern, batch, document: 1) == nil)
    let length = batch.range(at: 1).count
    // A step can be as long as the document.
    let budget = PatternMatcher.stepBudget(length: length)
    let steps = matcher.countedSteps
    #expect(steps > 0 && steps <= budget + length + 1)
    // It fails at the same step whichever function asks, and whatever was matched before.
    let all = matcher.matches(pattern, batch, starts: (0..<3).map { ($0, 0) })
    #expect(all.failures == [PatternFailure(document: 1, code: -47)])
    #expect(!all.documents.contains(1))
    let failure = PatternFailure(document: 1, code: -47)
    guard case .failure(failure) = PatternMatcher().firstMatch(pattern, batch, document: 1) else {
      Issue.record("\(source) gave a result")
      return
    }
    #expect(matcher.ranges(pattern, batch, document: 1, limit: 9) == [])
    #expect(matcher.countedSteps == steps)
    // Where little is left of the document, it is decided.
    let late = matcher.matches(pattern, batch, starts: [(1, length - 100)])
    #expect(late.failures.isEmpty)
  }

  @Test func theBudgetGrowsWithTheDocument() {
    #expect(PatternMatcher.stepBudget(length: 0) == PatternMatcher.stepBudget(length: 1 << 20))
    let (small, large) = (10_000_000, 50_000_000)
    #expect(
      PatternMatcher.stepBudget(length: large) == 5 * PatternMatcher.stepBudget(length: small))
  }

  @Test(arguments: [3_000, 10_000, 30_000])
  func shorterDocumentsAreBoundedToo(length: Int) throws {
    let batch = letters(length, "! x")
    // Every step from every place scans the rest: the cube of the length, were it not counted.
    let pattern = try CompiledPattern(#"(?:\w*+y|a)*x"#, options: [])
    let matcher = PatternMatcher()
    let outcome = matcher.test(pattern, batch, document: 1)
    #expect(matcher.countedSteps > 0)
    #expect(
      matcher.countedSteps <= PatternMatcher.stepBudget(length: length) + batch.bytes.count + 1)
    #expect(outcome == nil)
  }

  @Test func whatIsShortAndSimpleIsNotCounted() throws {
    let matcher = PatternMatcher()
    for source in ["free", #"\w+@\w+\.com"#, #"(?:call|text) me\b.*now"#] {
      let pattern = try CompiledPattern(source, options: [])
      let batch = TextBatch([String(repeating: "Call us or text me later. ", count: 40)])
      #expect(matcher.test(pattern, batch, document: 0) == false)
      #expect(matcher.countedSteps == 0)
    }
  }

  /// The run with which a match begins is not walked through from each of its places.
  @Test(arguments: [
    #"\w+\s*$"#, #"[a-z]+ $"#, #"(?<run>\w{2,})(?: |$)"#, #"\w+(?=[ ,]*$)"#, #"a+\b\s*$"#,
  ])
  func longRunsAreDecided(_ source: String) throws {
    let count = 400_000  // few enough for the limit on one place
    let run = String(repeating: "a", count: count)
    let batch = TextBatch([run + "!", run + "!" + run + " ", "!" + run + "!aaa"])
    let pattern = try CompiledPattern(source, options: [])
    let matcher = PatternMatcher()
    #expect(matcher.test(pattern, batch, document: 0) == false)
    #expect(matcher.countedSteps < 20 * count)
    let second = try matcher.firstMatch(pattern, batch, document: 1).get()
    #expect((second?.text.utf8.count ?? 0) >= count)
    let third = matcher.ranges(pattern, batch, document: 2, limit: 9)
    let expected = source == "[a-z]+ $" ? [] : [count + 2..<count + 5]
    #expect(third == expected)
  }

  /// What stands before may decide where a match begins: nothing is left out then.
  @Test(arguments: [
    (#"(a+)b\1c"#, "aabac"), (#"(?>a{2,}?)b"#, "aaab"),
    (#"(a+?)b\1c"#, "aaabac"), (#"(?:a+|b)c"#, "abc"), (#"(a+|)ac"#, "aac"),
    (#"a+?b(?<=^.{3})"#, "aab"), (#"a{2,3}b"#, "aaaab"), (#"a{2,}?b"#, "aaaab"),
    (#"(?:a+)?ab"#, "aab"), (#"a++b"#, "aab"),
    (#"(*NO_AUTO_POSSESS)a++b"#, "aab"),
    (#"a+\Kb"#, "aab"), (#"a*(?=b)"#, "aab"), (#"(a)+b\1"#, "aabaaba"),
  ])
  func whatDependsOnTheStartIsTriedEverywhere(
    _ source: String, _ text: String
  ) throws {
    let pattern = try CompiledPattern(source, options: [], captures: true)
    let batch = TextBatch([text])
    for counting in [StepCounting.never, .always] {
      let matcher = PatternMatcher(matchLimit: 1_000_000, counting: counting)
      #expect(matcher.test(pattern, batch, document: 0) == true)
    }
  }

  @Test func patternsTooLargeToCountAreMatched() throws {
    var random = SplitMix64(seed: 4)
    let names = (0..<2_500).map { _ in
      random.text(of: ["a", "b", "c", "d"], length: 8...8)
    }
    let pattern = try CompiledPattern(
      "(?:" + names.joined(separator: "|") + "):", options: .caseSensitive)
    let filler = String(repeating: "nothing at all. ", count: 5_000)
    let batch = TextBatch([filler + names[1_700] + ":", filler])
    let matcher = PatternMatcher(matchLimit: 1_000_000, counting: .always)
    #expect(matcher.test(pattern, batch, document: 0) == true)
    #expect(matcher.test(pattern, batch, document: 1) == false)
    #expect(matcher.countedSteps == 0)
  }

  @Test func threadsShareTheCodeThatCounts() async throws {
    for _ in 0..<20 {
      let pattern = try CompiledPattern(#"(?<word>\w+) (?:\w+ )*free"#, options: [])
      let filler = String(repeating: "word ", count: 10_000)
      let batch = TextBatch([filler + "is free", filler + "is not"])
      await withTaskGroup(of: [Bool?].self) { group in
        for _ in 0..<4 {
          group.addTask {
            let matcher = PatternMatcher()
            return (0..<2).map { matcher.test(pattern, batch, document: $0) }
          }
        }
        for await outcomes in group { #expect(outcomes[0] == true) }
      }
    }
  }
}

/// The code that counts finds what the other finds.
@Suite struct CountingAgreementTests {
  private static let atoms = [
    "a", "b", "ü", " ", ".", #"\w"#, #"\s"#, #"\d"#, "[ab]", "[^a]", #"\b"#, "^", "$", "(?=b)",
    "(?<=a)", "(?!a)", #"\B"#, #"\X"#, #"\R"#, "(?C3)", #"\1"#, #"\K"#,
  ]
  private static let quantifiers = ["", "", "", "+", "*", "?", "+?", "*?", "++", "{2,}", "{1,3}"]

  private static let alphabets: [[String]] = [
    ["a", "b", "A", "ü", " ", "\n", "1"], ["a", "b"],
    ["a", "a", "a", "a", "a", "a", "a", "b", " "],
  ]

  private func pattern(_ random: inout SplitMix64, depth: Int = 0) -> String {
    var source = ""
    for _ in 0..<(1 + random.below(3)) {
      switch depth < 2 ? random.below(8) : 7 {
      case 0: source += "(" + pattern(&random, depth: depth + 1) + ")"
      case 1: source += "(?:" + pattern(&random, depth: depth + 1) + ")"
      case 2: source += "(?>" + pattern(&random, depth: depth + 1) + ")"
      default: source += Self.atoms[random.below(Self.atoms.count)]
      }
      source += Self.quantifiers[random.below(Self.quantifiers.count)]
    }
    if random.below(4) == 0 { source += "|" + pattern(&random, depth: depth + 1) }
    return source
  }

  /// Outcome, groups and ranges of a pattern on a document.
  private func findings(
    _ pattern: CompiledPattern, _ batch: TextBatch, _ document: Int, from start: Int,
    _ counting: StepCounting
  ) -> (groups: [String?]?, ranges: [Range<Int>])? {
    let matcher = PatternMatcher(matchLimit: 2_000, counting: counting)
    switch matcher.firstMatch(pattern, batch, document: document, from: start) {
    case .failure: return nil
    case .success(let match):
      let ranges = matcher.ranges(pattern, batch, document: document, limit: 5)
      return (match.map { match in (0..<6).map { match[$0] } }, ranges)
    }
  }

  /// Compares on random texts.
  ///
  /// - Parameter size: The greatest number of characters of a text.
  /// - Returns: The texts on which neither failed, and those on which only the code that counts
  ///   did.
  private func agree(
    seed: UInt64, patterns: Int, texts: Int, size: Int
  ) -> (decided: Int, failed: Int) {
    var random = SplitMix64(seed: seed)
    var decided = 0
    var failed = 0
    for _ in 0..<patterns {
      let source = pattern(&random)
      guard let pattern = try? CompiledPattern(source, options: [], captures: true) else {
        continue
      }
      for _ in 0..<texts {
        let alphabet = random.pick(Self.alphabets)
        let text = random.text(of: alphabet, length: 0...size)
        let batch = TextBatch(["ab", text, "b"])
        // Behind the first character that is not part of a longer one.
        let start = batch.range(at: 1).count > 3 && text.utf8.first.map { $0 < 0x80 } == true
        guard let expected = findings(pattern, batch, 1, from: start ? 1 : 0, .never) else {
          continue
        }
        for counting in [StepCounting.always, .asNeeded] {
          guard let found = findings(pattern, batch, 1, from: start ? 1 : 0, counting) else {
            failed += 1
            continue
          }
          decided += 1
          #expect(found.groups == expected.groups, "\(source) on \(text.prefix(60))")
          #expect(found.ranges == expected.ranges, "\(source) on \(text.prefix(60))")
        }
      }
    }
    return (decided, failed)
  }

  @Test func onShortTexts() {
    let (decided, failed) = agree(seed: 1, patterns: 3_000, texts: 8, size: 14)
    #expect(decided > 10_000)
    #expect(failed == 0)
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only")) func onLongTexts() {
    let (decided, failed) = agree(seed: 2, patterns: 600, texts: 1, size: 80_000)
    #expect(decided > 300)
    #expect(failed <= decided / 100)
  }
}
