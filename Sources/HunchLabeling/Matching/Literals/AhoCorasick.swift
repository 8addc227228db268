package import HunchText

/// How large the transition table of an automaton may be, in bytes.
package struct TableLimits: Sendable {
  /// The largest table that has a row for every state.
  package var dense: Int

  /// The size of the table if not every state has a row; the root always has one.
  package var sparse: Int

  /// Creates limits; the defaults keep the table, or the part of it in use, in the caches.
  package init(dense: Int = 8 << 20, sparse: Int = 1 << 20) {
    self.dense = dense
    self.sparse = sparse
  }
}

/// Finds every occurrence of many byte strings in one pass over a text (Aho and Corasick,
/// "Efficient string matching", 1975).
///
/// States are numbered breadth first, so the failure link of a state leads to a smaller number,
/// the children of a state have consecutive numbers, and the edge into state `s` needs no target:
/// its byte is `labels[s]`. The first states, those nearest to the root, where a scan spends
/// nearly all its time, have a row of the transition table, one column per class of bytes that no
/// string tells apart. If the table of all states stays below the limit, every state has a row
/// and the scan is one look-up per byte; otherwise the deeper states follow edges and failure
/// links until they meet a state that has a row.
package struct AhoCorasick: Sendable {
  /// The byte on the edge into each state; the root's is meaningless.
  private(set) var labels: [UInt8] = [0]

  /// The first child of each state, and at last the number of states.
  private(set) var firstChild: [Int32] = []

  /// The state of the longest proper suffix that is also a prefix of some string.
  private(set) var failures: [Int32] = [0]

  /// The nearest state on the way of failure links at which a string ends, or -1.
  private(set) var suffixLinks: [Int32] = [-1]

  /// The index of each state's first output, and at last the number of outputs.
  private(set) var outputStarts: [Int32] = [0]

  /// The strings that end at each state.
  private(set) var outputs: [Int32] = []

  /// One bit per state: whether a string ends there. Much smaller than the links and outputs that
  /// say which, so a scan that seldom finds anything keeps it in the cache.
  private var endings: [UInt64] = []

  /// The column of the transition table for each byte.
  private(set) var classes: [UInt8] = []

  /// The number of columns.
  private(set) var classCount = 0

  /// How many states, from the root on, have a row.
  private(set) var rowCount = 0

  /// What a state's number is multiplied by in the table: the length of a row if all states have
  /// one, else 1.
  private(set) var scale = 1

  /// The next state for each row and class; the complement (`~`) of it if a string ends there.
  private(set) var table: [Int32] = []

  /// The number of states, the root included.
  package var stateCount: Int { labels.count }

  /// Whether every state has a row of the transition table.
  package var isDense: Bool { rowCount == stateCount }

  /// The bytes that the automaton occupies.
  package var memory: Int {
    labels.count + classes.count
      + 4 * (firstChild.count + failures.count + suffixLinks.count + outputStarts.count)
      + 4 * (outputs.count + table.count) + 8 * endings.count
  }

  /// Builds the automaton of some strings, none of them empty; equal ones are all reported.
  ///
  /// - Parameters:
  ///   - strings: One string per document of the batch.
  ///   - limits: How large the transition table may be.
  /// - Complexity: O(bytes × log strings).
  package init(_ strings: TextBatch, limits: TableLimits = TableLimits()) {
    buildTrie(strings)
    linkStates()
    assignClasses()
    let wanted = stateCount * classCount * 4
    rowCount =
      wanted <= min(limits.dense, Int(Int32.max)) ? stateCount : limits.sparse / (classCount * 4)
    rowCount = min(max(rowCount, 1), stateCount)
    scale = isDense ? classCount : 1
    fillTable()
  }

  // MARK: - Building

  /// The strings that share the prefix a state stands for.
  private struct Group {
    var lower: Int32
    var upper: Int32
    var depth: Int32
  }

  /// Numbers the states breadth first: each is a run of the sorted strings, split by next byte.
  private mutating func buildTrie(_ strings: TextBatch) {
    let bytes = strings.bytes
    let offsets = strings.offsets
    let order = Self.sorted(strings)
    var groups = [Group(lower: 0, upper: Int32(order.count), depth: 0)]
    var state = 0
    while state < groups.count {
      let group = groups[state]
      var index = Int(group.lower)
      let upper = Int(group.upper)
      let depth = Int(group.depth)
      firstChild.append(Int32(groups.count))
      while index < upper {
        let string = Int(order[index])
        guard offsets[string] + depth == offsets[string + 1] else { break }
        outputs.append(Int32(string))
        index += 1
      }
      outputStarts.append(Int32(outputs.count))
      while index < upper {
        let byte = bytes[offsets[Int(order[index])] + depth]
        let lower = index
        repeat {
          index += 1
        } while index < upper
          && bytes[offsets[Int(order[index])] + depth] == byte
        groups.append(Group(lower: Int32(lower), upper: Int32(index), depth: group.depth + 1))
        labels.append(byte)
      }
      state += 1
    }
    firstChild.append(Int32(groups.count))
  }

  /// The strings in the order of their bytes, a prefix before what it begins, equal ones in the
  /// order given.
  private static func sorted(_ strings: TextBatch) -> [Int32] {
    let bytes = strings.bytes
    let offsets = strings.offsets
    // The first eight bytes decide nearly every comparison and are next to the index.
    let keyed = (0..<strings.count).map { string -> (key: UInt64, string: Int32) in
      var key: UInt64 = 0
      for position in offsets[string]..<(offsets[string] + 8) {
        key = key << 8 | (position < offsets[string + 1] ? UInt64(bytes[position]) : 0)
      }
      return (key, Int32(string))
    }
    let order = keyed.sorted { left, right in
      if left.key != right.key { return left.key < right.key }
      let leftBytes = bytes[offsets[Int(left.string)]..<offsets[Int(left.string) + 1]]
      let rightBytes = bytes[offsets[Int(right.string)]..<offsets[Int(right.string) + 1]]
      if leftBytes.elementsEqual(rightBytes) { return left.string < right.string }
      return leftBytes.lexicographicallyPrecedes(rightBytes)
    }
    return order.map(\.string)
  }

  /// Sets failure and suffix links, which lead to states nearer to the root.
  private mutating func linkStates() {
    failures = [Int32](repeating: 0, count: stateCount)
    suffixLinks = [Int32](repeating: -1, count: stateCount)
    endings = [UInt64](repeating: 0, count: (stateCount + 63) / 64)
    for parent in 0..<stateCount {
      for child in Int(firstChild[parent])..<Int(firstChild[parent + 1]) {
        let failure = parent == 0 ? 0 : next(from: Int(failures[parent]), labels[child])
        failures[child] = Int32(failure)
        suffixLinks[child] = hasOwnOutput(failure) ? Int32(failure) : suffixLinks[failure]
        if hasOwnOutput(child) || suffixLinks[child] >= 0 {
          endings[child / 64] |= 1 << UInt64(child % 64)
        }
      }
    }
  }

  /// The state after a byte, by edges and failure links alone.
  private func next(from start: Int, _ byte: UInt8) -> Int {
    var state = start
    while true {
      if let child = child(of: state, byte) { return child }
      if state == 0 { return 0 }
      state = Int(failures[state])
    }
  }

  func child(of state: Int, _ byte: UInt8) -> Int? {
    var lower = Int(firstChild[state])
    var upper = Int(firstChild[state + 1])
    while lower < upper {
      let middle = (lower + upper) / 2
      if labels[middle] == byte { return middle }
      if labels[middle] < byte { lower = middle + 1 } else { upper = middle }
    }
    return nil
  }

  /// Gives every byte that occurs in a string a class; class 0 holds all others, if any.
  private mutating func assignClasses() {
    var isUsed = [Bool](repeating: false, count: 256)
    for label in labels.dropFirst() { isUsed[Int(label)] = true }
    classCount = isUsed.contains(false) ? 1 : 0
    classes = [UInt8](repeating: 0, count: 256)
    for byte in 0..<256 where isUsed[byte] {
      classes[byte] = UInt8(classCount)
      classCount += 1
    }
  }

  private mutating func fillTable() {
    table = [Int32](repeating: 0, count: rowCount * classCount)
    for state in 0..<rowCount {
      let row = state * classCount
      if state > 0 {
        let failureRow = Int(failures[state]) * classCount
        for column in 0..<classCount { table[row + column] = table[failureRow + column] }
      }
      for child in Int(firstChild[state])..<Int(firstChild[state + 1]) {
        let target = Int32(child * scale)
        table[row + Int(classes[Int(labels[child])])] = hasOutput(child) ? ~target : target
      }
    }
  }

  private func hasOwnOutput(_ state: Int) -> Bool {
    outputStarts[state] < outputStarts[state + 1]
  }

  /// Whether a string ends at this state, be it a suffix of the one the state stands for.
  func hasOutput(_ state: Int) -> Bool {
    endings[state / 64] & 1 << UInt64(state % 64) != 0
  }
}
