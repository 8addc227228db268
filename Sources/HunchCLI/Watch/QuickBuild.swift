import Foundation

/// Builds a program again after an edit of one module, in a fraction of the time that the package
/// manager takes: what it would do is read from its manifest, the one module is compiled file by
/// file, and the program is linked without what only debuggers need.
///
/// The program stands beside the package manager's under another name. What is not of the known form
/// makes no quick build; ``RuleBuild`` then leaves it to the package manager.
package struct QuickBuild {
  /// The program that it makes.
  package let program: String
  /// The source files that it covers.
  package let sources: Set<String>
  private let modules: [ModuleBuild]
  private let link: [String]
  private let objectList: (path: String, objects: [String])

  /// Prepares a build; nil where the manifest says nothing of it in a form that is known.
  ///
  /// - Parameters:
  ///   - manifest: The package manager's.
  ///   - source: A source file of the module.
  ///   - program: The program that the package manager links.
  ///   - folder: A folder for what is compiled.
  package init?(_ manifest: BuildManifest, source: String, program: String, folder: String) {
    guard let compile = manifest.compileCommand(of: source),
      let rules = ModuleBuild(compile, folder: "\(folder)/rules"),
      let link = manifest.linkCommand(of: program)
    else { return nil }
    let linked = Set(link.inputs)
    guard rules.replaced.keys.allSatisfy(linked.contains) else { return nil }
    var modules = [rules]
    // Modules that import the rules have to see their interface as it then is.
    for path in compile.outputs where path.hasSuffix(".swiftmodule") {
      for dependent in manifest.dependents(ofModuleAt: path)
      where dependent.outputs.contains(where: linked.contains) {
        guard
          let module = ModuleBuild(
            dependent, folder: "\(folder)/\(modules.count)", imports: ["\(folder)/rules"]),
          // One step is enough for a program that consists of rules and a start.
          dependent.outputs.filter({ $0.hasSuffix(".swiftmodule") })
            .allSatisfy({
              manifest.dependents(ofModuleAt: $0).allSatisfy { next in
                !next.outputs.contains(where: linked.contains)
              }
            })
        else { return nil }
        modules.append(module)
      }
    }
    self.modules = modules
    sources = Set(rules.sources)
    self.program = program + "-watched"
    let replaced = modules.reduce(into: [:]) { $0.merge($1.replaced) { first, _ in first } }
    objectList = (
      "\(folder)/objects",
      link.inputs.filter { $0.hasSuffix(".o") || $0.hasSuffix(".a") }.map { replaced[$0] ?? $0 }
    )
    guard
      let words = Self.linkWords(
        link.arguments, program: self.program, objects: objectList.path)
    else { return nil }
    self.link = words
  }

  private static func linkWords(
    _ words: [String], program: String, objects: String
  ) -> [String]? {
    var words = words.filter { $0 != "-g" }
    guard let output = words.firstIndex(of: "-o"), output + 1 < words.count,
      let list = words.firstIndex(where: { $0.hasPrefix("@") && $0.hasSuffix(".LinkFileList") })
    else { return nil }
    words[output + 1] = program
    words[list] = "@\(objects)"
    #if os(Linux)
      words += ["-Xlinker", "--strip-debug"]
      let linker = ((words[0] as NSString).deletingLastPathComponent as NSString)
        .appendingPathComponent("ld.lld")
      if FileManager.default.isExecutableFile(atPath: linker) { words.append("-use-ld=lld") }
    #endif
    return words
  }

  /// What came of a build.
  package enum Result: Equatable {
    case built
    /// The compiler's words.
    case compileErrors(String)
    /// The package manager has to do it.
    case failed
  }

  /// Builds the program.
  ///
  /// - Parameter run: Runs a command and returns its status and what it printed; nil when stopped.
  package func build(
    _ run: (_ words: [String]) throws -> (status: Int32, output: String)?
  ) throws -> Result? {
    for (place, module) in modules.enumerated() {
      try module.prepare()
      let objects = module.replaced.values.map { FileManager.default.fileExists(atPath: $0) }
      if place > 0, !objects.contains(false), isOlder(modules[0].interface, than: module) {
        continue
      }
      guard let (status, output) = try run(module.arguments) else { return nil }
      if status != 0 {
        return output.contains("error:") && place == 0 ? .compileErrors(output) : .failed
      }
    }
    let list = objectList.objects.map { "\"\($0)\"\n" }.joined()
    try Data(list.utf8).write(to: URL(fileURLWithPath: objectList.path))
    guard let (status, _) = try run(link) else { return nil }
    return status == 0 ? .built : .failed
  }

  /// Whether an interface was last written before a module was compiled.
  private func isOlder(_ interface: String, than module: ModuleBuild) -> Bool {
    func time(_ path: String) -> Date {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return attributes?[.modificationDate] as? Date ?? .distantPast
    }
    return module.replaced.values.allSatisfy { time($0) > time(interface) }
  }
}
