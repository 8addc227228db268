import Foundation
public import HunchLabeling

/// A folder with `hunch.yaml`, resolved against the rule packs of this binary.
public struct Project: Sendable {
  /// The folder, as given.
  public let directory: String

  /// What `hunch.yaml` says, with what the command line changed.
  public var configuration: ProjectConfiguration

  /// The rule pack that the configuration names.
  public let pack: RulePack?

  /// The classes, in order.
  public let labels: [String]

  /// The workspace file.
  public let workspacePath: String

  /// Opens a project and checks its configuration and its rules; reads no documents.
  ///
  /// - Parameters:
  ///   - directory: The folder that holds `hunch.yaml`.
  ///   - packs: The rule packs compiled into this binary.
  ///   - workspace: Another place for the workspace than `hunch.workspace` in the folder.
  /// - Throws: ``HunchError`` for a missing or wrong configuration or rule.
  public init(
    directory: String, packs: [RulePack], workspace: String? = nil
  ) throws(HunchError) {
    self.directory = directory
    let path = Self.join(directory, "hunch.yaml")
    configuration = try ConfigurationReader(path: path).read()
    if let name = configuration.rules {
      guard let pack = packs.first(where: { $0.name == name }) else {
        throw .unknownPack(name: name, known: packs.map(\.name))
      }
      do { try pack.validate() } catch { throw .rule(error) }
      if let labels = configuration.labels, labels != pack.labels {
        throw .labelsDiffer(pack: pack.labels, configured: labels)
      }
      self.pack = pack
      labels = pack.labels
    } else {
      guard let labels = configuration.labels else {
        throw .configurationMissingKey(
          path: path, key: "labels", reason: "without a rule pack the classes must be named")
      }
      pack = nil
      self.labels = labels
    }
    for description in configuration.labelDescriptions where !labels.contains(description.label) {
      throw .configurationKey(
        path: path, line: description.line, key: description.label, section: "label_descriptions",
        nearest: nearest(description.label, in: labels))
    }
    workspacePath = workspace ?? Self.join(directory, "hunch.workspace")
  }

  /// A path of the configuration, relative to the project's folder unless absolute.
  public func resolve(_ path: String) -> String { Self.join(directory, path) }

  private static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory == "." ? path : (directory as NSString).appendingPathComponent(path)
  }
}
