import Foundation
import TestSupport
import Testing

/// The report in a real browser: no console errors, every section, accessible, and nothing of a
/// project is ever taken for markup.
@Suite(
  "The report in a browser",
  .enabled(if: Browser.path != nil, "no Chromium on this machine"))
struct ReportBrowserTests {
  /// What a check of a page found.
  private struct Findings: Decodable {
    var problems: [String]
    var sections: [String]
    var isDark: Bool
    var texts: Int
    var text: String
    var scripts: Int
    var images: Int
    var alerts: Int
  }

  private static let sections = [
    "findings", "functions", "pairs", "classes", "label-model", "evaluation", "errors",
  ]

  @Test("the small example shows every section, without console errors")
  func small() throws {
    let folder = try Projects.supportMessages()
    // Two runs, so that there is something to compare.
    for model in [[], ["--label-model", "majority"]] {
      _ = try HunchBinary.succeed(
        ["run", ".", "--workspace", folder.path("workspace")] + model, in: folder)
    }
    try showsEverything(of: folder, ".", Self.sections + ["runs"])
  }

  private static let packages =
    Repository.root.appendingPathComponent("examples/debian-packages").path

  @Test(
    "the large example does too",
    .enabled(
      if: FileManager.default.fileExists(atPath: "\(packages)/corpus.sqlite"),
      "make -C examples/debian-packages has not been run"))
  func large() throws {
    try showsEverything(of: Folder(), Self.packages, Self.sections)
  }

  private func showsEverything(
    of folder: Folder, _ project: String, _ sections: [String]
  ) throws {
    _ = try HunchBinary.succeed(
      [
        "report", project, "--output", folder.path("report.html"), "--workspace",
        folder.path("workspace"),
      ], in: folder)
    let page = try Browser.load("report.html", in: folder)
    #expect(page.console.isEmpty, "\(page.console.prefix(3))")
    for section in sections { #expect(page.document.contains("<section id=\"\(section)\"")) }
    for isDark in [false, true] {
      let findings = try check(folder, isDark: isDark)
      #expect(findings.problems.isEmpty, "\(findings.problems.prefix(10))")
      #expect(findings.isDark == isDark && findings.texts > 500)
      #expect(findings.sections == sections)
    }
  }

  @Test("hostile texts, ids, names and classes are shown as text")
  func hostile() throws {
    let hostile = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>"]
    let folder = try Folder()
    var corpus = "id,text,gold,split\n"
    var votes = "id,\(quoted("f" + hostile[0])),\(quoted("g" + hostile[1]))\n"
    let labels = ["ham\(hostile[0])", "spam\(hostile[1])"]
    for index in 0..<80 {
      let id = quoted("\(index)\(hostile[index / 2 % 2])")
      let label = quoted(labels[index % 2])
      let split = index % 4 < 2 ? "train" : index % 8 < 4 ? "valid" : "test"
      corpus += "\(id),\(quoted("word\(index % 2) \(hostile[index % 2])")),\(label),\(split)\n"
      votes +=
        "\(id),\(index % 3 == 0 ? "" : label),\(index % 5 == 0 ? quoted(labels[0]) : label)\n"
    }
    _ = try folder.write("corpus.csv", corpus)
    _ = try folder.write("votes.csv", votes)
    _ = try folder.write(
      "hunch.yaml",
      """
      labels: ['\(labels[0])', '\(labels[1])']
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text, gold: gold, split: split }
      votes: [{ path: votes.csv }]
      """)
    _ = try HunchBinary.succeed(
      ["import", "corpus.csv", "--into", "corpus.sqlite", "--table", "documents"], in: folder)
    _ = try HunchBinary.succeed(["report", ".", "--output", "report.html"], in: folder)
    let page = try Browser.load("report.html", in: folder)
    #expect(page.console.isEmpty, "\(page.console.prefix(3))")
    let findings = try check(folder, isDark: false)
    #expect(findings.scripts == 2 && findings.images == 0 && findings.alerts == 0)
    #expect(findings.problems.isEmpty, "\(findings.problems.prefix(10))")
    for text in hostile {
      #expect(findings.text.contains("word0 \(text)") || findings.text.contains("word1 \(text)"))
    }
    for text in labels { #expect(findings.text.contains(text)) }
    #expect(findings.text.contains("f\(hostile[0])") && findings.text.contains("g\(hostile[1])"))
  }

  private func quoted(_ cell: String) -> String {
    "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// Runs the checks of `report-checks.js` inside a copy of the page, without its content security
  /// policy: escaping has to do without that.
  private func check(_ folder: Folder, isDark: Bool) throws -> Findings {
    var html = try folder.text("report.html")
    let policy = try #require(
      html.range(
        of: "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", options: .regularExpression))
    html.replaceSubrange(
      policy, with: "<script>window.alerts = 0; window.alert = () => { window.alerts++ }</script>")
    let checks = try String(
      contentsOf: Repository.root.appendingPathComponent("Tests/Fixtures/report-checks.js"),
      encoding: .utf8)
    let end = try #require(html.range(of: "</body>", options: .backwards))
    html.replaceSubrange(end, with: "<script>\n\(checks)\n</script></body>")
    _ = try folder.write("checked.html", html)
    let page = try Browser.load(
      "checked.html", in: folder,
      options: ["--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)"])
    let start = try #require(page.document.range(of: "<pre id=\"checked\">")).upperBound
    let stop = try #require(
      page.document.range(of: "</pre>", range: start..<page.document.endIndex))
    let result = try #require(Data(base64Encoded: String(page.document[start..<stop.lowerBound])))
    return try JSONDecoder().decode(Findings.self, from: result)
  }
}
