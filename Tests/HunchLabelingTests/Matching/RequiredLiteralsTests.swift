import HunchLabeling
import Testing

/// A derivation as text: `{‹call›, ring} {free}`; `‹` and `›` stand where a word must begin or end,
/// `&` between chains.
private func derivation(_ source: String, _ options: PatternOptions = []) -> String {
  RequiredLiterals(of: source, options: options).chains.map { chain in
    chain.map { clause in
      let literals = clause.literals.map { literal in
        (literal.startsWord ? "‹" : "") + String(decoding: literal.text, as: UTF8.self)
          + (literal.endsWord ? "›" : "")
      }
      return "{" + literals.sorted().joined(separator: ", ") + "}"
    }.joined(separator: " ")
  }.joined(separator: " & ")
}

@Suite struct RequiredLiteralsTests {
  @Test(arguments: [
    ("free", "{free}"), ("FREE", "{free}"), ("Straße", "{straße}"), ("ΣΑΣ", "{σασ}"),
    (#"\bfree\b"#, "{‹free›}"), (#"\bfree"#, "{‹free}"), (#"free\b"#, "{free›}"),
    (#"^free$"#, "{‹free›}"), (#"\Afree\z"#, "{‹free›}"), (#"\bbüro\b"#, "{‹büro›}"),
    (#"\bübung\b"#, "{übung›}"), (#"\b(free|win)\b"#, "{‹free›, ‹win›}"),
    (#"\b(?:un)?subscribe\b"#, "{‹subscribe›, ‹unsubscribe›}"),
    (#"\bfree\b|\bwin(ner)?\b|^ok$"#, "{‹free›, ‹ok›, ‹winner›, ‹win›}"),
    (#".*(\bfree\b|\bwin).*"#, "{‹free›, ‹win}"), (#"free\b now"#, "{free now}"),
    (#"(?:un)?subscribe"#, "{subscribe}"),
    (#"(?<!\w)free(?!\w)"#, "{‹free›}"), (#"(?<!not )good"#, "{good}"),
    (#"good(?! not)"#, "{good}"),
    ("( |^)(call|ringtone)[^\\w]* ([^\\s]+ )*(free)[^\\w]*( |$)", "{‹call›, ‹ringtone›} {‹free›}"),
    (#"\b(call|ring)\s+me.*\bfree"#, "{‹call›, ‹ring›} {‹me} {‹free}"),
    (#"check\W+(it\W+)?out"#, "{check›} {‹out}"), ("check.?out", "{check} {out}"),
    (#"(?=.*foo)(?=.*bar)"#, "{foo} & {bar}"), (#"(?=.*foo|.*bar)x+yz"#, "{yz} & {bar, foo}"),
    (#"foo|bar|"#, ""), ("foo|b", ""), ("foo|[a-z]+", ""), ("(foo)?bar", "{bar}"),
    ("(foo)*bar", "{bar}"), ("(foo)+bar", "{foo} {bar}"), ("(foo){2}", "{foo}"),
    ("a(foo){2}", "{afoofoo}"),
    ("(a|b){2,3}c", ""), ("gr[ae]y", "{gray, grey}"), ("colou?r", "{color, colour}"),
    ("a.c", ""), (#"\$\d+"#, "{$}"), (#"\d+ ?(?:usd|eur|€)"#, "{eur, usd, €}"),
    (#"https?://"#, "{http://, https://}"), (#"\w+@\w+\.com"#, "{@} {.com}"),
    (#"\Qa.b|c\E+"#, "{a.b|}"), ("(?i)free(?-i)Win", "{freewin}"), ("(?x) fr ee # no\n", "{free}"),
    (#"(ab)\1cd"#, "{ab} {cd}"), ("foo(?#note)bar", "{foobar}"), ("(?|foo|bar)x", "{barx, foox}"),
    ("(?>foo|foobar)", "{foo}"), (#"foo\Kbar"#, "{foobar}"), ("привет", "{привет}"), ("中", "{中}"),
    ("foo(?=bar)", "{foo} & {bar}"), ("foo(?!bar)", "{foo}"), ("(?<=foo)bar", "{bar} & {foo}"),
    (#"\bI\b"#, "{‹i›}"), ("I", ""), (" ", ""), ("   ", ""), (",", ""), ("!", "{!}"), ("", ""),
    (#"\x66oo\x{e9}"#, "{fooé}"), ("foo[ \t]+bar", "{foo›} {‹bar}"), ("foo, bar", "{foo, bar}"),
    ("a{b}", "{a{b}}"), (#"(?:foo\b|\bbar)"#, "{foo›, ‹bar}"),
  ])
  func requires(_ source: String, _ expected: String) {
    #expect(derivation(source) == expected, "\(source)")
  }

  @Test(arguments: [
    "(*UTF)foo", "foo(*ACCEPT)bar", "(foo)(?1)", "(foo)?(?(1)bar|baz)", "foo(?R)?", #"\Gfoo"#,
    "(?C1)foo", #"\0foo"#, #"\o{101}foo"#, #"\cAfoo"#, #"(foo)\12"#, #"(foo)\g1"#, "(?&n)(?<n>foo)",
    "(?P>n)(?P<n>foo)", "(?xx)foo", #"\N{U+41}foo"#, "foo{,2}", "foo{ 2 }", #"[a\E-z]foo"#,
    #"[\E^a]foo"#, #"[\Q\E^a]foo"#, #"[\Qa\E-z]foo"#, "[[.a.]]foo", "(?+1)(foo)", "(?-1)(foo)",
    "a{0}foo", "( |^){0}?foo", "foo\\", "(?<1>foo)", "(?*foo)bar",
    String(repeating: "(", count: 101) + "foo",
  ])
  func refuses(_ source: String) {
    #expect(RequiredLiterals(of: source, options: []).chains.isEmpty, "\(source)")
  }

  /// The greatest distance from the start of a match to the first literal, of the first chain.
  @Test(
    arguments: [
      ("foo", 0), ("a?foo", 1), ("[xy]{0,3}foo", 3), (".*foo", nil), (".{1000}foo", 1000),
      (".{1001}foo", nil), ("(?:.{1000}.){2}foo", nil), (#"(.)\1foo"#, nil), (#"\Xfoo"#, nil),
      (#"\Rfoo"#, 2), ("(?<=ab)foo", 0), (#"é\bfoo"#, 0), ("(?:.a..foo|b.foo)", 4),
      ("(?:.*foo|bar)", nil),
      // A longer text whose part is found further on: the match may have begun before the part.
      (#"(\b|_)10"#, 1), (#"(?:éé|^)foo"#, 2), (#"(?:foobar|.bar)"#, 4), ("(?:x|xxfoo|foo)", nil),
    ] as [(String, Int?)])
  func leads(_ source: String, _ expected: Int?) {
    let lead = RequiredLiterals(of: source, options: []).chains.first?.first?.lead
    #expect(lead == expected, "\(source)")
  }

  @Test func optionsChangeHowAPatternIsRead() {
    #expect(derivation("fr ee#no", .extended) == "{free}")
    #expect(derivation("fr ee#no") == "{fr ee#no}")
    #expect(derivation("Free", .caseSensitive) == "{free}")
    #expect(derivation("(?-x)fr ee", .extended) == "{fr ee}")
  }

  /// Where case counts, a class without the letters s and k still has U+017F and U+212A, which are
  /// folded to them.
  @Test func lettersThatFoldIntoASCIICountAsLetters() {
    #expect(derivation(#"[^a-zA-Z0-9_]foo"#) == "{foo}")
    #expect(derivation(#"(?<![a-zA-Z0-9_])foo"#) == "{foo}")
    #expect(derivation(#"[\x{100}-\x{200}]foo"#) == "{foo}")
    #expect(derivation(#"[ſ]foo"#) == "{sfoo}")
    #expect(derivation(#"[^\w]foo"#) == "{‹foo}")
  }

  /// What would take a derivation without bounds hours takes it no time; each of these returns.
  @Test(arguments: [
    (1...1_000).map { "word\($0)" }.joined(separator: "|"),
    (1...3_000).map { "word\($0)x" }.joined(separator: "|"),
    (1...1_000).map { #"\b\#(String($0, radix: 2))\b"# }.joined(separator: "|"),
    String(repeating: "(?:foo|bar|", count: 90) + "x" + String(repeating: ")", count: 90),
    String(repeating: "(?:", count: 90) + "a" + String(repeating: "b)?", count: 90),
    String(repeating: "(?:", count: 90) + "ab" + String(repeating: "){8}", count: 90),
    String(repeating: "(?:", count: 90) + "a|b" + String(repeating: "){1000}", count: 90),
    String(repeating: "(?:.*a", count: 90) + String(repeating: "b)?", count: 90) + "foo",
    String(repeating: "(?=.*", count: 90) + "ab" + String(repeating: ")", count: 90),
    String(repeating: "a.", count: 10_000), String(repeating: "(?:a|b)", count: 5_000),
    String(repeating: "(ab)?", count: 5_000), String(repeating: #"\b"#, count: 20_000) + "foo",
    String(repeating: "[ab]?", count: 5_000) + "foo", String(repeating: "(?:ab|cd)?", count: 20),
    String(repeating: "(?:a?b?", count: 50) + String(repeating: "){0,3}", count: 50) + "foo",
  ])
  func isBounded(_ source: String) {
    let size = RequiredLiterals(of: source, options: []).chains.joined().reduce(0) { size, clause in
      size + clause.literals.reduce(0) { $0 + $1.text.count }
    }
    #expect(size <= 1_000_000)
  }
}
