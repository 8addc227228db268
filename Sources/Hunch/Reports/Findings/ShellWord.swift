/// Words of commands that people paste into a shell.
package enum ShellWord {
  /// The word as a shell takes it for one, in quotes where it needs them.
  package static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty && !word.hasPrefix("-")
      && word.utf8.allSatisfy { byte in
        byte == 0x2F || byte == 0x2E || byte == 0x5F || byte == 0x2D
          || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
