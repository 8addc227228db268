import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A terminal for a process, with the test at its keyboard.
final class PseudoTerminal {
  private let leader: Int32
  private let follower: Int32
  private(set) var shown = ""
  let process: Process

  /// Starts the binary at a new terminal.
  ///
  /// - Parameters:
  ///   - showsErrors: Whether standard error goes there too.
  ///   - variables: What the environment holds beside the test's.
  init(
    _ arguments: [String], in folder: Folder, showsErrors: Bool = false,
    _ variables: [String: String] = [:]
  ) throws {
    var (one, other): (Int32, Int32) = (-1, -1)
    try #require(openpty(&one, &other, nil, nil, nil) == 0)
    (leader, follower) = (one, other)
    process = try HunchBinary.process(arguments, in: folder)
    process.standardInput = FileHandle(fileDescriptor: follower, closeOnDealloc: false)
    process.standardOutput = FileHandle(fileDescriptor: follower, closeOnDealloc: false)
    if showsErrors {
      process.standardError = FileHandle(fileDescriptor: follower, closeOnDealloc: false)
    }
    process.environment?["TERM"] = "xterm"
    process.environment?.merge(variables) { $1 }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(leader)
    close(follower)
  }

  /// The flags that a program can change: input, output, control, local.
  var flags: [tcflag_t] {
    var settings = termios()
    guard tcgetattr(follower, &settings) == 0 else { return [] }
    return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag]
  }

  /// Whether lines are edited and shown, as at a shell.
  var isCooked: Bool {
    let local = flags.last ?? 0
    return local & tcflag_t(ICANON) != 0 && local & tcflag_t(ECHO) != 0
  }

  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = write(leader, bytes, bytes.count)
  }

  /// Reads what is shown until some text has come, from here on.
  @discardableResult
  func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    var new = ""
    let deadline = Date.now.addingTimeInterval(60)
    var pending: [UInt8] = []
    while !new.contains(text), Date.now < deadline {
      guard let bytes = available(100) else { break }
      pending += bytes
      new = String(decoding: pending, as: UTF8.self)
    }
    shown += new
    #expect(new.contains(text), "\(new)", sourceLocation: sourceLocation)
    return new
  }

  /// Waits for the end of the process and reads the rest.
  func end() -> Int32 {
    let deadline = Date.now.addingTimeInterval(60)
    while process.isRunning, Date.now < deadline {
      shown += String(decoding: available(50) ?? [], as: UTF8.self)
    }
    process.waitUntilExit()
    while let bytes = available(50), !bytes.isEmpty {
      shown += String(decoding: bytes, as: UTF8.self)
    }
    return process.terminationStatus
  }

  private func available(_ milliseconds: Int32) -> [UInt8]? {
    var descriptor = pollfd(fd: leader, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(leader, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
}
