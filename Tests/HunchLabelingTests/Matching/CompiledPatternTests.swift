import HunchLabeling
import HunchText
import TestSupport
import Testing

@Suite struct CompiledPatternTests {
  // MARK: - Groups that need not capture

  @Test(arguments: [
    #"(a)(b)"#, #"( |^)(thanks\.|thanks)[^\w]*( |$)"#, #"(?:a)(?=b)(?!c)(?<=d)(?<!e)(f)"#,
    #"(?<name>a)(b)(?P<other>c)(?'third'd)"#, #"(?i)(a)(?-i:b)(?i-s:c)(?x: d )"#,
    #"(?>a)(b)(?|c|d)"#,
    #"\d(\w)\s\bx\.\0(?#note)"#, #"(?^:a)(b)"#,
  ])
  func plainPatternsDropGroups(_ source: String) {
    #expect(CompiledPattern.canDropNumberedGroups(source))
  }

  @Test(arguments: [
    #"(a)\1"#, #"(a)\g1"#, #"(a)\g{-1}"#, #"(?<n>a)\k<n>"#, #"(?<n>a)(?P=n)"#, #"(a(?1)?)"#,
    #"(a(?R)?b)"#, #"(?<n>a(?&n)?)"#, #"(?<n>a(?P>n)?)"#, #"(a)?(?(1)b|c)"#, #"(a)(?+1)(b)"#,
    #"(a)(?-1)"#, #"(?(DEFINE)(?<x>a))(?&x)"#, #"(*ACCEPT)(a)"#, #"(a)\12"#, #"(a)\\1"#,
    #"(?C1)(a)"#, #"(a)(?0)?"#, #"(?"#, #"(a)(?(?=b)b|c)"#, #"(a)(?P"#,
  ])
  func patternsThatMayReferToGroupsKeepThem(_ source: String) {
    #expect(!CompiledPattern.canDropNumberedGroups(source))
  }

  /// Random patterns, references and all, match the same with and without captures.
  @Test(arguments: 1...40)
  func droppingGroupsChangesNothing(_ seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let parts = [
      "a", "b", "(a|b)", "(a)", "(?<n1>b)", "(?:ab)", "*", "+?", "?", "|", "[^a]", #"\1"#, #"\2"#,
      "(?1)", #"\g{-1}"#, "(?(1)a|b)", "(?=a)", "(?!b)", "(?<=a)", "(", ")", #"\w"#, "(?>a|ab)",
      "{1,2}", ".", #"\b"#, "(?i:A)", "(?|(a)|(b))",
    ]
    let matcher = PatternMatcher()
    var compiled = 0
    for _ in 0..<300 {
      let source = random.text(of: parts, length: 1...7)
      guard let full = try? CompiledPattern(source, options: .caseSensitive, captures: true),
        let lean = try? CompiledPattern(source, options: .caseSensitive, captures: false)
      else {
        let isRejected = [true, false].map { captures in
          (try? CompiledPattern(source, options: .caseSensitive, captures: captures)) == nil
        }
        #expect(isRejected == [true, true], "\(source)")
        continue
      }
      compiled += 1
      let texts = (0..<20).map { _ in random.text(of: ["a", "b", "c"], length: 0...8) }
      let batch = TextBatch(texts)
      for document in texts.indices {
        #expect(
          matcher.ranges(full, batch, document: document, limit: 9)
            == matcher.ranges(lean, batch, document: document, limit: 9),
          "\(source) on \(texts[document])")
      }
    }
    #expect(compiled > 50)
  }

  // MARK: - Errors

  private func message(_ source: String, options: PatternOptions = []) -> String {
    do {
      _ = try CompiledPattern(source, options: options)
      return "compiled"
    } catch {
      return error.description
    }
  }

  @Test func pointsAtTheFault() {
    #expect(
      message("abc(def") == """
        missing closing parenthesis (character 8)
          abc(def
                 ^
        """)
    #expect(
      message("a**+b)") == """
        quantifier does not follow a repeatable item (character 3)
          a**+b)
            ^
        """)
    #expect(
      message(#"x{2,1}y"#) == """
        numbers out of order in {} quantifier (character 6)
          x{2,1}y
               ^
        """)
  }

  @Test func pointsAtTheFaultInOtherScripts() {
    #expect(
      message("звони[я-а]сейчас") == """
        range out of order in character class (character 10)
          звони[я-а]сейчас
                   ^
        """)
    #expect(
      message("北京)") == """
        unmatched closing parenthesis (character 3)
          北京)
              ^
        """)
    #expect(
      message("o\u{323}\u{300})") == """
        unmatched closing parenthesis (character 2)
          o\u{323}\u{300})
           ^
        """)
  }

  @Test func pointsAtTheLine() {
    #expect(
      message("first # one\n  (second\n  third\n", options: .extended) == """
        missing closing parenthesis (line 4, character 1)
          
          ^
        """)
    #expect(
      message("one\ntwo )\nthree", options: .extended) == """
        unmatched closing parenthesis (line 2, character 5)
          two )
              ^
        """)
    #expect(
      message("one\r\ntwo )", options: .extended) == """
        unmatched closing parenthesis (line 2, character 5)
          two )
              ^
        """)
  }

  @Test func cutsLongLines() {
    let long = String(repeating: "a", count: 100)
    #expect(
      message(long + ")" + long) == """
        unmatched closing parenthesis (character 101)
          …\(String(repeating: "a", count: 38)))\(String(repeating: "a", count: 37))…
        \(String(repeating: " ", count: 41))^
        """)
  }

  @Test func carriesItsParts() {
    #expect(throws: PatternSyntaxError.self) { try CompiledPattern("(", options: []) }
    do throws(PatternSyntaxError) {
      _ = try CompiledPattern("ü(", options: [])
    } catch {
      #expect(error.offset == 2)
      #expect(error.pattern == "ü(")
      #expect(error.message == "missing closing parenthesis")
    }
  }

  @Test func refusesSingleCodeUnits() {
    #expect(message(#"a\Cb"#).hasPrefix("using \\C is disabled by the application"))
  }

  @Test func emptyPatternMatchesEverything() throws {
    let pattern = try CompiledPattern("", options: [])
    #expect(PatternMatcher().test(pattern, TextBatch(["", "x"]), document: 0) == true)
    #expect(PatternMatcher().test(pattern, TextBatch(["", "x"]), document: 1) == true)
  }
}
