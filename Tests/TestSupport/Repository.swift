package import Foundation

/// Where this repository and what lies beside it stand.
package enum Repository {
  /// The root of the repository.
  package static let root: URL = {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url
  }()

  /// Whether the tests were built with optimisation, without which those of models take minutes.
  package static let isOptimized: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()

  /// Numbers of random cases to compare with an oracle; without optimisation an eighth of them.
  package static func draws(_ count: Int) -> Range<Int> {
    0..<(isOptimized ? count : max(1, count / 8))
  }

  /// A shared data set, if this machine has it: in `HUNCH_SHARED`, or in the folder `shared` beside
  /// the repository.
  package static func sharedData(_ name: String) -> URL? {
    let named = ProcessInfo.processInfo.environment["HUNCH_SHARED"].map {
      URL(fileURLWithPath: $0)
    }
    let folder = named ?? root.deletingLastPathComponent().appendingPathComponent("shared")
    let url = folder.appendingPathComponent("data").appendingPathComponent(name)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }
}
