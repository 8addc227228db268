import Foundation
import HunchLabeling
import Testing

/// Stands where the test's `¦` marks a call: before its `(`, or before its `{` without parentheses.
private struct Marked {
  let source: String
  let calls: [SourcePosition]
  let spans: SourceSpans

  init(_ text: String) {
    var calls: [SourcePosition] = []
    var source = ""
    var position = SourcePosition(line: 1, column: 1)
    for character in text {
      if character == "¦" {
        calls.append(position)
        continue
      }
      source.append(character)
      position.column += String(character).utf8.count
      if character == "\n" || character == "\r\n" {
        position = SourcePosition(line: position.line + 1, column: 1)
      }
    }
    self.source = source
    self.calls = calls
    spans = SourceSpans(source: source, calls: calls)
  }

  /// The spans in the order of the marks.
  var texts: [String?] { calls.map(spans.span(at:)) }
}

private func span(_ text: String) -> String? { Marked(text).texts.first ?? nil }

// MARK: - Where the compiler puts #line and #column

private final class Probe {
  static nonisolated(unsafe) var places: [SourcePosition] = []

  @discardableResult
  init(
    _ name: String = "", line: Int = #line, column: Int = #column,
    _ body: (Int) -> Int? = { _ in nil }, other: () -> Void = {}
  ) {
    Probe.places.append(SourcePosition(line: line, column: column))
  }

  @discardableResult func unless(_ body: () -> Bool = { true }) -> Probe { self }
}

private enum Outer { typealias Inner = Probe }

private struct Generic<Value> {
  @discardableResult
  init(_ name: String = "", line: Int = #line, column: Int = #column, _ body: () -> Value) {
    Probe.places.append(SourcePosition(line: line, column: column))
  }
}

