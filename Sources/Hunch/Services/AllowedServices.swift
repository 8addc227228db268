import Foundation

/// The origins that a user has allowed, one on a line of a file in the folder of the user's settings:
/// never in a project, which may be somebody else's.
package struct AllowedServices: Sendable {
  /// The file; nil where the environment names no folder for it.
  package let path: String?

  /// The file of the user that the environment describes: `$XDG_CONFIG_HOME/hunch/services`, else
  /// `~/.config/hunch/services`.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func folder(_ variable: String) -> String? {
      // A relative path would be one of the project.
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let settings = folder("XDG_CONFIG_HOME") ?? folder("HOME").map { $0 + "/.config" }
    path = settings.map { $0 + "/hunch/services" }
  }

  /// The origins in the file; lines that are none are passed over.
  package func origins() -> Set<ServiceOrigin> {
    guard let path, let data = FileManager.default.contents(atPath: path) else { return [] }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    return Set(lines.compactMap { ServiceOrigin($0.trimmingCharacters(in: .whitespaces)) })
  }

  /// Adds an origin. The file is replaced in one step and is readable for the user alone.
  ///
  /// - Throws: ``HunchError/cannotCreate(path:problem:)``.
  package func add(_ origin: ServiceOrigin) throws(HunchError) {
    guard let path else {
      throw .cannotCreate(path: "~/.config/hunch/services", problem: "HOME is not set")
    }
    let lines = origins().union([origin]).map(\.description).sorted()
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      let text = lines.joined(separator: "\n") + "\n"
      try ReplacedFile.write(Array(text.utf8), to: path, mode: 0o600)
    } catch let error as HunchError {
      throw error
    } catch {
      throw .cannotCreate(path: path, problem: error.localizedDescription)
    }
  }
}
