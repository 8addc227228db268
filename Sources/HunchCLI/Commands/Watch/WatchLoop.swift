import ArgumentParser
import Foundation
import Hunch

/// Waits for files to change and does a run.
///
/// The run is a process of its own: it compiles and loads the rules as they then stand, can fall
/// without the watch, and ends at once when files change again.
struct WatchLoop {
  /// How often files are looked at, in seconds, and how long they must be at rest.
  static let interval = 0.05
  static let rest = 0.03

  let options: ProjectOptions
  /// The words behind the program's name that do a run.
  let words: [String]
  let style: Style
  let isStopped: () -> Bool
  let executable: String

  func run() throws -> Never {
    let directory = options.directory
    var configuration = try Project.configuration(in: directory)
    var files = WatchedFiles(WatchedFiles.paths(configuration, in: directory))
    try say("watching \(directory); Ctrl-C ends")
    while true {
      try runOnce(files)
      try wait(for: files)
      try say(Self.names(files.takeChanges()) + " changed")
      // Of a file that cannot be read the run says what is wrong with it.
      configuration = (try? Project.configuration(in: directory)) ?? configuration
      files.watch(WatchedFiles.paths(configuration, in: directory))
      _ = files.takeChanges()
    }
  }

  private static func names(_ paths: [String]) -> String {
    let names = paths.map { ($0 as NSString).lastPathComponent }
    return names.count <= 3 ? names.joined(separator: ", ") : "\(names.count) files"
  }

  /// Does a run to its end, or until files change.
  private func runOnce(_ files: WatchedFiles) throws {
    var child = ChildProcess(isStopped: isStopped)
    child.stopSignal = ChildProcess.interrupt
    _ = try child.run([executable] + words) { files.isChanged }
    try stopIfAsked()
  }

  /// Waits until files have changed and are at rest.
  private func wait(for files: WatchedFiles) throws {
    while !files.isChanged {
      try stopIfAsked()
      Thread.sleep(forTimeInterval: Self.interval)
    }
    var latest = files
    while !latest.takeChanges().isEmpty { Thread.sleep(forTimeInterval: Self.rest) }
  }

  private func stopIfAsked() throws {
    if isStopped() { throw ExitCode(ExitStatus.interrupted.rawValue) }
  }

  private func say(_ text: String) throws {
    let lines = ReportText(style: style).wrapped("— \(text)", indent: 2)
    try Console.output(style.paint(String(lines.dropLast()), .faint) + "\n")
  }
}