@Suite(.serialized) struct SourceSpansTests {
  /// The places that the compiler gives, looked up in this very file.
  @Test func agreesWithTheCompiler() throws {
    Probe.places = []
    Probe("a")
    Probe("b") { number in number }
    Probe(
      "c"
    ) { _ in
      nil
    }
    _ = Outer.Inner("d")
    _ =
      Outer
      .Inner("e") { _ in 1 }
    /* ü 中 */ _ = Probe("f") { _ in
      nil
    } other: {
      _ = 1
    }
    _ = Probe { _ in 2 }
    Generic<Int>("g") { 1 }
    Generic<[Int]> { [1] }
    Probe("h").unless { true }
    _ = [1].map { _ in Probe("i") }
    let implicit: Probe = .init("j")
    _ = implicit.unless()
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let spans = SourceSpans(source: source, calls: Probe.places)
    #expect(
      Probe.places.map { spans.span(at: $0) } == [
        #"Probe("a")"#, #"Probe("b"){number in number}"#, #"Probe("c"){_ in nil}"#,
        #"Outer.Inner("d")"#, #"Outer.Inner("e"){_ in 1}"#,
        #"Probe("f"){_ in nil}other:{_ = 1}"#, "Probe{_ in 2}", #"Generic < Int > ("g"){1}"#,
        "Generic < [Int]> {[1]}", #"Probe("h").unless{true}"#, #"Probe("i")"#, #".init("j")"#,
      ])
  }

  // MARK: - Spans

  @Test func reachesOverClosuresAndChains() {
    #expect(span(##"x = A¦("s", #"x"#) { m in m }"##) == ##"A("s",#"x"#){m in m}"##)
    #expect(span("A¦(1) { a }\n  orElse: { b }\nB(2)") == "A(1){a}orElse:{b}")
    #expect(
      span("A¦(1) { a }\n  .unless { b }\n  .described(\"d\")\nB(2)")
        == #"A(1){a}.unless{b}.described("d")"#)
    #expect(span("A¦(1).b.c?.d![0](2) + 3") == "A(1).b.c? .d ! [0](2)")
    #expect(span("A¦(1)\n(2)\n[3]") == "A(1)")
    #expect(span("A¦(1)\n{ a }") == "A(1){a}")
    #expect(span("A ¦{ a } { b }") == "A{a}")
    #expect(span("[A¦(1), B(2)]") == "A(1)")
    #expect(span("switch x { case 1: A¦(1) { a }\n default: B(2) }") == "A(1){a}")
    #expect(span("return .init¦(1)") == ".init(1)")
    #expect(span("a().b¦(1)") == "a().b(1)")
    #expect(span("a(0) { 1 } x: { 2 }.b¦(1)") == "a(0){1}x:{2}.b(1)")
    #expect(span("M.N<[String: Int], () -> A<B>>.O¦(1)")?.hasPrefix("M.N") == true)
  }

  @Test func nestedCallsBelongToTheOuterSpan() {
    let marked = Marked("All¦(\"o\") {\n  let t = 1\n  In¦(1) { $0 < t }\n  In¦(2)\n}\nlet z = 0")
    #expect(
      marked.texts == [
        "All(\"o\"){let t = 1\nIn(1){$0 < t}\nIn(2)}", "In(1){$0 < t}", "In(2)",
      ])
    #expect(marked.spans.remainder == "\u{FFFC}\nlet z = 0")
  }

  @Test func literalsHideBrackets() {
    #expect(span(#"A¦("}) \" \\") { "{" }"#) == #"A("}) \" \\"){"{"}"#)
    #expect(span(#"A¦("\(f("}", [1: ")"]) { "\(")")" })(") { 1 }"#) != nil)
    #expect(span(##"A¦(#"\(" \#(")")"# ) { 1 } ; B"##) == ##"A(#"\(" \#(")")"#){1}"##)
    #expect(
      span("A¦(\"\"\"\n  ) \" \"\" }\n  \"\"\") { 1 }") == "A(\"\"\"\n  ) \" \"\" }\n  \"\"\"){1}")
    #expect(span("A¦(1) { /* } /* ) */ { */ 1 // }\n }") == "A(1){1}")
    #expect(span(#"A¦(/\)[(]+/) { x }"#) == #"A(/\)[(]+/){x}"#)
    #expect(span("A¦(/a)b(/) { x }") == nil, "brackets that do not pair make it two operators")
    #expect(span(#"A¦(/a\/(b)/) { x.contains(/"/) }"#) == #"A(/a\/(b)/){x.contains(/"/)}"#)
    #expect(span(#"A¦(#/ a/b " ) /#) { 1 }"#) == #"A(#/ a/b " ) /#){1}"#)
    #expect(span("A¦(#/\n a ) \" # b\n/#) { 1 }") != nil)
    #expect(span("A¦(a / b, c/d, (e)/2) { $0 / 2 }") == "A(a / b,c / d,(e) / 2){$0 / 2}")
    #expect(span("A¦(`in`, `default`) { 1 }") == "A(`in`,`default`){1}")
    #expect(span("A¦(\"👍🏽)\", \"中(\") { é }") == "A(\"👍🏽)\",\"中(\"){é}")
  }

  @Test func findsNothingWhereItCannotBeSure() {
    for text in [
      "A¦(1", "A¦(1]", "A¦(\"x)", "A¦(\"\"\"x)", "A¦(1) /* x", "if A¦(1) { b }",
      "for x in A¦(1) { b }",
      "guard let x = A¦(1) else { b }", "while A¦(1) { b }", "switch A¦(1) { b }", "x¦[1]",
      "(A)¦(1)", "A¦(1) { a }\n/b/.c", "A¦(x!/y/z)", "#sourceLocation(file: \"a\", line: 1)\nA¦(1)",
      "A(¦1)", "A ¦(1) }", "x = ¦{ 1 }", "A¦(/a b)",
    ] {
      let marked = Marked(text)
      #expect(marked.texts == [nil], "\(text)")
    }
    let marked = Marked("A(1)")
    for place in [(0, 2), (1, 0), (1, 9), (2, 1), (9, 9)] {
      let position = SourcePosition(line: place.0, column: place.1)
      #expect(SourceSpans(source: marked.source, calls: [position]).span(at: position) == nil)
    }
    let beyond = SourcePosition(line: 1, column: 6)
    #expect(SourceSpans(source: "abc\nB(1)", calls: [beyond]).span(at: beyond) == nil)
    #expect(SourceSpans(source: "A(\"", calls: []).remainder == "A(\"")
    #expect(SourceSpans(source: "", calls: []).remainder == "")
  }

  // MARK: - Normalisation

  @Test func ignoresCommentsAndWhiteSpace() {
    let plain = span("A¦(\"a  b\", 1) { c in c.count < 5 ? .ham : nil }.unless { !x }")
    #expect(plain == "A(\"a  b\",1){c in c.count < 5 ? .ham:nil}.unless{ !x}")
    for other in [
      "A¦(\"a  b\",1){c in c.count<5 ? .ham : nil}.unless{!x}",
      "A ¦( \"a  b\" , 1 ) {\n  c in\n  // why\n  c.count < 5\n  ? .ham : nil\n}\n.unless {\n !x }",
      "A/**/¦(\n\"a  b\",\n\n1\n) { /* x */ c in c.count /* y */ < 5\r\n ? .ham :\n nil }\r\n\t.unless { !x }",
    ] {
      #expect(span(other) == plain)
    }
  }

  @Test func keepsWhatChangesTheMeaning() {
    func differ(_ first: String, _ second: String) -> Bool {
      let (first, second) = (span("A ¦{ \(first) }"), span("A ¦{ \(second) }"))
      return first != nil && second != nil && first != second
    }
    #expect(differ("a - b", "a -b"))
    #expect(differ("a\n-b", "a - b"))
    #expect(differ("return\na", "return a"))
    #expect(differ("f\n(x)", "f(x)"))
    #expect(differ("f\n[x]", "f[x]"))
    #expect(differ("a b", "ab"))
    #expect(differ("\"a b\"", "\"a  b\""))
    #expect(differ("\"// x\"", "\"// y\""))
    #expect(differ("\"\\(a /* x */)\"", "\"\\(b /* x */)\""))
    #expect(differ("x < 5", "x < 6"))
    #expect(differ("a ? b : c", "a! ? b : c"))
    #expect(!differ("a+b", "a + b"))
    #expect(!differ("a; b", "a;b"))
    #expect(!differ("f (x)", "f(x)"))
  }

  @Test func operatorsKeepTheirPlacement() {
    #expect(
      span("A ¦{ -x + y! - !z ... f(-1) }")
        == "A{-x + y! - !z ... f( -1)}".replacing("{-", with: "{ -"))
    #expect(span("A ¦{ $0..<5 }") == "A{$0 ..< 5}")
    #expect(span("A ¦{ x?.y ?? z }") == "A{x? .y ?? z}")
  }

  // MARK: - Remainder

  private static let file = """
    import HunchLabeling

    let limit = 5

    public let pack = make {
      Short¦("a") { $0.count < limit ? .ham : nil }
      // A comment.
      Pattern¦("b", #"x+"#) { m in m["n"] == nil ? .spam : .ham }
        .unless { $0.isEmpty }

      for word in ["please", "plz"] {
        Keywords¦("asks_\\(word)", [word])
      }
    }

    """

  @Test func changesOfOneRuleLeaveTheRest() {
    let before = Marked(Self.file)
    #expect(before.texts.allSatisfy { $0 != nil })
    let changes = [
      ("limit ? .ham", "limit ? .spam", 0), ("x+", "y+", 1), ("isEmpty", "isLong", 1),
      ("asks_", "begs_", 2), ("$0.count", "$0\n.count // more\n\n", -1),
    ]
    for (old, new, changed) in changes {
      let after = Marked(Self.file.replacing(old, with: new))
      #expect(after.spans.remainder == before.spans.remainder)
      for rule in 0..<3 {
        #expect((after.texts[rule] == before.texts[rule]) == (rule != changed), "\(old) \(rule)")
      }
    }
  }

  @Test func changesOutsideTheRulesShow() {
    let before = Marked(Self.file)
    for (old, new) in [("limit = 5", "limit = 6"), ("\"plz\"", "\"pls\""), ("pack", "rules")] {
      let after = Marked(Self.file.replacing(old, with: new))
      #expect(after.spans.remainder != before.spans.remainder)
      #expect(after.texts == before.texts)
    }
    let commented = Marked(Self.file.replacing("// A comment.", with: "/* Another\n one. */"))
    #expect(commented.spans.remainder == before.spans.remainder)
    #expect(commented.texts == before.texts)
  }

  @Test func addingARuleLeavesTheRest() {
    let before = Marked(Self.file)
    let added = Self.file.replacing("  // A comment.", with: "  Short¦(\"new\") { nil }\n")
    let after = Marked(added)
    #expect(after.spans.remainder == before.spans.remainder)
    #expect([after.texts[0]] + after.texts[2...] == before.texts)
    #expect(after.texts[1] == #"Short("new"){nil}"#)
    // Where there was no rule before, the order of statements has changed.
    let elsewhere = Marked(Self.file.replacing("let limit", with: "Short¦(\"new\")\nlet limit"))
    #expect(elsewhere.spans.remainder != before.spans.remainder)
  }

  @Test func whatIsNotFoundStaysInTheRemainder() {
    let marked = Marked("A¦(1)\nif B¦(2) { c }")
    #expect(marked.texts == ["A(1)", nil])
    #expect(marked.spans.remainder == "\u{FFFC}\nif B(2){c}")
  }
}
