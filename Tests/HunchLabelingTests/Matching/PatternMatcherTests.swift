import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// The ranges of a pattern's matches as texts.
private func matches(
  _ source: String, _ text: String, options: PatternOptions = [], limit: Int = .max
) throws -> [String] {
  let batch = TextBatch([text])
  let pattern = try CompiledPattern(source, options: options)
  return PatternMatcher().ranges(pattern, batch, document: 0, limit: limit).map {
    String(decoding: batch.bytes[$0], as: UTF8.self)
  }
}

private func firstMatch(_ source: String, _ text: String) throws -> PatternMatch? {
  let pattern = try CompiledPattern(source, options: [], captures: true)
  return try PatternMatcher().firstMatch(pattern, TextBatch([text]), document: 0).get()
}

@Suite struct PatternMatcherTests {
  @Test func isCaselessUnlessTold() throws {
    #expect(try matches("free", "Free FREE free") == ["Free", "FREE", "free"])
    #expect(try matches("free", "Free FREE free", options: .caseSensitive) == ["free"])
    #expect(try matches("звони", "ЗВОНИ") == ["ЗВОНИ"])
    #expect(try matches("ß", "ẞ") == ["ẞ"])
  }

  @Test func readsUnicodeClasses() throws {
    #expect(try matches(#"\w+"#, "Привет, мир 中文") == ["Привет", "мир", "中文"])
    #expect(try matches(#"\bмир\b"#, "Мир, мира") == ["Мир"])
    #expect(try matches(#"\d"#, "٣") == ["٣"])
  }

  @Test func takesOptions() throws {
    #expect(try matches("^b$", "a\nb\nc") == [])
    #expect(try matches("^b$", "a\nb\nc", options: .multiline) == ["b"])
    #expect(try matches("a.b", "a\nb") == [])
    #expect(try matches("a.b", "a\nb", options: .dotMatchesNewlines) == ["a\nb"])
    #expect(try matches("a b # c", "ab", options: .extended) == ["ab"])
  }

  @Test func testsEveryDocumentOfABatch() throws {
    let batch = TextBatch(["call now", "", "nothing", "CALL"])
    let pattern = try CompiledPattern("call", options: [])
    let matcher = PatternMatcher()
    let all = matcher.matches(pattern, batch, starts: (0..<4).map { ($0, 0) })
    #expect(all.documents == [0, 3])
    #expect(all.failures.isEmpty)
    #expect(matcher.matches(pattern, batch, starts: [(2, 0), (3, 0)]).documents == [3])
    #expect(matcher.matches(pattern, batch, starts: [(0, 0), (3, 1)]).documents == [0])
    let alone = (0..<4).map { matcher.test(pattern, batch, document: $0) }
    #expect(alone == [true, false, false, true])
  }

  @Test func doesNotLookBeyondTheDocument() throws {
    let batch = TextBatch(["ab", "cd", "ef"])
    let matcher = PatternMatcher()
    for source in ["(?<=b)c", "d(?=e)", #"^d|c$"#, #"\Bc|d\B"#] {
      let pattern = try CompiledPattern(source, options: [])
      #expect(matcher.test(pattern, batch, document: 1) == false)
    }
  }

  @Test func emptyDocumentsWork() throws {
    let matcher = PatternMatcher()
    let anything = try CompiledPattern("^$", options: [])
    let something = try CompiledPattern(".", options: [])
    for batch in [TextBatch([""]), TextBatch(["", "x", ""])] {
      #expect(matcher.test(anything, batch, document: 0) == true)
      #expect(matcher.test(something, batch, document: 0) == false)
      #expect(matcher.test(anything, batch, document: batch.count - 1) == true)
      #expect(matcher.ranges(anything, batch, document: 0, limit: 9) == [0..<0])
      #expect(try matcher.firstMatch(anything, batch, document: 0).get()?.text == "")
    }
    #expect(matcher.matches(anything, TextBatch(), starts: []).documents.isEmpty)
  }

