import Foundation

/// How a table is written down as text.
package enum TableFormat: String, Sendable, CaseIterable, Codable {
  /// Values separated by commas (RFC 4180).
  case csv
  /// Values separated by tabs, quoted where they need it.
  case tsv
  /// One JSON object per line, or an array of objects.
  case jsonl

  /// The format that a file's ending names; `nil` for any other ending.
  ///
  /// Known are `.csv`, `.tsv`, `.tab`, `.jsonl` and `.ndjson`, in any case.
  package init?(path: String) {
    switch (path as NSString).pathExtension.lowercased() {
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }

  /// The format of a file to be read: beside the endings of ``init(path:)`` also `.json`, which may
  /// hold one array of objects.
  init?(reading path: String) {
    let isJSON = (path as NSString).pathExtension.lowercased() == "json"
    guard let format = isJSON ? .jsonl : TableFormat(path: path) else { return nil }
    self = format
  }

  static let tab: UInt8 = 0x09

  /// The byte between two values of a file to be read.
  func delimiter(of stream: ByteStream) throws(TableError) -> UInt8 {
    self == .csv ? try Separator.find(stream) : Self.tab
  }

  /// The byte between two values of a line that is written; `nil` for JSONL.
  var delimiter: UInt8? {
    switch self {
    case .csv: 0x2C
    case .tsv: Self.tab
    case .jsonl: nil
    }
  }
}
