import Foundation

/// How a table is written down as text.
public enum TableFormat: String, Sendable, CaseIterable, Codable {
  /// Values separated by commas (RFC 4180).
  case csv
  /// Values separated by tabs, quoted like CSV where they begin with a quote.
  case tsv
  /// One JSON object per line.
  case jsonl

  /// The format that a file's ending names; `nil` for any other ending.
  ///
  /// Known are `.csv`, `.tsv`, `.tab`, `.jsonl` and `.ndjson`, in any case.
  public init?(path: String) {
    switch (path as NSString).pathExtension.lowercased() {
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }

  /// The byte between two values of a line; `nil` for JSONL.
  var delimiter: UInt8? {
    switch self {
    case .csv: 0x2C
    case .tsv: 0x09
    case .jsonl: nil
    }
  }
}
