import Foundation
import Hunch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes single keys from the terminal, which it gives back as it was.
///
/// However the process ends, short of SIGKILL and a crash: the settings are restored by
/// ``restore()`` and, should nobody come to call that, by `exit`.
enum RawTerminal {
  private static let original = Mutex<termios?>(nil)

  /// Switches line editing, echo and the keys that send signals off.
  ///
  /// - Returns: Whether standard input is a terminal that does so.
  static func begin() -> Bool {
    var settings = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return false }
    let isFirst = original.withLock { original in
      defer { if original == nil { original = settings } }
      return original == nil
    }
    if isFirst { atexit { RawTerminal.restore() } }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
    return tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0
  }

  /// Restores the settings, if they were changed.
  static func restore() {
    original.withLock { original in
      guard var settings = original else { return }
      _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      original = nil
    }
  }
}

/// Keys, one after another: as they are pressed, or, where standard input is no terminal, each on a
/// line of its own.
struct KeyInput {
  /// What came in.
  enum Input: Equatable {
    case key(Character)
    /// Ctrl-C.
    case interrupt
    /// Ctrl-D, the end of the input, or a signal that asks for the end.
    case end
  }

  /// Whether keys are read as they are pressed.
  let isRaw: Bool
  /// Asked a few times a second whether to stop.
  let isStopped: () -> Bool
  /// The line of the last key; 0 on a terminal.
  private(set) var line = 0

  /// Whether the last key was the last one of its line; true on a terminal, which has no lines.
  var isLineRead: Bool { keys.isEmpty }

  private var bytes: [UInt8] = []
  private var keys: [Character] = []

  init(isRaw: Bool, isStopped: @escaping () -> Bool) {
    self.isRaw = isRaw
    self.isStopped = isStopped
  }

  /// Waits for the next key.
  mutating func next() -> Input {
    isRaw ? nextPressed() : nextPiped()
  }

  /// The keys of the next line; an empty one, as Enter alone makes, is none.
  private mutating func nextPiped() -> Input {
    while keys.isEmpty {
      var read: [UInt8] = []
      var isOver = false
      while true {
        guard let byte = nextByte() else {
          isOver = true
          break
        }
        if byte == 0x0A { break }
        read.append(byte)
      }
      // A line that a signal cut short is no answer.
      if isOver, read.isEmpty || isStopped() { return .end }
      line += 1
      let text = String(decoding: read, as: UTF8.self)
      // A space is a key, white space around others is not.
      keys = text == " " ? [" "] : text.filter { !$0.isWhitespace }.reversed()
    }
    return .key(keys.removeLast())
  }

  private mutating func nextPressed() -> Input {
    while true {
      guard let byte = nextByte() else { return .end }
      switch byte {
      case 0x03: return .interrupt
      case 0x04: return .end
      case 0x1B: skipSequence()
      case 0x20..<0x7F: return .key(Character(Unicode.Scalar(byte)))
      case 0xC2...:
        skipContinuation()
        return .key("\u{FFFD}")
      default: continue
      }
    }
  }

  /// Reads over what an arrow or another key without a letter sends.
  private mutating func skipSequence() {
    guard hasByte(within: 30), let first = nextByte(), first == 0x5B || first == 0x4F else {
      return
    }
    while hasByte(within: 30), let byte = nextByte() {
      if (0x40...0x7E).contains(byte) { return }
    }
  }

  /// Reads over the rest of a letter that is not ASCII.
  private mutating func skipContinuation() {
    while hasByte(within: 30), let byte = nextByte() {
      if byte & 0xC0 != 0x80 {
        bytes.insert(byte, at: 0)
        return
      }
    }
  }

  private func hasByte(within milliseconds: Int32) -> Bool {
    if !bytes.isEmpty { return true }
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds) > 0
  }

  /// The next byte; `nil` at the end or when asked to stop.
  private mutating func nextByte() -> UInt8? {
    while bytes.isEmpty {
      if isStopped() { return nil }
      if !hasByte(within: 100) { continue }
      var buffer = [UInt8](repeating: 0, count: isRaw ? 64 : 4096)
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      if count <= 0 { return nil }
      bytes = Array(buffer.prefix(count))
    }
    return bytes.removeFirst()
  }
}
