import Foundation
package import HunchLabeling

/// What stands for the behaviour of closures in fingerprints: the source that was compiled.
///
/// A rule with a closure is identified by the source of its own call and by the rest of all files
/// that were compiled with it, without the calls of the other rules. So helpers count, in whatever
/// file, and an edit of one rule does not touch another. That text stands in the compiled library;
/// no file is read. For rules that are part of a program, the program itself stands for every
/// closure.
package struct ClosureSources {
  private var parts: [RulePlace: String] = [:]
  /// Places at which several rules are made, as in a loop.
  private let sharedPlaces: Set<RulePlace>
  /// What stands for rules whose source is not found.
  private let whole: String

  /// Looks at the sources of the functions and slices of a pack.
  ///
  /// - Complexity: O(bytes of the sources), or of the program, once.
  package init(_ pack: RulePack) {
    sharedPlaces = Set(
      Dictionary(grouping: pack.definitions.map(\.place)) { $0 }
        .filter { $0.value.count > 1 }.map(\.key))
    guard let sources = pack.sources else {
      whole = "program \(Self.program)"
      return
    }
    whole = sources.files.map(\.text).joined(separator: "\n")
    let places = Dictionary(grouping: sources.places) { String($0.fileName) }
    let spans = sources.files.map { file in
      SourceSpans(
        source: file.text,
        calls: (places[file.name] ?? []).map { SourcePosition(line: $0.line, column: $0.column) })
    }
    let remainder = spans.map(\.remainder).joined(separator: "\n")
    for (file, spans) in zip(sources.files, spans) {
      for place in places[file.name] ?? [] {
        let span = spans.span(at: SourcePosition(line: place.line, column: place.column))
        parts[place] = span.map { "\($0)\n\(remainder)" } ?? "\(place.line)\n\(whole)"
      }
    }
  }

  /// The text that stands for a function's closures.
  package func identity(of function: RuleDefinition) -> String {
    guard var part = parts[function.place] else { return "\(whole) \(function.name ?? "")" }
    let name = sharedPlaces.contains(function.place) ? function.name ?? "" : ""
    // What a rule is called and how it is described does not change its votes.
    for words in [function.name, function.summary] {
      if let words, let literal = part.range(of: "\"\(words)\"") {
        part.removeSubrange(literal)
      }
    }
    return "source \(name)\n\(part)"
  }

  /// The hash of the program that runs, found once.
  private static let program: String = {
    // The file that the process was started from, though another may have taken its name since.
    let running = "/proc/self/exe"
    let path =
      FileManager.default.fileExists(atPath: running)
      ? running : Bundle.main.executablePath ?? CommandLine.arguments[0]
    return (try? ContentHash.file(path)) ?? UUID().uuidString
  }()
}
