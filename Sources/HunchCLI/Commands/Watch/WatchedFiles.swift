import Foundation
import Hunch

/// The files that a project's results depend on, and what the system last said of them.
///
/// They are asked for again and again: this sees also files that editors write beside and rename,
/// and works alike on every system.
struct WatchedFiles {
  private(set) var paths: [String]
  private var seen: [String?]

  init(_ paths: [String]) {
    self.paths = paths
    seen = Self.statuses(paths)
  }

  private static func statuses(_ paths: [String]) -> [String?] {
    paths.map { path in
      // Whoever opens a database with a write-ahead log makes an empty one.
      FileStatus(path: path).flatMap { $0.size == 0 && path.hasSuffix("-wal") ? nil : $0 }?
        .description
    }
  }

  /// Whether any file is not as it was when changes were last taken.
  var isChanged: Bool { Self.statuses(paths) != seen }

  /// The files that changed since changes were last taken.
  mutating func takeChanges() -> [String] {
    let now = Self.statuses(paths)
    defer { seen = now }
    return zip(paths, zip(seen, now)).filter { $0.1.0 != $0.1.1 }.map(\.0)
  }

  /// Watches other files from now on; what is known of those that stay is kept, and new ones count as
  /// changed.
  mutating func watch(_ paths: [String]) {
    let known = Dictionary(zip(self.paths, seen)) { first, _ in first }
    self.paths = paths
    seen = paths.map { known[$0] ?? nil }
  }

  /// The files that a project is made of.
  static func paths(_ configuration: ProjectConfiguration, in directory: String) -> [String] {
    func resolve(_ path: String) -> String { Paths.join(directory, path) }
    let corpus = resolve(configuration.corpus.path)
    return [resolve("hunch.yaml"), corpus, DatabaseFiles.log(of: corpus)]
      + RuleFiles.watched(configuration, in: directory)
      + configuration.votes.map { resolve($0.path) }
      + configuration.knowledge.flatMap { base in
        base.paths.flatMap { [resolve($0), DatabaseFiles.log(of: resolve($0))] }
      }
  }
}
