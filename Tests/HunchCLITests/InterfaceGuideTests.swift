import Foundation
import Hunch
import TestSupport
import Testing

/// `docs/interface.md` says what the commands do today.
@Suite("The interface guide")
struct InterfaceGuideTests {
  private let guide: [Substring]

  init() throws {
    let text = try String(
      contentsOf: Repository.root.appendingPathComponent("docs/interface.md"), encoding: .utf8)
    guide = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The first cells of the table below a heading.
  private func cells(below heading: String) -> [Substring] {
    guide.drop { $0 != "## \(heading)" }.dropFirst().prefix { !$0.hasPrefix("## ") }
      .filter { $0.hasPrefix("| ") }.dropFirst()
      .compactMap { $0.split(separator: "|").first }
  }

  @Test("the commands are those of the program")
  func commands() throws {
    let help = try HunchBinary.succeed(["--help"], in: Folder())
    let all = help.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }.dropFirst()
      .compactMap { $0.wholeMatch(of: #/  ([a-z]+) .*/#).map { String($0.1) } }
    let named = cells(below: "Commands").flatMap { cell in
      cell.matches(of: /`hunch ([a-z]+)/).map { String($0.1) }
    }
    #expect(Set(all) == Set(named))
    for option in ["--workspace", "--format", "--threads", "--seed", "--quiet", "--no-color"] {
      #expect(try HunchBinary.succeed(["apply", "--help"], in: Folder()).contains(option))
    }
  }

  @Test("the exit statuses are those of the program")
  func statuses() {
    let named = cells(below: "Exit status").compactMap {
      Int32($0.trimmingCharacters(in: .whitespaces))
    }
    #expect(named == [0] + ExitStatus.allCases.map(\.rawValue))
  }

  @Test("the keys of hunch.yaml are those that are read")
  func configuration() {
    let named = cells(below: "hunch.yaml").flatMap { cell in
      cell.matches(of: /`([a-z_]+)`/).map { String($0.1) }
    }
    #expect(Set(named) == Set(Project.configurationKeys))
  }

  @Test("the JSON of the commands has the keys that are named")
  func json() throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "p", "--quiet"], in: folder)
    var command = ""
    var blocks: [(command: String, lines: [Substring])] = []
    var isInside = false
    for line in guide {
      if let match = line.wholeMatch(of: /`hunch ([a-z]+)`/) { command = String(match.1) }
      if line.hasPrefix("```") {
        isInside = line == "```keys"
        if isInside { blocks.append((command, [])) }
      } else if isInside {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    #expect(blocks.count == 9)
    for (command, lines) in blocks {
      let text = try HunchBinary.succeed([command, "p", "--format", "json"], in: folder)
      let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
      for line in lines {
        let parts = line.split(separator: ":", maxSplits: 1)
        let path = parts.count == 2 ? parts[0].split(separator: ".").map(String.init) : []
        let words = parts[parts.count - 1].split(separator: " ")
        let must = Set(words.filter { !$0.hasPrefix("[") }.map(String.init))
        let may = must.union(
          words.filter { $0.hasPrefix("[") }.map { String($0.dropFirst().dropLast()) })
        for object in Self.objects(value, path) {
          let keys = Set(object.keys)
          #expect(
            keys.isSuperset(of: must), "\(command) \(path): \(must.subtracting(keys)) missing")
          #expect(keys.isSubset(of: may), "\(command) \(path): \(keys.subtracting(may)) not named")
        }
      }
    }
  }

  /// The objects that a path of keys leads to, through lists.
  private static func objects(_ value: Any, _ path: [String]) -> [[String: Any]] {
    if let list = value as? [Any] { return list.flatMap { objects($0, path) } }
    guard let object = value as? [String: Any] else { return [] }
    guard let key = path.first else { return [object] }
    return object[key].map { objects($0, Array(path.dropFirst())) } ?? []
  }
}
