import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

@Suite struct HTMLReportTests {
  static let elements: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "footer", "section",
    "h1", "h2", "h3", "h4", "p", "a", "ul", "li", "dl", "dt", "dd", "div", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "th", "td", "small", "strong", "em", "code", "span", "i",
    "details", "summary", "figure", "figcaption", "mark", "svg", "rect", "line", "circle", "text",
    "tspan",
    "title",
  ]

  // MARK: - Escaping

  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)", "a & b",
    "</style></title><b>bold</b>", "{{title}} {{{style}}}", "quote\"\u{301} then=\"x",
    "less<\u{20E3}b>", "bell\u{7} and \u{FFFE}",
  ]

  @Test func `everything from a project is shown as text`() throws {
    let functions = Self.hostile.map { "function \($0)" }
    let labels = ["<i>ham</i>", "spam\" & 'eggs'"]
    let documents = (0..<40).map { index in
      TestDocument(
        "\(index)\(Self.hostile[index % Self.hostile.count])",
        Self.hostile[index % Self.hostile.count],
        split: index < 30 ? "train" : "test", gold: labels[index % 2],
        votes: functions.indices.map { ($0 + index) % 3 == 0 ? labels[($0 + index / 3) % 2] : nil })
    }
    let html = try HTMLProject.make(labels: labels, functions: functions, documents: documents)
      .page()
    let outline = try HTMLOutline(html)
    #expect(Set(outline.elements.keys).isSubset(of: Self.elements))
    #expect(!outline.attributes.contains { $0.name.hasPrefix("on") || $0.name == "src" })
    for mark in ["<script", "<img", "<b>", "<i>"] { #expect(!html.contains(mark)) }
    for text in Self.hostile.dropLast() {
      #expect(outline.text.contains("function \(text)"))
    }
    #expect(outline.text.contains("bell\u{FFFD} and \u{FFFD}"))
    #expect(outline.text.contains(labels[0]) && outline.text.contains(labels[1]))
  }

  @Test func `escaping works on scalars, not on characters`() {
    #expect(
      HTMLEscaping.escape("<a href=\"x\">'&'</a>")
        == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;")
    #expect(
      HTMLEscaping.escape("\"\u{301}<\u{FE0F}").unicodeScalars
        .elementsEqual("&quot;\u{301}&lt;\u{FE0F}".unicodeScalars))
    #expect(
      HTMLEscaping.escape("a\u{0}\u{1B}\u{85}\u{FFFF}b") == "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b")
    #expect(HTMLEscaping.escape("tab\tline\nÄ 漢 👩‍💻") == "tab\tline\nÄ 漢 👩‍💻")
  }

  @Test func `only pictures and the style sheet are inserted unescaped`() {
    let known: Set<String> = [
      "style", "bar", "dots", "heatMap", "documentBar", "goldBar", "diagram",
    ]
    for (name, template) in HTMLTemplates.all {
      for piece in template.components(separatedBy: "{{{").dropFirst() {
        #expect(known.contains(piece.components(separatedBy: "}}}")[0]), "in \(name)")
      }
      #expect(!template.contains("{{&"), "in \(name)")
    }
  }

  // MARK: - Self-contained

  @Test func `it loads nothing and its links lead somewhere`() throws {
    let html = try HTMLProject.synthetic(
      classes: 3, functions: 8, documents: 300, gold: true
    ).page()
    let outline = try HTMLOutline(html)
    for attribute in ["src", "srcset", "data", "action", "poster", "background"] {
      #expect(outline.values(of: attribute).isEmpty)
    }
    for text in ["http:", "https:", "url(", "@import", "javascript:", "<script", "<link"] {
      #expect(!html.contains(text), "contains \(text)")
    }
    let ids = outline.values(of: "id")
    #expect(Set(ids).count == ids.count)
    let targets = outline.values(of: "href")
    #expect(targets.allSatisfy { $0.hasPrefix("#") && ids.contains(String($0.dropFirst())) })
    let labelled = outline.values(of: "aria-labelledby")
    #expect(labelled.allSatisfy { ids.contains($0) })
  }

  @Test func `pictures and tables are labelled`() throws {
    let html = try HTMLProject.synthetic(
      classes: 3, functions: 8, documents: 300, gold: true
    ).page()
    let outline = try HTMLOutline(html)
    let labels = outline.attributes.filter { $0.element == "svg" && $0.name == "aria-label" }
    #expect(labels.count == outline.elements["svg"] && !labels.contains { $0.value.isEmpty })
    #expect(outline.elements["caption"] == outline.elements["table"])
    let scopes = outline.attributes.filter { $0.element == "th" && $0.name == "scope" }
    #expect(scopes.count == outline.elements["th"])
  }

  // MARK: - Determinism

  @Test func `the same project gives the same bytes`() throws {
    let project = try HTMLProject.synthetic(
      classes: 4, functions: 12, documents: 500, gold: true)
    let first = try project.pipeline(workspace: "one", threads: 1).htmlReport()
    let second = try project.pipeline(workspace: "two", threads: 3).htmlReport()
    let again = try project.pipeline(workspace: "two", threads: 2).htmlReport()
    #expect(first == second && first == again)
  }

  // MARK: - Shapes of projects

  @Test(arguments: [
    (2, 1, false), (2, 1, true), (2, 2, true), (3, 60, true), (12, 24, true), (12, 60, false),
  ])
  func `any number of functions and classes is well-formed`(
    classes: Int, functions: Int, gold: Bool
  ) throws {
    let html = try HTMLProject.synthetic(
      classes: classes, functions: functions, documents: 400, gold: gold
    ).page()
    let outline = try HTMLOutline(html)
    for function in 0..<functions { #expect(outline.text.contains("function_\(function)")) }
    for label in 0..<classes { #expect(outline.text.contains("class_\(label)")) }
    #expect(outline.text.contains("of valid, 95") == gold)
    #expect(outline.text.contains("No document has a gold label") == !gold)
    #expect(outline.text.contains("the 40 of 60 functions") == (functions == 60))
    #expect(outline.text.contains("there are no pairs") == (functions == 1))
    #expect(html.utf8.count < 1_000_000)
  }

  @Test func `a project in which nothing votes still has a report`() throws {
    let documents = (0..<20).map {
      TestDocument($0, "text", split: "train", gold: $0 < 5 ? "a" : nil, votes: [nil, nil])
    }
    let html = try HTMLProject.make(
      labels: ["a", "b"], functions: ["one", "two"], documents: documents
    ).page()
    let text = try HTMLOutline(html).text
    #expect(text.contains("one and two never vote"))
    #expect(text.contains("There is no classifier"))
  }

  // MARK: - Findings

  @Test func `findings name the copy, the inverted and the silent function`() throws {
    var random = SplitMix64(seed: 3)
    let labels = ["ham", "spam", "bulk"]
    let documents = (0..<600).map { index -> TestDocument in
      let truth = index % 2
      func vote(_ chance: Double, _ right: Double) -> String? {
        guard Double.random(in: 0..<1, using: &random) < chance else { return nil }
        return Double.random(in: 0..<1, using: &random) < right ? labels[truth] : labels[1 - truth]
      }
      let good = vote(0.5, 0.9)
      let other = vote(0.5, 0.85)
      let third = vote(0.4, 0.9)
      let votes = [good, other, third, good, vote(0.4, 0.1), nil]
      return TestDocument(
        index, "word\(truth) word\(index % 17)", split: index % 5 == 0 ? "test" : "train",
        gold: index % 3 == 0 ? labels[truth] : nil, votes: votes)
    }
    let html = try HTMLProject.make(
      labels: labels,
      functions: ["good", "other", "third", "copy_of_good", "inverted", "silent"],
      documents: documents
    ).page()
    let text = try HTMLOutline(html).text
    #expect(text.contains("silent never votes"))
    #expect(text.contains("good and copy_of_good vote on nearly the same documents"))
    #expect(text.contains("wrong more often than right"))
    #expect(text.range(of: "inverted is right on") != nil)
    #expect(text.contains("No function votes for bulk"))
  }

  // MARK: - Privacy

  @Test func `without texts it shows ids only`() throws {
    let project = try HTMLProject.synthetic(
      classes: 2, functions: 4, documents: 100, gold: true)
    let with = try HTMLOutline(project.page()).text
    let without = try HTMLOutline(project.page(texts: false)).text
    #expect(with.contains("word1 and word"))
    #expect(!without.contains("word0") && !without.contains("word1"))
    #expect(without.contains("none of their texts") && without.contains("d2"))
  }

  @Test func `examples are excerpts, and never of test documents`() throws {
    let long = String(repeating: "long \n\t ", count: 2000)
    let documents = (0..<30).map { index in
      TestDocument(
        index, index < 15 ? "SECRET\(index)" : long, split: index < 15 ? "test" : "train",
        gold: "a", votes: ["a", index % 2 == 0 ? "b" : nil])
    }
    let html = try HTMLProject.make(
      labels: ["a", "b"], functions: ["one", "two"], documents: documents
    ).page()
    #expect(!html.contains("SECRET"))
    #expect(html.contains("long long long") && html.contains("long…"))
    #expect(html.utf8.count < 100_000)
  }

  // MARK: - Writing

  @Test func `the file replaces an old one, and failures are named`() throws {
    let project = try HTMLProject.synthetic(
      classes: 2, functions: 3, documents: 60, gold: false)
    let pipeline = try project.pipeline()
    let path = project.path("report.html")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let bytes = try pipeline.writeHTMLReport(to: path)
    let written = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(written.count == bytes && written.starts(with: Data("<!DOCTYPE html>".utf8)))
    let names = try FileManager.default.contentsOfDirectory(atPath: project.directory)
    #expect(!names.contains { $0.contains("tmp") || $0.hasSuffix("~") })
    for bad in [project.directory, project.path("missing/report.html")] {
      let error = #expect(throws: HunchError.self) { try pipeline.writeHTMLReport(to: bad) }
      #expect(error?.status == .cannotCreate)
    }
    let link = project.path("link.html")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try pipeline.writeHTMLReport(to: link) == bytes)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == written)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
  }
}
