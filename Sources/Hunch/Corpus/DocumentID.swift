/// A document's key in the corpus.
public enum DocumentID: Sendable, Hashable, CustomStringConvertible {
  case integer(Int64)
  case text(String)

  /// The id as it appears in tables and files.
  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .text(let value): value
    }
  }

  /// An id without blanks around it and, for a whole number, without the fraction of zero that data
  /// frames write; nil where it is written so already.
  static func plain(_ id: String) -> String? {
    let text = id.trimmed
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].utf8.allSatisfy({ $0 == UInt8(ascii: "0") }),
      let number = Int64(parts[0]), String(number) == parts[0]
    {
      return String(number)
    }
    return text == id ? nil : text
  }
}

/// Which part of the work a document serves.
public enum Split: UInt8, Sendable, CaseIterable, Codable {
  case train, valid, test

  /// The splits whose gold labels may be looked at while functions are written, the one for it
  /// first: development labels.
  static let development: [Split] = [.valid, .train]

  /// The word in files and tables.
  public var name: String {
    switch self {
    case .train: "train"
    case .valid: "valid"
    case .test: "test"
    }
  }

  /// The split that a word means.
  public init?(named name: String) {
    guard let split = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = split
  }
}
