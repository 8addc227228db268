import Foundation

/// A Swift file with rules, as it was read.
package struct RuleFile: Sendable {
  /// The path as the configuration gives it, relative to the project's folder; of a file in a folder
  /// the folder's and its own.
  package var path: String
  /// Where it was read.
  package var location: String
  /// What stood in it.
  var bytes: Data

  /// The name without folders.
  package var name: String { (path as NSString).lastPathComponent }
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Finds the files that `rules:` names.
package enum RuleFiles {
  /// The places of the files, in the order of the configuration; those of a folder in byte order.
  ///
  /// Of a folder count its `*.swift` and those of the folders in it, except hidden ones and what
  /// `hunch draft` wrote.
  ///
  /// - Throws: ``HunchError`` for a path that leads nowhere, a folder without such files, and two
  ///   files of one name, which Swift cannot tell apart in one module.
  package static func places(
    _ configuration: ProjectConfiguration, in directory: String
  ) throws(HunchError) -> [(path: String, location: String)] {
    let file = Paths.join(directory, "hunch.yaml")
    var places: [(path: String, location: String)] = []
    for rule in configuration.rules {
      let location = Paths.join(directory, rule.path)
      if Paths.isFolder(location) {
        let found = swiftFiles(in: location)
        if found.isEmpty { throw .rulesEmpty(path: file, line: rule.line, name: rule.path) }
        places += found.map { (Paths.join(rule.path, $0), Paths.join(location, $0)) }
        continue
      }
      let exists = FileManager.default.fileExists(atPath: location)
      if !rule.path.hasSuffix(".swift") {
        if exists || rule.path.contains("/") {
          throw .rulesNoSwift(path: file, line: rule.line, name: rule.path)
        }
        throw .rulesName(path: file, line: rule.line, name: rule.path)
      }
      if !exists { throw .rulesMissing(path: file, line: rule.line, name: rule.path) }
      places.append((rule.path, location))
    }
    var names: [String: String] = [:]
    for (path, _) in places {
      let name = (path as NSString).lastPathComponent
      if let first = names.updateValue(path, forKey: name) {
        throw .rulesTwice(path: file, name: name, first: first, second: path)
      }
    }
    return places
  }

  /// The files and folders whose change may change the rules.
  package static func watched(
    _ configuration: ProjectConfiguration, in directory: String
  ) -> [String] {
    let named = configuration.rules.map { Paths.join(directory, $0.path) }
    return named
      + named.flatMap { folder in
        entries(in: folder).map { Paths.join(folder, $0) }
          .filter { $0.hasSuffix(".swift") || Paths.isFolder($0) }
      }
  }

  /// Reads the files.
  static func read(
    _ configuration: ProjectConfiguration, in directory: String
  ) throws(HunchError) -> [RuleFile] {
    var files: [RuleFile] = []
    for (path, location) in try places(configuration, in: directory) {
      guard let bytes = FileManager.default.contents(atPath: location) else {
        throw .unreadable(path: location, problem: "it cannot be opened for reading")
      }
      files.append(RuleFile(path: path, location: location, bytes: bytes))
    }
    return files
  }

  /// How a file begins that ``Drafting`` wrote.
  static let draftHead = "// Drafted by "

  /// Whether a file begins as one that was drafted.
  private static func isDraft(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: draftHead.utf8.count)) == Data(draftHead.utf8)
  }

  private static func entries(in folder: String) -> [String] {
    guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
    return names.compactMap { $0 as? String }.filter { path in
      !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }
  }

  private static func swiftFiles(in folder: String) -> [String] {
    entries(in: folder).filter { $0.hasSuffix(".swift") && !isDraft(Paths.join(folder, $0)) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