  @Test func givesGroupsByNameAndNumber() throws {
    let match = try #require(try firstMatch(#"(?<sum>\d+) (usd)(?<tail>x)?"#, "win 500 USD"))
    #expect(match.text == "500 USD")
    #expect(match["sum"] == "500")
    #expect(match["tail"] == nil)
    #expect(match["other"] == nil)
    #expect(match[0] == "500 USD")
    #expect(match[2] == "USD")
    #expect(match[3] == nil)
    #expect(match[4] == nil)
    #expect(match[-1] == nil)
    #expect(try firstMatch("(a)", "b") == nil)
  }

  @Test func namesSharedByGroupsGiveTheOneThatMatched() throws {
    let match = try #require(try firstMatch(#"(?J)(?<n>a)|(?<n>b)"#, "b"))
    #expect(match["n"] == "b")
    let date = try #require(try firstMatch(#"(?<year>\d{4})-(?<month>\d\d)(\d)"#, "2024-057"))
    #expect([date["year"], date["month"], date[3]] == ["2024", "05", "7"])
  }

  @Test func groupsOfOnePatternDoNotLeakIntoAnother() throws {
    let matcher = PatternMatcher()
    let batch = TextBatch(["abc"])
    let three = try CompiledPattern("(a)(b)(c)", options: [], captures: true)
    let one = try CompiledPattern("(b)(x)?", options: [], captures: true)
    #expect(try matcher.firstMatch(three, batch, document: 0).get()?[3] == "c")
    let match = try #require(try matcher.firstMatch(one, batch, document: 0).get())
    #expect(match[1] == "b")
    #expect(match[2] == nil)
    #expect(match[3] == nil)
  }

