import Foundation

/// What a corpus file looks like from outside, so that a run need not read a corpus that nobody
/// has written since the last one.
///
/// SQLite changes the file, or the write-ahead log beside it, with every commit, and the system
/// notes size, time of change and identity of both. The times have a granularity, so a file that
/// was changed in the last seconds has no signature: another change might look the same (git calls
/// such entries racy). Nor has one beside which a rollback journal lies. Where the path is a symbolic
/// link, log and journal lie beside the file that it leads to.
///
/// A signature is taken after a read transaction has begun. If it equals the one of an earlier
/// read, both see the same content: a commit in between would have changed it, and one after the
/// transaction began is not seen.
enum CorpusSignature {
  /// How long a file must have been at rest, in seconds; no file system's clock is coarser.
  static let rest = 3.0

  /// The signature of the file as it stands, `nil` where it cannot be relied on.
  static func of(_ path: String, now: Date) -> String? {
    if FileManager.default.fileExists(atPath: DatabaseFiles.journal(of: path)) { return nil }
    var parts: [String] = []
    for name in [path, DatabaseFiles.log(of: path)] {
      let status = FileStatus(path: name)
      // Opening a file with a write-ahead log makes an empty one, which says nothing.
      guard let status, name == path || status.size > 0 else {
        if name == path { return nil }
        parts.append("none")
        continue
      }
      if now.timeIntervalSince1970 - status.lastChange < rest { return nil }
      parts.append(status.description)
    }
    return parts.joined(separator: " ")
  }
}
