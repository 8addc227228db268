import HunchModels

/// A document's key in the corpus.
package enum DocumentID: Sendable, Hashable, CustomStringConvertible {
  case integer(Int64)
  case text(String)

  /// The id as it appears in tables and files.
  package var description: String {
    switch self {
    case .integer(let value): String(value)
    case .text(let value): value
    }
  }

  /// The document's place in the order in which documents are learned from: the same wherever it stands
  /// in the corpus.
  var rank: UInt64 {
    switch self {
    case .integer(let value): VisitingOrder.hash(Int(value))
    case .text(let text): UInt64(truncatingIfNeeded: StableHash.hash(text) >> 64)
    }
  }

  /// The document's place in the order in which a sample is drawn.
  func rank(seed: UInt64) -> UInt64 {
    let salt = VisitingOrder.hash(Int(truncatingIfNeeded: seed))
    return VisitingOrder.hash(Int(truncatingIfNeeded: rank ^ salt))
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
