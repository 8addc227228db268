import Foundation
import HunchLabeling

/// How rule files are compiled, and who hears of it.
public struct RuleCompilation: Sendable {
  /// Whether somebody asked to stop.
  public var isStopped: @Sendable () -> Bool = { false }
  /// Hears that the compiler starts (true) and that it has ended.
  public var isCompiling: @Sendable (Bool) -> Void = { _ in }
  /// Gets the compiler's warnings, once: a stored library is used without a word.
  public var warn: @Sendable (String) -> Void = { _ in }
  /// Finds modules and compiler.
  package var toolchain: @Sendable () throws(HunchError) -> SwiftToolchain = {
    () throws(HunchError) in try SwiftToolchain.ofThisProgram()
  }

  /// Compiles without telling anybody.
  public init() {}
}

/// Compiled rules, kept beside the workspace by the hash of what they were compiled from.
///
/// A library is compiled from copies of the very bytes that were hashed, in a folder of its own, and
/// renamed into place; its name also holds the hash of its own bytes. So whatever is killed, fills
/// the disk or runs at the same time, a library is right or it is not there.
struct RuleLibrary {
  /// How many libraries are kept.
  static let kept = 20

  let files: [RuleFile]
  /// The folder for libraries.
  let store: String
  let compilation: RuleCompilation

  /// The rules, compiled if they are not stored.
  ///
  /// - Throws: ``HunchError`` for rules that do not compile or hold no pack, and where they cannot be
  ///   compiled.
  func load() throws -> CompiledRules {
    try OwnFiles.check(store)
    let toolchain = try compilation.toolchain()
    var hash = ContentHash("rule-library-1")
    hash.add(try toolchain.identity())
    for word in SwiftToolchain.libraryArguments { hash.add(word) }
    for file in files {
      hash.add(file.name)
      hash.add([UInt8](file.bytes))
    }
    let key = String(hash.finish().prefix(32))
    let paths = Dictionary(files.map { ($0.name, $0.path) }) { first, _ in first }
    let rules = try stored(key) ?? compiled(key, toolchain)
    return rules.located { paths[String($0)] }
  }

  // MARK: - The store

