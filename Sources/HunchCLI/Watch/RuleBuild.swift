import Foundation
import Hunch
import HunchLabeling

/// Builds this program again from its sources.
struct RuleBuild {
  /// The package that the program is a product of.
  let root: String
  /// The program's name in it.
  let product: String
  /// `release` or `debug`.
  let configuration: String
  /// The program as the package manager builds it.
  let program: String
  /// A source file of the rule pack.
  let ruleSource: String

  private var folder: String { "\(root)/.build/hunch-watch/\(configuration)" }

  /// Finds out how this program was built; nil where its sources are not there.
  ///
  /// - Parameters:
  ///   - executable: The running program.
  ///   - pack: The rule pack that is watched.
  init?(executable: String, pack: RulePack?) {
    let path = URL(fileURLWithPath: executable).resolvingSymlinksInPath().path
    guard let source = pack?.functions.first?.place.filePath,
      FileManager.default.fileExists(atPath: source),
      let build = path.range(of: "/.build/", options: .backwards)
    else { return nil }
    root = String(path[..<build.lowerBound])
    // Behind it stand platform, configuration and program; the platform may be left out.
    let parts = path[build.upperBound...].split(separator: "/").map(String.init)
    guard (2...3).contains(parts.count), ["release", "debug"].contains(parts[parts.count - 2]),
      source.hasPrefix(root + "/"), FileManager.default.fileExists(atPath: root + "/Package.swift")
    else { return nil }
    (product, configuration) = (parts[parts.count - 1], parts[parts.count - 2])
    program = path
    ruleSource = source
  }

  /// The Swift files of the package, sorted.
  func sources() -> [String] {
    var found: [String] = [root + "/Package.swift"]
    var folders = [root]
    while let folder = folders.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        if name.hasPrefix(".") || folder == root && ["Tests", "Benchmarks"].contains(name) {
          continue
        }
        let path = "\(folder)/\(name)"
        if name.hasSuffix(".swift") {
          if folder != root { found.append(path) }
        } else if !name.contains(".") {
          var isFolder: ObjCBool = false
          if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
          {
            folders.append(path)
          }
        }
      }
    }
    return found.sorted()
  }

  /// Whether a source is newer than the program.
  func isOutdated(_ sources: [String]) -> Bool {
    func time(_ path: String) -> Date? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return attributes?[.modificationDate] as? Date
    }
    guard let built = time(program) else { return true }
    return sources.contains { (time($0) ?? .distantPast) > built }
  }

  /// What came of a build.
  enum Outcome {
    /// The program to run.
    case program(String)
    /// The compiler's words.
    case errors(String)
    case stopped
  }

  /// A build of the rules alone; nil where the package manager has to do it.
  ///
  /// - Complexity: Reads the package manager's list of commands, some megabytes.
  func quickBuild(_ sources: [String]) -> QuickBuild? {
    guard let manifest = BuildManifest(path: "\(root)/.build/\(configuration).yaml"),
      let quick = QuickBuild(
        manifest, source: ruleSource, program: program, folder: folder)
    else { return nil }
    // A file that was added or removed since is not in the list of commands.
    let beside = (ruleSource as NSString).deletingLastPathComponent + "/"
    return Set(sources.filter { $0.hasPrefix(beside) }) == quick.sources ? quick : nil
  }

  /// Has the package manager build the program.
  func build(_ children: ChildProcess, isOutdated: () -> Bool) throws -> Outcome {
    try? FileManager.default.removeItem(atPath: folder)
    guard
      let (status, output) = try children.capture(
        ["/usr/bin/env", "swift", "build", "-c", configuration, "--product", product], in: root,
        isOutdated: isOutdated)
    else { return .stopped }
    return status == 0 ? .program(program) : .errors(Self.compilerLines(output))
  }

  /// Compiles all files of the rules, for the first time.
  ///
  /// - Returns: False where that does not work, so that the package manager has to build.
  func prepare(
    _ quick: QuickBuild, _ children: ChildProcess, isOutdated: () -> Bool
  ) throws -> Bool {
    try quick.build { words in try children.capture(words, in: root, isOutdated: isOutdated) }
      != .failed
  }

  /// Builds the rules alone, or everything where that does not work.
  func build(
    _ quick: QuickBuild, _ children: ChildProcess, isOutdated: () -> Bool
  ) throws -> Outcome {
    let result = try quick.build { words in
      try children.capture(words, in: root, isOutdated: isOutdated)
    }
    switch result {
    case nil: return .stopped
    case .built: return .program(quick.program)
    case .compileErrors(let lines): return .errors(Self.compilerLines(lines))
    case .failed: return try build(children, isOutdated: isOutdated)
    }
  }

  /// What the compiler said, without the steps that the package manager counts.
  private static func compilerLines(_ output: String) -> String {
    output.split(separator: "\n").filter { !$0.hasPrefix("[") && !$0.hasPrefix("Building for") }
      .joined(separator: "\n") + "\n"
  }
}
