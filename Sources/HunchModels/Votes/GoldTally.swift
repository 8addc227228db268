/// Counts documents by pattern, group and gold class; only cells that occur take memory.
struct GoldTally: Sendable {
  // A cell is packed as pattern << 24 | group << 16 | class.
  private var cells: [UInt64] = []
  private var documents: [Int] = []
  private var table = [Int32](repeating: -1, count: 64)
  private var mask = 63

  /// The bytes that the cells take.
  var bytes: Int { 16 * cells.count + 4 * table.count }

  /// Counts one document.
  mutating func add(pattern: Int, group: UInt8, label: Int) {
    let cell = UInt64(pattern) << 24 | UInt64(group) << 16 | UInt64(label)
    var slot = place(of: cell)
    while table[slot] >= 0 {
      let index = Int(table[slot])
      if cells[index] == cell {
        documents[index] += 1
        return
      }
      slot = (slot + 1) & mask
    }
    table[slot] = Int32(cells.count)
    cells.append(cell)
    documents.append(1)
    if 2 * cells.count > mask { grow() }
  }

  /// The cells, ascending by pattern, group and class.
  func sorted() -> [GoldCell] {
    cells.indices.sorted { cells[$0] < cells[$1] }.map { index in
      GoldCell(
        documents: documents[index], pattern: Int32(cells[index] >> 24),
        label: Int16(truncatingIfNeeded: cells[index] & 0xFFFF),
        group: UInt8(truncatingIfNeeded: cells[index] >> 16))
    }
  }

  private func place(of cell: UInt64) -> Int {
    Int(truncatingIfNeeded: (cell &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  private mutating func grow() {
    mask = 2 * mask + 1
    table = [Int32](repeating: -1, count: mask + 1)
    for (index, cell) in cells.enumerated() {
      var slot = place(of: cell)
      while table[slot] >= 0 { slot = (slot + 1) & mask }
      table[slot] = Int32(index)
    }
  }
}
