import Foundation
import TestSupport
import Testing

/// Headless Chromium, where the machine has one.
enum Browser {
  /// Where it stands; `nil` where there is none, and tests that need it are skipped.
  static let path: String? = {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// What a page became.
  struct Page {
    /// The document as it stands after loading.
    var document: String
    /// What was written to the console.
    var console: [String]
  }

  /// Loads a file and waits until it is quiet.
  ///
  /// - Parameters:
  ///   - name: The file's name in the folder.
  ///   - options: Further options of the browser.
  static func load(_ name: String, in folder: Folder, options: [String] = []) throws -> Page {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-extensions", "--enable-logging=stderr", "--log-level=0",
        "--window-size=1300,900", "--user-data-dir=\(folder.path(".browser"))",
      ] + options + ["--dump-dom", "file://\(folder.path(name))"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: try folder.write(".dom", ""))
    process.standardError = FileHandle(forWritingAtPath: try folder.write(".console", ""))
    try process.run()
    process.waitUntilExit()
    return Page(
      document: try folder.text(".dom"),
      console: try folder.text(".console").split(separator: "\n").map(String.init)
        .filter { $0.contains("CONSOLE") })
  }
}
