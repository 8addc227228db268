/// The features of texts in the pieces in which they came.
///
/// A piece may be shared with whoever hashed it: adding it then costs no memory. Small ones are joined.
struct HashedPieces: Sendable {
  /// Pieces of up to so many features are joined.
  static let joined = 1 << 16

  private(set) var pieces: [HashedRows] = []
  /// The number of the first text of each piece.
  private var firsts: [Int] = []
  /// The number of texts.
  private(set) var count = 0
  /// The number of features of all texts.
  private(set) var features = 0
  /// The texts by their numbers in the pieces; empty where that is their order.
  private var order: [Int] = []

  /// Adds texts behind the others.
  mutating func append(_ rows: HashedRows) {
    precondition(order.isEmpty, "texts are in the order in which they came")
    if rows.count == 0 { return }
    if let last = pieces.last, last.packed.count + rows.packed.count <= Self.joined {
      for text in 0..<rows.count { pieces[pieces.count - 1].append(text, of: rows) }
    } else {
      firsts.append(count)
      pieces.append(rows)
    }
    count += rows.count
    features += rows.packed.count
  }

  /// The features of a text.
  ///
  /// - Complexity: O(log pieces).
  subscript(text: Int) -> ArraySlice<UInt32> {
    let (piece, row) = place(of: text)
    return pieces[piece].packed[pieces[piece].starts[row]..<pieces[piece].starts[row + 1]]
  }

  /// A hash of a text's n-grams and how often they occur.
  func hash(of text: Int) -> UInt64 {
    let (piece, row) = place(of: text)
    return pieces[piece].hash(of: row)
  }

  /// Some of the texts, in the order given.
  func picked(_ texts: [Int]) -> HashedPieces {
    var picked = HashedPieces()
    var rows = HashedRows()
    for text in texts {
      let (piece, row) = place(of: text)
      rows.append(row, of: pieces[piece])
      if rows.packed.count >= Self.joined {
        picked.append(rows)
        rows = HashedRows()
      }
    }
    picked.append(rows)
    return picked
  }

  /// Puts the texts into another order. None are added after that.
  mutating func reorder(_ order: [Int]) {
    precondition(self.order.isEmpty && order.count == count, "there is one order, of all texts")
    self.order = order
  }

  /// The piece of a text, and its row there.
  func place(of text: Int) -> (piece: Int, row: Int) {
    let text = order.isEmpty ? text : order[text]
    var (low, high) = (0, firsts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if firsts[middle] <= text { low = middle } else { high = middle - 1 }
    }
    return (low, text - firsts[low])
  }
}
