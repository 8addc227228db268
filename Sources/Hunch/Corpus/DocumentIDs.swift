/// The ids of a chunk's documents.
///
/// Nearly always they are integers, which then take no more room, and no more time to be copied and
/// freed, than integers do.
struct DocumentIDs: RandomAccessCollection, Sendable {
  /// One number for each id, 0 for a text.
  private var numbers: [Int64] = []
  /// For each id its text, `nil` for an integer; empty where all ids are integers.
  private var texts: [String?] = []

  var startIndex: Int { 0 }
  var endIndex: Int { numbers.count }

  /// The ids where all of them are integers, else `nil`.
  var integers: [Int64]? { texts.isEmpty ? numbers : nil }

  subscript(position: Int) -> DocumentID {
    if !texts.isEmpty, let text = texts[position] { return .text(text) }
    return .integer(numbers[position])
  }

  mutating func append(_ id: Int64) {
    numbers.append(id)
    if !texts.isEmpty { texts.append(nil) }
  }

  mutating func append(_ id: String) {
    if texts.isEmpty { texts = Array(repeating: nil, count: numbers.count) }
    numbers.append(0)
    texts.append(id)
  }
}
