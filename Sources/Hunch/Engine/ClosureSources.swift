import Foundation
package import HunchLabeling

/// What stands for the behaviour of closures in fingerprints: their source.
///
/// A rule with a closure is identified by the source of its own call and by the rest of the file
/// without the calls of the other rules, so that helpers in the file count and an edit of one rule
/// does not touch another. Where the source is not there, or is newer than the program (edited but
/// not built), the program file itself stands for every closure.
package struct ClosureSources {
  private var parts: [String: [RulePlace: String]] = [:]
  /// The hash of the program file, where some source is missing.
  private let program: String

  /// Reads the sources of the functions and slices of a pack that have closures.
  package init(_ pack: RulePack, executablePath: String? = Bundle.main.executablePath) {
    let path = executablePath ?? CommandLine.arguments[0]
    let builtAt = Self.modified(path)
    for file in Set(pack.definitions.map(\.place.filePath)) {
      guard let builtAt, let edited = Self.modified(file), edited <= builtAt,
        let data = FileManager.default.contents(atPath: file)
      else { continue }
      let places = Set(pack.definitions.map(\.place).filter { $0.filePath == file })
      parts[file] = Self.parts(String(decoding: data, as: UTF8.self), places)
    }
    sharedPlaces = Set(
      Dictionary(grouping: pack.definitions.map(\.place)) { $0 }
        .filter { $0.value.count > 1 }.map(\.key))
    let read = Set(parts.keys)
    let hasAllSources = pack.definitions.allSatisfy { read.contains($0.place.filePath) }
    program = hasAllSources ? "" : (try? ContentHash.file(path)) ?? UUID().uuidString
  }

  /// Places at which several rules are made, as in a loop.
  private let sharedPlaces: Set<RulePlace>

  /// The text that stands for a function's closures.
  package func identity(of function: RuleDefinition) -> String {
    let name = sharedPlaces.contains(function.place) ? function.name ?? "" : ""
    guard var part = parts[function.place.filePath]?[function.place] else {
      return "program \(program) \(function.name ?? "")"
    }
    // What a rule is called and how it is described does not change its votes.
    for words in [function.name, function.summary] {
      if let words, let literal = part.range(of: "\"\(words)\"") {
        part.removeSubrange(literal)
      }
    }
    return "source \(name)\n\(part)"
  }

  private static func parts(_ source: String, _ places: Set<RulePlace>) -> [RulePlace: String] {
    let positions = places.map { SourcePosition(line: $0.line, column: $0.column) }
      .sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    let spans = SourceSpans(source: source, calls: positions)
    var parts: [RulePlace: String] = [:]
    for place in places {
      let span = spans.span(at: SourcePosition(line: place.line, column: place.column))
      parts[place] = span.map { "\($0)\n\(spans.remainder)" } ?? "\(place.line)\n\(source)"
    }
    return parts
  }

  private static func modified(_ path: String) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }
}
