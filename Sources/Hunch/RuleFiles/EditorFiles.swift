import Foundation

/// What editors need to understand rules that belong to no package.
package enum EditorFiles {
  /// The file that sourcekit-lsp looks for in the folder that an editor opens, and in the folders
  /// between that one and the file being edited.
  package static let databaseName = "compile_commands.json"

  /// The compilation database of one module: how each of its sources is compiled, which is with all
  /// the others in sight.
  ///
  /// - Parameters:
  ///   - directory: The folder of the project: absolute, without links.
  ///   - sources: All sources of the module: absolute, without links. Files that are not listed get
  ///     no completion, and nothing that they declare is seen in the others.
  ///   - compiler: What the modules were compiled with. The server takes its own compiler from the
  ///     same toolchain, and modules are only read by the one that made them.
  ///   - arguments: The flags without compiler and sources. `-Isystem` instead of `-I` for the
  ///     modules of Hunch lets jumps to their declarations end in a generated interface where the
  ///     sources are gone.
  package static func database(
    directory: String, sources: [String], compiler: String = "swiftc", arguments: [String]
  ) throws -> String {
    let commands = sources.map { source in
      Command(
        arguments: [compiler] + arguments + sources, directory: directory, file: source)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(commands), as: UTF8.self) + "\n"
  }

  /// Writes what sourcekit-lsp needs to understand the rule files of a project.
  ///
  /// - Throws: ``HunchError`` where the project names no files, there are no modules, or the folder
  ///   cannot be written.
  /// - Returns: The rule files.
  @discardableResult
  package static func write(in directory: String) throws -> [String] {
    let configuration = try Project.configuration(in: directory)
    let places = try RuleFiles.places(configuration, in: directory)
    if places.isEmpty { throw HunchError.noRuleFiles(directory: directory) }
    let tools = try SwiftToolchain.ofThisProgram()
    // The server compares paths without links.
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    let folder = real(directory)
    let module = SwiftToolchain.emptyModule
    let modules = OwnFiles.rules(ofWorkspace: "\(folder)/hunch.workspace") + "/modules"
    let database = "\(folder)/\(databaseName)"
    try OwnFiles.check((modules as NSString).deletingLastPathComponent, modules)
    do {
      try FileManager.default.createDirectory(atPath: modules, withIntermediateDirectories: true)
      try ReplacedFile.write(
        Array(module.text.utf8), to: "\(modules)/\(module.name)", links: .refused)
      let text = try self.database(
        directory: folder, sources: places.map { real($0.location) },
        // The driver's own name, in the folder of the toolchain and not of a link to it.
        compiler: tools.compiler.map {
          Paths.join((real($0) as NSString).deletingLastPathComponent, "swiftc")
        } ?? "swiftc",
        arguments: tools.arguments(emptyModule: modules))
      try ReplacedFile.write(Array(text.utf8), to: database, links: .refused)
    } catch let error as HunchError {
      throw error
    } catch {
      throw HunchError.cannotCreate(path: database, problem: error.localizedDescription)
    }
    return places.map(\.location)
  }

  /// One entry, in the form that clang's tools defined.
  private struct Command: Encodable {
    var arguments: [String]
    var directory: String
    var file: String
  }
}
