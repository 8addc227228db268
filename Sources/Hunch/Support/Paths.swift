import Foundation

/// Paths as a configuration writes them.
package enum Paths {
  /// A path relative to a folder, unless it is absolute.
  package static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory == "." ? path : (directory as NSString).appendingPathComponent(path)
  }

  /// Whether a path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
