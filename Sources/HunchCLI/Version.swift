import Hunch
import Synchronization

/// What `hunch --version` says, for example `hunch 0.2.0 (3f2a1bc, Swift 6.3.1)`.
enum Version {
  static let number = "0.2.0"

  /// The commit of which the program was built; empty if it was not told.
  static let commit = Mutex("")

  static var line: String {
    let swift = (try? SwiftToolchain.ofThisProgram())?.version?.split(separator: " ").first
    let details = [commit.withLock { $0 }, swift.map { "Swift \($0)" } ?? ""]
      .filter { !$0.isEmpty }
    return "hunch \(number)" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
  }
}
