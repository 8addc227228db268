import Foundation
public import HunchLabeling

/// A folder with `hunch.yaml`, and the rules that it names, compiled and loaded.
public struct Project: Sendable {
  /// The folder, as given.
  public let directory: String

  /// What `hunch.yaml` says, with what the command line changed.
  package var configuration: ProjectConfiguration

  /// The rule pack that the configuration names.
  public let pack: RulePack?

  /// The classes, in order.
  public let labels: [String]

  /// The workspace file.
  public let workspacePath: String

  /// Opens a project and checks its configuration and its rules; reads no documents. Rules are
  /// compiled unless the library that they make is stored beside the workspace.
  ///
  /// - Parameters:
  ///   - directory: The folder that holds `hunch.yaml`.
  ///   - packs: The rule packs of the program, for configurations that name no files.
  ///   - workspace: Another place for the workspace than `hunch.workspace` in the folder.
  ///   - compilation: How to compile rule files.
  /// - Throws: ``HunchError`` for a missing or wrong configuration or rule.
  public init(
    directory: String, packs: [RulePack] = [], workspace: String? = nil,
    compilation: RuleCompilation = RuleCompilation()
  ) throws {
    self.directory = directory
    let path = Paths.join(directory, "hunch.yaml")
    configuration = try Self.configuration(in: directory)
    workspacePath = Self.workspacePath(in: directory, workspace)
    let isCompiled = !configuration.rules.isEmpty
    if isCompiled || configuration.pack != nil {
      let known =
        isCompiled
        ? try Self.packs(configuration, in: directory, workspace: workspacePath, compilation)
        : packs
      let pack = try Self.pack(configuration.pack, of: known, areCompiled: isCompiled)
      do { try pack.validate() } catch { throw HunchError.rule(error) }
      if let labels = configuration.labels, labels != pack.labels {
        throw HunchError.labelsDiffer(pack: pack.labels, configured: labels)
      }
      self.pack = pack
      labels = pack.labels
    } else {
      guard let labels = configuration.labels else {
        throw HunchError.configurationMissingKey(
          path: path, key: "labels", reason: "without rules the classes must be named")
      }
      pack = nil
      self.labels = labels
    }
    for description in configuration.labelDescriptions where !labels.contains(description.label) {
      throw HunchError.configurationKey(
        path: path, line: description.line, key: description.label, section: "label_descriptions",
        known: labels)
    }
  }

  /// What the `hunch.yaml` of a folder says.
  package static func configuration(
    in directory: String
  ) throws(HunchError) -> ProjectConfiguration {
    try ConfigurationReader(path: Paths.join(directory, "hunch.yaml")).read()
  }

  /// The keys that `hunch.yaml` may have.
  package static var configurationKeys: [String] { ConfigurationReader.keys }

  /// The packs of the rule files that a configuration names, compiled if need be.
  package static func packs(
    _ configuration: ProjectConfiguration, in directory: String, workspace: String? = nil,
    _ compilation: RuleCompilation = RuleCompilation()
  ) throws -> [RulePack] {
    try RuleLibrary(
      files: RuleFiles.read(configuration, in: directory),
      store: OwnFiles.rules(ofWorkspace: workspacePath(in: directory, workspace)),
      compilation: compilation
    ).load().packs
  }

  private static func pack(
    _ name: String?, of known: [RulePack], areCompiled: Bool
  ) throws(HunchError) -> RulePack {
    let names = known.map(\.name)
    guard let name else {
      guard let pack = known.first, known.count == 1 else { throw .severalPacks(names) }
      return pack
    }
    guard let pack = known.first(where: { $0.name == name }) else {
      throw .unknownPack(name: name, known: names, areCompiled: areCompiled)
    }
    return pack
  }

  private static func workspacePath(in directory: String, _ path: String?) -> String {
    path ?? Paths.join(directory, "hunch.workspace")
  }

  /// A path of the configuration, relative to the project's folder unless absolute.
  public func resolve(_ path: String) -> String { Paths.join(directory, path) }
}

extension Project {
  /// The functions of each declared group by index.
  ///
  /// - Parameter names: The names of the project's functions, in order.
  /// - Throws: ``HunchError/unknownFunction(path:line:name:known:)``.
  func functionGroups(among names: [String]) throws(HunchError) -> [[Int]] {
    var groups: [[Int]] = []
    for group in configuration.functionGroups {
      var indices: [Int] = []
      for name in group.functions {
        guard let index = names.firstIndex(of: name) else {
          throw .unknownFunction(
            path: resolve("hunch.yaml"), line: group.line, name: name, known: names)
        }
        indices.append(index)
      }
      groups.append(indices.sorted())
    }
    return groups
  }
}