  private func stored(_ key: String) -> CompiledRules? {
    for name in names where name.hasPrefix(key + "-") {
      let path = "\(store)/\(name)"
      if name == (try? fileName(key, of: path)), let rules = RuleGlue.load(path) { return rules }
      // Damaged: it is compiled again.
      unlink(path)
    }
    return nil
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: store)) ?? []).sorted()
  }

  private func fileName(_ key: String, of library: String) throws(HunchError) -> String {
    let content = try ContentHash.file(library).filter { $0 != "." }
    return "\(key)-\(content.prefix(16)).so"
  }

  /// Whether a name is one that ``fileName(_:of:)`` gives: others are somebody else's.
  private static func isLibrary(_ name: String) -> Bool {
    name.wholeMatch(of: /[0-9a-f]{32}-[0-9a-f]{16}\.so/) != nil
  }

  /// Puts a library into the store.
  ///
  /// - Returns: Where it is now; where it was if it cannot be stored, as in a folder that cannot be
  ///   written.
  private func put(_ library: String, _ key: String) throws(HunchError) -> String {
    let path = "\(store)/\(try fileName(key, of: library))"
    // A name must not reach the disk before the bytes.
    try? FileHandle(forReadingAtPath: library)?.synchronize()
    guard rename(library, path) == 0 else { return library }
    let others = names.filter(Self.isLibrary).map { "\(store)/\($0)" }.filter { $0 != path }
    let dated = others.compactMap { path in FileStatus(path: path).map { (path, $0.lastChange) } }
    for (old, _) in dated.sorted(by: { $0.1 > $1.1 }).dropFirst(Self.kept - 1) { unlink(old) }
    return path
  }

  // MARK: - Compiling

  private func compiled(_ key: String, _ toolchain: SwiftToolchain) throws -> CompiledRules {
    guard let compiler = toolchain.compiler else {
      throw HunchError.noCompiler(version: toolchain.version)
    }
    let names = files.flatMap { PackNames.all(in: $0.text) }
    if names.isEmpty { throw HunchError.noPacks(files: files.map(\.location)) }
    let folder = try CompilationFolder(in: store)
    defer { folder.remove() }
    compilation.isCompiling(true)
    defer { compilation.isCompiling(false) }
    let library = try compile(names, compiler, toolchain, folder)
    let path = try put(library, key)
    guard let rules = RuleGlue.load(path) else {
      throw HunchError.rulesNotLoaded(problem: RuleGlue.problem)
    }
    return rules
  }

  /// Runs the compiler.
  ///
  /// - Returns: The library.
  private func compile(
    _ packs: [String], _ compiler: String, _ toolchain: SwiftToolchain, _ folder: CompilationFolder
  ) throws -> String {
    let glue = RuleGlue.fileName(beside: files.map(\.name))
    let texts = files.map { ($0.name, $0.text) }
    try folder.write(glue, Data(RuleGlue.source(packs: packs, sources: texts).utf8))
    let module = SwiftToolchain.emptyModule
    try folder.write(module.name, Data(module.text.utf8))
    let child = ChildProcess(isStopped: compilation.isStopped)
    func run(_ words: [String]) throws -> (status: Int32, output: String) {
      try child.capture([compiler] + words, in: folder.path, file: folder.path + "/.output")
    }
    // Relative names: nothing in the library depends on where it was compiled.
    let library = "rules.so"
    func compile(_ sources: [Data]) throws -> (status: Int32, output: String) {
      for (file, source) in zip(files, sources) { try folder.write(file.name, source) }
      return try run(
        SwiftToolchain.libraryArguments + toolchain.arguments(emptyModule: ".")
          + ["-o", library] + files.map { "./\($0.name)" } + ["./\(glue)"])
    }
    let sources = files.map(\.bytes)
    let cut = files.map { file in
      LongPacks.cut(file.text, fileName: file.name).map { Data($0.utf8) } ?? file.bytes
    }
    var (status, output) = try compile(cut)
    if cut != sources, status != 0 || !output.isEmpty {
      // What the compiler says has to be of the source as it stands.
      (status, output) = try compile(sources)
    }
    let words = located(output)
    guard status == 0 else {
      let version = SwiftToolchain.version(in: try run(["--version"]).output)
      if let needed = toolchain.version, version != needed {
        throw HunchError.compilerVersion(
          compiler: compiler, version: version ?? "of an unknown version", needed: needed)
      }
      // A compiler or linker on a full disk says anything, or nothing.
      try folder.write(".room", Data(count: 1 << 20))
      throw HunchError.rulesDoNotCompile(words)
    }
    if !words.isEmpty { compilation.warn(words) }
    return "\(folder.path)/\(library)"
  }

  /// The compiler's words with the paths of the files in place of their copies'.
  private func located(_ output: String) -> String {
    output.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      for file in files {
        for name in ["./\(file.name)", file.name] where line.hasPrefix(name + ":") {
          return file.location + line.dropFirst(name.count)
        }
      }
      return String(line)
    }.joined(separator: "\n")
  }
}

/// A folder to compile in, which the next compilation removes where this one is killed.
private struct CompilationFolder {
  let path: String
  private let lock: Int32

  /// Makes a folder in the store, or, where that cannot be written, among the system's temporary
  /// files.
  init(in store: String) throws(HunchError) {
    let manager = FileManager.default
    try? manager.createDirectory(atPath: store, withIntermediateDirectories: true)
    var folder = Leftovers.create(beside: "\(store)/.compiling", mode: 0o700, isFolder: true)
    if folder.descriptor < 0 {
      folder = Leftovers.create(
        beside: "\(manager.temporaryDirectory.path)/hunch-rules", mode: 0o700, isFolder: true)
    }
    (path, lock) = folder
    if lock < 0 { throw .workspaceUnwritable(path: store, problem: SystemError.text(errno)) }
  }

  func write(_ name: String, _ bytes: Data) throws(HunchError) {
    do {
      try bytes.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    } catch {
      let folder = (path as NSString).deletingLastPathComponent
      throw .workspaceDisk(path: folder, problem: error.localizedDescription)
    }
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
    close(lock)
  }
}
