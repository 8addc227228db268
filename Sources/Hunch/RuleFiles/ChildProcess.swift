package import Foundation

/// Runs other programs so that none is left behind.
package struct ChildProcess {
  /// Whether somebody asked to stop.
  let isStopped: () -> Bool
  /// What asks a program to stop: compilers may have been started with interrupts ignored.
  package var stopSignal: Int32 = SIGTERM

  /// What asks a run to stop at the next safe point.
  package static let interrupt: Int32 = SIGINT

  package init(isStopped: @escaping () -> Bool) { self.isStopped = isStopped }

  /// How a program ended.
  package enum End: Equatable {
    case status(Int32)
    /// It was ended because `isStopped` or because of `isOutdated`.
    case ended
  }

  /// Runs a program to its end, or until it is no longer wanted.
  ///
  /// - Parameters:
  ///   - output: Where both streams go; nil for this process's own.
  ///   - isOutdated: Asked every few milliseconds.
  package func run(
    _ words: [String], in folder: String? = nil, output: FileHandle? = nil,
    isOutdated: () -> Bool = { false }
  ) throws -> End {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    if let output { (process.standardOutput, process.standardError) = (output, output) }
    do {
      try process.run()
    } catch {
      throw HunchError.unreadable(path: words[0], problem: error.localizedDescription)
    }
    var checks = 0
    while process.isRunning {
      checks += 1
      // The outdated are looked for less often: that reads the status of many files.
      if isStopped() || checks % 20 == 0 && isOutdated() {
        end(process)
        return .ended
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
    return process.terminationReason == .exit ? .status(process.terminationStatus) : .ended
  }

  /// Asks a program to stop, then makes it.
  private func end(_ process: Process) {
    kill(process.processIdentifier, stopSignal)
    let patience = Date(timeIntervalSinceNow: 2)
    while process.isRunning, Date() < patience { Thread.sleep(forTimeInterval: 0.005) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// Runs a program and keeps what it prints.
  ///
  /// - Parameter file: A file to make, for what is printed.
  /// - Throws: ``HunchError/interrupted`` where it was ended.
  func capture(
    _ words: [String], in folder: String, file: String
  ) throws -> (status: Int32, output: String) {
    guard FileManager.default.createFile(atPath: file, contents: nil),
      let handle = FileHandle(forWritingAtPath: file)
    else { throw HunchError.cannotCreate(path: file, problem: String(cString: strerror(errno))) }
    let end = try run(words, in: folder, output: handle)
    try? handle.close()
    guard case .status(let status) = end else { throw HunchError.interrupted }
    let output = FileManager.default.contents(atPath: file) ?? Data()
    return (status, String(decoding: output, as: UTF8.self))
  }
}
