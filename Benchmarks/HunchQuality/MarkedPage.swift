import Foundation

/// A Markdown file with a place for figures.
struct MarkedPage {
  private static let begin = "<!-- figures of hunch-quality: begin -->"
  private static let end = "<!-- figures of hunch-quality: end -->"

  private let url: URL
  private let before: Substring
  private let after: Substring

  init(_ url: URL) throws {
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw Failure(description: "\(url.path): not a readable file", status: 66)
    }
    guard let begin = text.range(of: Self.begin),
      let end = text.range(of: Self.end, range: begin.upperBound..<text.endIndex)
    else {
      throw Failure(
        description: "\(url.path) has no lines '\(Self.begin)' and '\(Self.end)'", status: 65)
    }
    self.url = url
    before = text[..<begin.upperBound]
    after = text[end.lowerBound...]
  }

  /// Replaces what stands between the marks.
  func write(_ lines: [String]) throws {
    let text = "\(before)\n\n\(lines.joined(separator: "\n"))\n\n\(after)"
    try Data(text.utf8).write(to: url, options: .atomic)
  }
}
