import Foundation

/// What is needed to compile rules: the modules that this program was built with, and a compiler of
/// the same version.
package struct SwiftToolchain: Sendable {
  /// The folder with the modules that rules import.
  package let modules: String
  /// The compiler; nil where none is on the search path.
  package let compiler: String?

  /// The modules that a rule file needs: the one that it imports, and what that is made of.
  static let moduleNames = ["HunchLabeling", "HunchText"]

  /// A C module that ``moduleNames`` were compiled with and rules never see. The compiler wants to
  /// know that it exists.
  package static let emptyModule = (name: "module.modulemap", text: "module CPCRE2 {}\n")

  package init(modules: String, compiler: String?) {
    (self.modules, self.compiler) = (modules, compiler)
  }

  /// The modules that stand beside the running program, in a folder of the package manager's or in
  /// an installed tree, and the compiler on the search path.
  ///
  /// - Throws: ``HunchError/noRuleModules(program:)``.
  package static func ofThisProgram() throws(HunchError) -> SwiftToolchain {
    let program = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
      .resolvingSymlinksInPath().path
    let folder = (program as NSString).deletingLastPathComponent
    let candidates = ["\(folder)/Modules", "\(folder)/../lib/hunch/modules"]
    guard
      let modules = candidates.first(where: {
        FileManager.default.fileExists(atPath: "\($0)/\(moduleNames[0]).swiftmodule")
      })
    else { throw .noRuleModules(program: program) }
    return SwiftToolchain(
      modules: URL(fileURLWithPath: modules).standardizedFileURL.path, compiler: compilerOnPath())
  }

  private static func compilerOnPath() -> String? {
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
      let path = "\(folder)/swiftc"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    return nil
  }

  /// What stands for the program and its compiler in the key of a library: the modules, which hold
  /// the layout of all types and the compiler's version.
  func identity() throws(HunchError) -> String {
    var hash = ContentHash("rule-modules-1")
    for name in Self.moduleNames {
      hash.add(try ContentHash.file("\(modules)/\(name).swiftmodule"))
    }
    return hash.finish()
  }

  /// The version of the compiler that made the modules, such as `6.3.1 (swift-6.3.1-RELEASE)`.
  ///
  /// The compiler writes it near the start of a module, and reads no module of another version.
  package var version: String? {
    let path = "\(modules)/\(Self.moduleNames[1]).swiftmodule"
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: 1 << 16) else { return nil }
    return Self.version(in: String(decoding: start, as: UTF8.self))
  }

  /// The version that a compiler or a module states.
  static func version(in text: String) -> String? {
    text.firstMatch(of: /Swift version ([^\n(]+\([^)\n]*\))/).map { String($0.1) }
  }

  /// How rule files are compiled, without the files and what comes out.
  ///
  /// - Parameter emptyModule: The folder with the file of ``emptyModule``.
  package func arguments(emptyModule: String) -> [String] {
    // With -Isystem an editor shows the interface of what has no sources on this machine.
    [
      "-parse-as-library", "-module-name", "Rules", "-swift-version", "6",
      "-Isystem", modules, "-Isystem", emptyModule,
    ]
  }

  /// What makes a library of them, optimised as one.
  static let libraryArguments: [String] = {
    #if os(macOS)
      let link = ["-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup"]
    #else
      // What the rules call is found in the program that loads them.
      let link = ["-use-ld=lld", "-Xlinker", "--strip-all"]
    #endif
    return ["-O", "-wmo", "-emit-library"] + link
  }()
}
