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

  /// Of the strings, those that count only where no ASCII word character follows.
  private let endsWord: [Bool]

  /// The column of the transition table for each byte.
  private(set) var classes: [UInt8] = []

  private(set) var classCount = 0

  /// The state before the first byte of a document.
  private(set) var start = 0

  /// How many states, from the root on, have a row.
  private(set) var rowCount = 0

  /// For each row and class the next state, and in the lowest bits what there is to report, an
  /// ``Ending``.
  ///
  /// If every state has a row, a state is given as the index of its row, and behind the classes a
  /// row holds the state's number. Strings that end a word are then reported
  /// not when their last byte is read but at the byte behind it, if that is no ASCII word
  /// character: the "i" in "is" costs nothing. Otherwise every string is reported at its end.
  /// A step over a byte that a mark follows (see ``MarkedStrings``) includes the mark; one over a
  /// mark alone, which separates documents, leads to the start.
  private(set) var table: [Int32] = []

  /// The number of states, the root included.
  package var stateCount: Int { labels.count }

  /// Whether every state has a row of the transition table.
  package var isDense: Bool { rowCount == stateCount }

  package var memory: Int {
    labels.count + classes.count
      + 4 * (firstChild.count + failures.count + suffixLinks.count + outputStarts.count)
      + 4 * (outputs.count + table.count) + 8 * endings.count + endsWord.count
  }

  /// Builds the automaton of some strings, none of them empty; equal ones are all reported.
  ///
  /// - Parameters:
  ///   - strings: One string per document of the batch.
  ///   - startsWord: For each string, whether it begins with an ASCII word character and is to be
  ///     left out where another stands before it; none if empty.
  ///   - endsWord: For each string, whether it ends with a word character and may be left out where
  ///     an ASCII word character follows; none if empty.
  ///   - limits: How large the transition table may be.
  /// - Complexity: O(bytes × log strings).
  package init(
    _ strings: TextBatch, startsWord: [Bool] = [], endsWord: [Bool] = [],
    limits: TableLimits = TableLimits()
  ) {
    self.endsWord = endsWord.isEmpty ? Array(repeating: false, count: strings.count) : endsWord
    buildTrie(MarkedStrings(strings, startsWord: startsWord))
    linkStates()
    assignClasses()
    start = next(from: 0, MarkedStrings.mark)
    let wanted = stateCount * (classCount + Self.rowTail) * 4
    rowCount =
      wanted <= min(limits.dense, Int(Int32.max)) ? stateCount : limits.sparse / (classCount * 4)
    rowCount = min(max(rowCount, 1), stateCount)
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
  private mutating func buildTrie(_ strings: MarkedStrings) {
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
  private static func sorted(_ strings: MarkedStrings) -> [Int32] {
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

  /// Gives every byte that occurs in a string a class; the others have few in common.
  private mutating func assignClasses() {
    var isUsed = [Bool](repeating: false, count: 256)
    for label in labels.dropFirst() { isUsed[Int(label)] = true }
    isUsed[Int(MarkedStrings.mark)] = true
    classes = [UInt8](repeating: 0, count: 256)
    classCount = 0
    // Bytes that no string tells apart: word characters, bytes that a mark follows, lead bytes.
    let kinds: [(UInt8) -> Bool] = [
      Self.isWord, MarkedStrings.isMarked, { !Self.isWord($0) && !MarkedStrings.isMarked($0) },
    ]
    for isOfKind in kinds {
      let others = (0..<256).filter { isOfKind(UInt8($0)) && !isUsed[$0] }
      for byte in others { classes[byte] = UInt8(classCount) }
      if !others.isEmpty { classCount += 1 }
    }
    for byte in 0..<256 where isUsed[byte] {
      classes[byte] = UInt8(classCount)
      classCount += 1
    }
  }

  /// Whether a byte is an ASCII letter, digit or underscore.
  static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
  }

  /// What a step has to report, as bits.
  enum Ending {
    /// Something.
    static let any: Int32 = 1
    /// Of the state that it leads to, strings that count wherever they end.
    static let anywhere: Int32 = 2
    /// Of the state that it comes from, strings that count only before something else than an ASCII
    /// word character.
    static let beforeNonword: Int32 = 4
    /// The number of bits.
    static let width = 3
  }

  /// How many numbers stand behind the classes in a row of a dense table.
  static let rowTail = 1

  private mutating func fillTable() {
    let length = isDense ? classCount + Self.rowTail : classCount
    table = [Int32](repeating: 0, count: rowCount * length)
    for state in 0..<rowCount {
      let row = state * length
      if state > 0 {
        let failureRow = Int(failures[state]) * length
        for column in 0..<classCount { table[row + column] = table[failureRow + column] }
      }
      for child in Int(firstChild[state])..<Int(firstChild[state + 1]) {
        let column = row + Int(classes[Int(labels[child])])
        table[column] = Int32(isDense ? child * length : child)
      }
    }
    takeMarks(length)
    isDense ? markDenseRows(length) : markRows()
  }

  /// Lets every step over a byte that a mark follows take the mark as well.
  private mutating func takeMarks(_ length: Int) {
    let mark = Int(classes[Int(MarkedStrings.mark)])
    var isMarked = [Bool](repeating: false, count: classCount)
    for byte in 0..<256 where MarkedStrings.isMarked(UInt8(byte)) {
      isMarked[Int(classes[byte])] = true
    }
    isMarked[mark] = false
    for row in stride(from: 0, to: rowCount * length, by: length) {
      for column in 0..<classCount where isMarked[column] {
        let target = Int(table[row + column]) / (isDense ? length : 1)
        let marked = next(from: target, MarkedStrings.mark)
        table[row + column] = Int32(isDense ? marked * length : marked)
      }
    }
  }

  private mutating func markRows() {
    for index in table.indices {
      let ending = hasOutput(Int(table[index])) ? Ending.any : 0
      table[index] = table[index] << Ending.width | ending
    }
  }

  private mutating func markDenseRows(_ length: Int) {
    let endings = (0..<stateCount).map(ending)
    var isNonword = [Bool](repeating: false, count: classCount)
    for byte in 0..<256 where !Self.isWord(UInt8(byte)) { isNonword[Int(classes[byte])] = true }
    for state in 0..<stateCount {
      let row = state * length
      for column in 0..<classCount {
        let target = table[row + column]
        var ending = endings[Int(target) / length] & Ending.anywhere
        if isNonword[column] { ending |= endings[state] & Ending.beforeNonword }
        if ending != 0 { ending |= Ending.any }
        table[row + column] = target << Ending.width | ending
      }
      table[row + classCount] = Int32(state)
    }
  }

  private func ending(of state: Int) -> Int32 {
    var ending: Int32 = 0
    var state = hasOutput(state) ? Int32(state) : -1
    while state >= 0 {
      for output in outputs(of: Int(state)) {
        ending |= endsWord[Int(outputs[output])] ? Ending.beforeNonword : Ending.anywhere
      }
      state = suffixLinks[Int(state)]
    }
    return ending
  }

  private func hasOwnOutput(_ state: Int) -> Bool {
    outputStarts[state] < outputStarts[state + 1]
  }

  /// Whether a string ends at this state, be it a suffix of the one the state stands for.
  func hasOutput(_ state: Int) -> Bool {
    endings[state / 64] & 1 << UInt64(state % 64) != 0
  }
}

/// Strings with a mark behind every byte behind which a word may begin.
///
/// A string that begins a word has a mark in front. In a text every such byte is followed by a mark
/// as well, and the text begins with one; no string and no text ever shows them. So a whole word is
/// not even begun inside another: of "i" nothing is noticed in "think". A word character beyond
/// ASCII may be before a mark, which whoever reads the outputs has to look at.
struct MarkedStrings {
  /// Occurs in no UTF-8.
  static let mark: UInt8 = 0xFF

  private(set) var bytes: [UInt8] = []
  private(set) var offsets: [Int] = [0]

  var count: Int { offsets.count - 1 }

  init(_ strings: TextBatch, startsWord: [Bool]) {
    bytes.reserveCapacity(strings.bytes.count + strings.bytes.count / 4)
    for string in 0..<strings.count {
      if !startsWord.isEmpty, startsWord[string] { bytes.append(Self.mark) }
      for byte in strings.bytes[strings.range(at: string)] {
        bytes.append(byte)
        if Self.isMarked(byte) { bytes.append(Self.mark) }
      }
      offsets.append(bytes.count)
    }
  }

  /// Whether a byte is the last of a character other than an ASCII letter, digit or underscore, or,
  /// beyond ASCII, may be.
  static func isMarked(_ byte: UInt8) -> Bool { byte < 0xC0 && !AhoCorasick.isWord(byte) }
}
