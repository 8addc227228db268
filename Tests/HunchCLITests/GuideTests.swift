import Foundation
import TestSupport
import Testing

/// The pictures of the guide show what the commands print today.
@Suite("The pictures of the guide")
struct GuideTests {
  @Test(
    "terminal pictures are what the commands print; 'make guide' makes them anew",
    arguments: ["analyze", "function", "buckets"])
  func terminal(name: String) throws {
    let picture = try String(
      contentsOf: Repository.root.appendingPathComponent("docs/guide/\(name).svg"), encoding: .utf8)
    let lines = try picture.split(separator: "\n").filter { $0.hasPrefix("<text ") }.map { line in
      let start = try #require(line.firstIndex(of: ">"))
      return String(line[line.index(after: start)...].dropLast("</text>".count))
        .replacing(try Regex("<[^>]*>"), with: "").replacing("&lt;", with: "<")
        .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        .replacing("examples/support-messages", with: ".")
    }
    let command = try #require(lines.first)
    #expect(command.hasPrefix("$ hunch ") && lines.count > 20)
    let arguments = command.split(separator: " ").dropFirst(2).map(String.init)
    let output = try HunchBinary.succeed(arguments, in: Projects.supportMessages())
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(output.firstIndex(of: lines[1]))
    for (shown, printed) in zip(lines.dropFirst(), output[start...]) { #expect(shown == printed) }
  }
}
