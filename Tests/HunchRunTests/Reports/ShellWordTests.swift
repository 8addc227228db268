import Foundation
import Hunch
import Testing

/// Words of commands, read back by a shell.
@Suite struct ShellWordTests {
  @Test func aShellReadsWhatWasMeant() throws {
    let words = [
      "plain_1.2/x", "my dir", "a'b", "x; echo no", "$HOME", "-n", "", "né", "a\nb", "`id`",
    ]
    for word in words {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "printf -- %s \(ShellWord.quoted(word))"]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(String(decoding: data, as: UTF8.self) == word)
    }
    #expect(ShellWord.quoted("plain_1.2/x") == "plain_1.2/x")
  }
}