  @Test(arguments: ["a+", "ab|a", "(?<=a)b+", "ü.", #"\w+(?= )"#, "(a|ab)(c|bcd)*", "[^b]c?"])
  func findsAllRangesLikeFoundation(_ source: String) throws {
    var random = SplitMix64(seed: 3)
    let expression = try NSRegularExpression(pattern: source)
    let pattern = try CompiledPattern(source, options: .caseSensitive)
    for _ in 0..<100 {
      let text = random.text(of: ["a", "b", "ü", " ", "c"], length: 0...12)
      let whole = NSRange(text.startIndex..., in: text)
      let expected = expression.matches(in: text, range: whole).compactMap {
        Range($0.range, in: text).map { range in
          text.utf8.distance(
            from: text.startIndex, to: range.lowerBound)..<text.utf8.distance(
              from: text.startIndex, to: range.upperBound)
        }
      }
      let found = PatternMatcher().ranges(pattern, TextBatch([text]), document: 0, limit: .max)
      #expect(found == expected, "\(text)")
    }
  }

  /// Empty matches are as in Perl, and in Python since 3.7: an empty one may stand right behind
  /// another match, and a longer one may begin where an empty one stood.
  @Test func findsEmptyMatches() throws {
    #expect(try matches("a*", "aab") == ["aa", "", ""])
    #expect(try matches("a*?", "aa") == ["", "a", "", "a", ""])
    #expect(try matches("a|", "ba") == ["", "a", ""])
    #expect(try matches("^|b", "bb") == ["", "b", "b"])
    #expect(try matches("ü*", "aüü") == ["", "üü", ""])
    #expect(try matches(#"\b"#, "ab c") == ["", "", "", ""])
    #expect(try matches("$", "a\n") == ["", ""])
    #expect(try matches("a", "aaaa", limit: 2) == ["a", "a"])
    #expect(try matches("a", "aaaa", limit: 0) == [])
  }

  @Test func resetsOfTheStartEnd() throws {
    #expect(try matches(#"a\Kb"#, "abab") == ["b", "b"])
    #expect(try matches(#"a\K"#, "aa") == ["", ""])
    #expect(try matches(#"\K"#, "ab") == ["", "", ""])
  }

  @Test func isSafeAcrossThreads() async throws {
    let pattern = try CompiledPattern(#"(\w+ )*free"#, options: [])
    let batch = TextBatch((0..<200).map { "word \($0) " + ($0 % 3 == 0 ? "is free" : "is not") })
    await withTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 {
        group.addTask {
          let matcher = PatternMatcher()
          return (0..<200).filter { matcher.test(pattern, batch, document: $0) == true }
        }
      }
      for await matched in group { #expect(matched == Array(stride(from: 0, to: 200, by: 3))) }
    }
  }
}

@Suite struct PatternLimitTests {
  @Test(arguments: [#"(a+)+$"#, #"(a|aa)+$"#, #"^(\w+\s?)*$"#, #"(x+x+)+y|(a*)*b"#])
  func catastrophicPatternsFailInBoundedWork(_ source: String) throws {
    let batch = TextBatch([String(repeating: "a", count: 5_000) + "!", "aaa", ""])
    for matchLimit: UInt32 in [1_000, 1_000_000] {
      let matcher = PatternMatcher(matchLimit: matchLimit)
      let pattern = try CompiledPattern(source, options: [])
      #expect(matcher.test(pattern, batch, document: 0) == nil)
      #expect(PatternMatcher.describe(code: -47) == "match limit exceeded")
      let found = matcher.matches(
        pattern, batch, starts: (0..<batch.count).map { ($0, 0) })
      #expect(found.failures == [PatternFailure(document: 0, code: -47)])
      #expect(!found.documents.contains(0))
      #expect(matcher.ranges(pattern, batch, document: 0, limit: 9) == [])
      guard case .failure(let failure) = matcher.firstMatch(pattern, batch, document: 0) else {
        Issue.record("\(source) gave a result")
        continue
      }
      #expect(failure == PatternFailure(document: 0, code: -47))
    }
  }

  /// With the default stack of 32 KB these end in an error that is easily mistaken for "no match".
  @Test(arguments: [
    #"(\w+ )*end"#, #"(?:[^\s]+ )*(end|fin)"#, #"^(.|\n)*end$"#, #"((\w)(\w*) )*end"#,
  ])
  func longDocumentsAreDecided(_ source: String) throws {
    let words = String(repeating: "word ", count: 20_800)
    let batch = TextBatch([words + "end", words + "END"])
    #expect(batch.range(at: 0).count > 104_000)
    for captures in [false, true] {
      let pattern = try CompiledPattern(source, options: [], captures: captures)
      #expect(PatternMatcher().test(pattern, batch, document: 0) == true)
      #expect(PatternMatcher().test(pattern, batch, document: 1) == true)
    }
  }

  @Test func verbsCannotRaiseTheLimit() throws {
    let pattern = try CompiledPattern("(*LIMIT_MATCH=4000000000)(a+)+$", options: [])
    let batch = TextBatch([String(repeating: "a", count: 64) + "!"])
    let found = PatternMatcher(matchLimit: 1_000).matches(pattern, batch, starts: [(0, 0)])
    #expect(found.failures == [PatternFailure(document: 0, code: -47)])
  }

  @Test func patternsWithoutMachineCodeWork() throws {
    let pattern = try CompiledPattern("(*NO_JIT)fr(e+)", options: [], captures: true)
    let batch = TextBatch(["so FREE"])
    #expect(PatternMatcher().test(pattern, batch, document: 0) == true)
    #expect(try PatternMatcher().firstMatch(pattern, batch, document: 0).get()?[1] == "EE")
  }

  @Test func describesCodes() {
    #expect(PatternMatcher.describe(code: -1) == "no match")
    #expect(PatternMatcher.describe(code: -46) == "JIT stack limit reached")
    #expect(PatternMatcher.describe(code: -9_999) == "PCRE2 error -9999")
  }
}
