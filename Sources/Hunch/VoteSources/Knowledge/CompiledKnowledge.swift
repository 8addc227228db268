import Foundation
import HunchLabeling

/// Compiled knowledge bases in a folder beside the workspace.
///
/// A base stands under the hash of its sources and of what the configuration says of them, so what is
/// there is never wrong. A small file for each base says what the sources looked like from outside
/// when they were last read. Files that are damaged or of another version count as missing, and where
/// nothing can be written the bases are compiled every time.
struct CompiledKnowledge {
  private let folder: String
  private var used: Set<String> = []

  /// - Throws: ``HunchError/linkInPlace(path:)``.
  init(workspace: String) throws(HunchError) {
    folder = OwnFiles.knowledge(ofWorkspace: workspace)
    try OwnFiles.check(folder)
  }

  // MARK: - Keys

  /// What was known of a base's sources when they were last read.
  private struct State: Codable, Equatable {
    var version = KnowledgeFile.version
    var description: String
    /// For each source its path and what the system said of it; `nil` where that was not reliable.
    var paths: [String]
    var signatures: [String?]
    var key: String
  }

  /// The key under which a base stands, if need be by reading its sources.
  mutating func key(
    _ name: String, _ description: String, _ sources: SourceFiles
  ) throws -> String {
    var hash = ContentHash("knowledge-state-1")
    hash.add(name)
    let path = "\(folder)/\(hash.finish().prefix(16)).state"
    uses(path)
    let known = FileManager.default.contents(atPath: path)
      .flatMap { try? JSONDecoder().decode(State.self, from: $0) }
    var state = State(
      description: description, paths: sources.paths, signatures: sources.signatures, key: "")
    if let known, !sources.signatures.contains(nil) {
      state.key = known.key
      if state == known { return known.key }
    }
    var content = ContentHash("knowledge-sources-1")
    content.add(KnowledgeFile.version)
    content.add(description)
    for path in sources.paths {
      content.add(try ContentHash.file(path))
      let log = DatabaseFiles.log(of: path)
      if let status = FileStatus(path: log), status.size > 0 {
        content.add(try ContentHash.file(log))
      }
    }
    state.key = content.finish()
    if !sources.areUnchanged { state.signatures = state.signatures.map { _ in nil } }
    if state != known, let data = try? JSONEncoder().encode(state), makeFolder() {
      try? ReplacedFile.write(data, to: path, links: .refused)
    }
    return state.key
  }

  // MARK: - Files

  /// A base with its identity; `nil` if there is none that can be used.
  mutating func base(_ key: String, name: String, source: String) -> KnowledgeBase? {
    let path = basePath(key)
    uses(path)
    guard var parts = KnowledgeFile.read(path), let identity = parts.texts.popLast(),
      let base = KnowledgeBase(name: name, source: source, parts: parts)
    else { return nil }
    return base.with(identity: identity) { _ in nil }
  }

  func write(_ base: KnowledgeBase, identity: String, key: String) {
    guard makeFolder() else { return }
    var parts = base.allParts
    parts.texts.append(identity)
    KnowledgeFile.write(parts, to: basePath(key))
  }

  private func basePath(_ key: String) -> String { "\(folder)/\(key.prefix(32)).base" }

  func namesPath(_ key: String, _ options: GazetteerOptions) -> String {
    "\(folder)/\(key.prefix(32))-\(options.rawValue).names"
  }

  func makeFolder() -> Bool {
    (try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false)) != nil
      || FileManager.default.fileExists(atPath: folder)
  }

  mutating func uses(_ path: String?) {
    if let path { used.insert((path as NSString).lastPathComponent) }
  }

  /// Removes what no base of the project uses.
  func removeOthers() {
    let manager = FileManager.default
    guard let files = try? manager.contentsOfDirectory(atPath: folder) else { return }
    let own = [".base", ".names", ".state"]
    for file in files where !used.contains(file) {
      if own.contains(where: file.hasSuffix) {
        try? manager.removeItem(atPath: "\(folder)/\(file)")
      } else if file.hasSuffix(".tmp") {
        let target = file.split(separator: ".").dropLast(2).joined(separator: ".")
        Leftovers.remove(beside: "\(folder)/\(target)")
      }
    }
    // Stays where there is anything else in it.
    if used.isEmpty { rmdir(folder) }
  }
}

/// The indexes of the names of one base.
final class NamesFile: Sendable {
  /// What stands for the base in fingerprints.
  let identity: String
  private let key: String?
  private let base: KnowledgeBase
  private let store: CompiledKnowledge
  private let kept = Guarded([GazetteerOptions: NameIndex]())

  /// - Parameter key: `nil` where nothing is to be written.
  init(key: String?, base: KnowledgeBase, identity: String, _ store: CompiledKnowledge) {
    (self.key, self.base, self.identity, self.store) = (key, base, identity, store)
  }

  func path(_ options: GazetteerOptions) -> String? { key.map { store.namesPath($0, options) } }

  func exists(_ options: GazetteerOptions) -> Bool {
    path(options).map { FileManager.default.fileExists(atPath: $0) } ?? false
  }

  /// Writes an index, and keeps it for who asks next.
  func keep(_ index: NameIndex) {
    kept.withLock { $0[index.options] = index }
    if let path = path(index.options), store.makeFolder() {
      KnowledgeFile.write(index.parts, to: path)
    }
  }

  /// The index as it was made or written; made anew where the file is damaged.
  func index(_ options: GazetteerOptions) -> NameIndex {
    if let index = kept.withLock({ $0.removeValue(forKey: options) }) { return index }
    if let path = path(options), let parts = KnowledgeFile.read(path),
      let index = NameIndex(parts), index.options == options, index.greatestRow < base.count
    {
      return index
    }
    let index = base.makeNames(for: options) {}
    if let path = path(options), exists(options) { KnowledgeFile.write(index.parts, to: path) }
    return index
  }
}

/// The files that a base is made of, as the system describes them.
struct SourceFiles {
  let paths: [String]
  /// What can be relied on to change with the content; see ``CorpusSignature``.
  let signatures: [String?]
  private let statuses: [String?]

  init(_ paths: [String], now: Date) {
    self.paths = paths
    statuses = Self.statuses(paths)
    signatures = paths.map { CorpusSignature.of($0, now: now) }
  }

  private static func statuses(_ paths: [String]) -> [String?] {
    paths.flatMap { path in
      [path, DatabaseFiles.log(of: path)].map { name in
        FileStatus(path: name).flatMap { $0.size == 0 && name != path ? nil : $0.description }
      }
    }
  }

  /// Whether nobody has written a file since this was made.
  var areUnchanged: Bool { Self.statuses(paths) == statuses }
}
