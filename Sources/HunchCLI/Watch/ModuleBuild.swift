import Foundation

/// Compiles one module as the package manager would, but file by file and into a folder of its own:
/// after an edit the compiler's driver compiles the files that the edit touches, where the package
/// manager's release build compiles the whole module. Nothing of the package manager's is written.
package struct ModuleBuild {
  /// The module's name.
  package let module: String
  /// The source files.
  package let sources: [String]
  /// What the package manager compiles them into, and what this does, one for each source.
  package let replaced: [String: String]
  /// The interface that other modules import.
  package let interface: String
  /// The words that start the compiler.
  package let arguments: [String]
  private let folder: String

  /// - Parameters:
  ///   - command: The package manager's command.
  ///   - folder: Where to compile to.
  ///   - imports: Folders with interfaces to import rather than the package manager's.
  /// - Returns: Nil where the command is of another form than is known.
  package init?(_ command: BuildManifest.Command, folder: String, imports: [String] = []) {
    self.folder = folder
    let words = command.arguments
    guard let place = words.firstIndex(of: "-module-name"), place + 1 < words.count,
      words.contains("-c")
    else { return nil }
    module = words[place + 1]
    sources = command.inputs.filter { $0.hasSuffix(".swift") }
    let objects = command.outputs.filter { $0.hasSuffix(".o") }
    interface = "\(folder)/\(module).swiftmodule"
    var replaced: [String: String] = [:]
    for source in sources {
      let name = (source as NSString).lastPathComponent
      let old = objects.filter { $0.hasSuffix("/\(name).o") }
      // Two files of one name in different folders could not be told apart.
      guard old.count == 1 else { return nil }
      replaced[old[0]] = "\(folder)/\(name).o"
    }
    guard !sources.isEmpty, replaced.count == sources.count, objects.count == sources.count else {
      return nil
    }
    self.replaced = replaced
    arguments = Self.changed(words, folder: folder, interface: interface, imports, sources)
  }

  /// The package manager's words without those for whole modules, reports to it, and debugging.
  private static func changed(
    _ words: [String], folder: String, interface: String, _ imports: [String], _ sources: [String]
  ) -> [String] {
    // The driver does not see that an imported interface changed, so a module that imports the rules
    // is compiled as a whole; it is small.
    var changed = [words[0]] + (imports.isEmpty ? ["-incremental"] : [])
    changed += imports.flatMap { ["-I", $0] }
    var place = 1
    while place < words.count {
      let word = words[place]
      switch word {
      case "-parseable-output", "-whole-module-optimization", "-wmo", "-emit-dependencies",
        "-emit-objc-header", "-incremental", "-enable-batch-mode", "-serialize-diagnostics":
        place += 1
      case "-num-threads", "-emit-objc-header-path":
        place += 2
      case "-g" where words[place - 1] != "-Xcc":
        place += 1
      case "-emit-module-path":
        changed += [word, interface]
        place += 2
      case "-output-file-map":
        changed += [word, "\(folder)/output-file-map.json"]
        place += 2
      case "-c":
        changed.append(word)
        place += 1
      default:
        // The list of sources, which is given here anew.
        if !(word.hasPrefix("@") && word.hasSuffix("/sources")) { changed.append(word) }
        place += 1
      }
    }
    return changed + ["-enable-batch-mode"] + sources
  }

  /// Removes what a source was compiled into, if that may be older than the source: the driver takes a
  /// file that was saved within a second of the last build for compiled.
  private func forget(_ source: String) throws {
    func time(_ path: String) -> Date? {
      try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }
    let object = "\(folder)/\((source as NSString).lastPathComponent).o"
    guard let saved = time(source), let compiled = time(object),
      saved.addingTimeInterval(2) > compiled
    else { return }
    try FileManager.default.removeItem(atPath: object)
  }

  /// Makes the folder and what the compiler needs to know of it.
  package func prepare() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var map: [String: [String: String]] = ["": ["swift-dependencies": "\(folder)/module.swiftdeps"]]
    for source in sources {
      let name = "\(folder)/\((source as NSString).lastPathComponent)"
      map[source] = ["object": "\(name).o", "swift-dependencies": "\(name).swiftdeps"]
    }
    for source in sources { try forget(source) }
    let path = "\(folder)/output-file-map.json"
    let data = try JSONEncoder().encode(map)
    // A file that is newer than what was compiled would make the driver compile all of it again.
    if (try? JSONDecoder().decode(
      [String: [String: String]].self, from: FileManager.default.contents(atPath: path) ?? Data()))
      != map
    {
      try data.write(to: URL(fileURLWithPath: path))
    }
  }
}
