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
