/// Spilled patterns in a file, each once, ascending by hash and, for equal hashes, by the bytes of
/// their entries.
struct PatternRun: Sendable {
  /// A part of the file that is read at once.
  struct Extent: Sendable {
    var offset: Int
    var length: Int
    var patterns: Int
  }

  let file: any SpillFile
  var extents: [Extent] = []

  var count: Int { extents.reduce(0) { $0 + $1.patterns } }
}

/// Appends runs to one file.
struct PatternRunWriter {
  /// An extent ends with the record that brings it to so many bytes.
  private static let extentBytes = 1 << 18

  private let file: any SpillFile
  private var size = 0
  private var run: PatternRun
  private(set) var buffer: [UInt8] = []
  private var patterns = 0

  init(_ file: any SpillFile) {
    self.file = file
    run = PatternRun(file: file)
  }

  /// Adds a record to the run that is being written.
  ///
  /// - Returns: Whether an extent was written.
  @discardableResult
  mutating func append(
    hash: UInt64, entries: some Collection<UInt8>, tallies: some Collection<UInt8>
  ) throws -> Bool {
    PatternRecord.append(hash: hash, entries: entries, tallies: tallies, to: &buffer)
    patterns += 1
    guard buffer.count >= Self.extentBytes || patterns == PatternBlock.mostPatterns else {
      return false
    }
    try flush()
    return true
  }

  /// Ends the run; the next record begins another.
  mutating func finishRun() throws -> PatternRun {
    try flush()
    defer { run = PatternRun(file: file) }
    return run
  }

  private mutating func flush() throws {
    if patterns == 0 { return }
    try file.append(buffer)
    run.extents.append(.init(offset: size, length: buffer.count, patterns: patterns))
    size += buffer.count
    buffer.removeAll(keepingCapacity: true)
    patterns = 0
  }
}

/// Reads a run from front to back, one extent in memory at a time.
struct PatternRunReader {
  private let run: PatternRun
  private var nextExtent = 0
  private(set) var records = PatternRecordReader([])
  /// The record read last.
  private(set) var hash: UInt64 = 0
  private var entryRange = 0..<0
  private var tallyRange = 0..<0

  var entries: ArraySlice<UInt8> { records.bytes[entryRange] }
  var tallies: ArraySlice<UInt8> { records.bytes[tallyRange] }

  init(_ run: PatternRun) { self.run = run }

  /// Reads the next record; false at the end.
  mutating func next() throws -> Bool {
    records.move(to: tallyRange.upperBound)
    if records.isAtEnd {
      guard nextExtent < run.extents.count else { return false }
      let extent = run.extents[nextExtent]
      nextExtent += 1
      records = PatternRecordReader(
        try run.file.read(at: extent.offset, count: extent.length))
    }
    (hash, entryRange, tallyRange) = records.head()
    return true
  }

  /// Whether the record comes before another run's.
  func precedes(_ other: PatternRunReader) -> Bool {
    hash == other.hash ? entries.lexicographicallyPrecedes(other.entries) : hash < other.hash
  }

  /// Adds the record's numbers of documents to others.
  mutating func addTallies(_ documents: inout [Int], _ gold: inout [GoldCell]) {
    records.move(to: tallyRange.lowerBound)
    records.tallies(into: &documents, at: 0, groups: documents.count, gold: &gold, pattern: 0)
  }
}

/// Merges runs.
struct PatternMerge {
  /// The most runs that are merged at once; each has an extent in memory.
  static let fanIn = 64

  let groups: Int
  let storage: any SpillStorage
  let checkpoint: @Sendable () throws -> Void

  /// One run with the patterns of all.
  ///
  /// - Complexity: O(bytes × log₆₄ runs); each round writes a file and drops the one before.
  func merge(_ runs: [PatternRun]) throws -> PatternRun {
    var runs = runs
    while runs.count > 1 {
      var writer = PatternRunWriter(try storage.makeFile())
      var merged: [PatternRun] = []
      for begin in stride(from: 0, to: runs.count, by: Self.fanIn) {
        let part = runs[begin..<min(begin + Self.fanIn, runs.count)]
        try merge(part, into: &writer)
        merged.append(try writer.finishRun())
      }
      runs = merged
    }
    if let run = runs.first { return run }
    return PatternRun(file: try storage.makeFile())
  }

  private func merge(_ runs: ArraySlice<PatternRun>, into writer: inout PatternRunWriter) throws {
    var readers: [PatternRunReader] = []
    for run in runs {
      var reader = PatternRunReader(run)
      if try reader.next() { readers.append(reader) }
    }
    while !readers.isEmpty {
      var least = [0]
      for index in 1..<max(1, readers.count) {
        if readers[index].precedes(readers[least[0]]) {
          least = [index]
        } else if readers[index].hash == readers[least[0]].hash,
          readers[index].entries == readers[least[0]].entries
        {
          least.append(index)
        }
      }
      let tallies = least.count == 1 ? Array(readers[least[0]].tallies) : sum(&readers, least)
      let first = readers[least[0]]
      if try writer.append(hash: first.hash, entries: first.entries, tallies: tallies) {
        try checkpoint()
      }
      for index in least.reversed() where try !readers[index].next() { readers.remove(at: index) }
    }
  }

  /// The tallies of records of one pattern, added up.
  private func sum(_ readers: inout [PatternRunReader], _ places: [Int]) -> [UInt8] {
    var documents = [Int](repeating: 0, count: groups)
    var gold: [GoldCell] = []
    for place in places { readers[place].addTallies(&documents, &gold) }
    gold.sort { ($0.group, $0.label) < ($1.group, $1.label) }
    var cells: [GoldCell] = []
    for cell in gold {
      if let last = cells.last, last.group == cell.group, last.label == cell.label {
        cells[cells.count - 1] = GoldCell(
          documents: last.documents + cell.documents, pattern: 0, label: cell.label,
          group: cell.group)
      } else {
        cells.append(cell)
      }
    }
    var bytes: [UInt8] = []
    PatternRecord.appendTallies(documents[...], cells[...], to: &bytes)
    return bytes
  }
}
