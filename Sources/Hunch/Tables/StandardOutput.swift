import Foundation

extension TableError {
  /// What a failure to write to standard output means: its reader has gone, or something is wrong.
  package static func standardOutput(_ error: any Error) -> TableError {
    // The error that Foundation throws keeps the system's own beneath it.
    let thrown = error as NSError
    let code = (thrown.userInfo[NSUnderlyingErrorKey] as? NSError ?? thrown).code
    if code == Int(EPIPE) { return .brokenPipe(path: "standard output") }
    return .unwritable(
      path: "standard output", problem: SystemError.text(Int32(truncatingIfNeeded: code)))
  }
}
