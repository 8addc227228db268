extension AhoCorasick {
  /// Calls a body for every state at which strings end, documents one after the other and within
  /// each by place.
  ///
  /// A step waits for the memory that the step before it asked for. So with a dense table three
  /// thirds of the batch are scanned in turns. What is found is written down at every step and
  /// kept only where there is something: a branch there would be guessed wrongly too often.
  ///
  /// - Parameters:
  ///   - texts: The documents, each less than 2 GiB.
  ///   - body: Gets the document, the state, the byte offset in the document behind the place, and
  ///     which of the strings that end there to report: those that end a word, the others, or
  ///     (`nil`) all.
  /// - Complexity: O(bytes + visits).
  @inline(__always)
  func forEachVisit(
    in texts: SeparatedTexts,
    _ body: (_ document: Int, _ state: Int, _ end: Int, _ endsWord: Bool?) -> Void
  ) {
    guard isDense else {
      forEachSparseVisit(in: texts, body)
      return
    }
    var document = 0
    for lane in denseMarks(in: texts) {
      lane.forEachMark { position, row in
        while position >= texts.offsets[document + 1] { document += 1 }
        let end = position - texts.offsets[document]
        let entry = table[row + Int(classes[Int(texts.bytes[position])])]
        if entry & Ending.beforeNonword != 0 {
          body(document, Int(table[row + classCount]), end, true)
        }
        if entry & Ending.anywhere != 0 {
          let next = Int(entry >> Ending.width)
          body(document, Int(table[next + classCount]), end + 1, false)
        }
      }
    }
  }

  // SAFETY: lanes cover ranges of the texts and take no more steps than there are bytes left; every
  // entry of `classes` is below `classCount`, and every entry of `table` without the bits of its
  // `Ending` is the first index of a row, so a row's index plus a class is an index of `table`. The
  // arrays live through the closures. There are three lanes, and each has room for as many marks as
  // there are steps.
  private func denseMarks(in texts: SeparatedTexts) -> [ScanLane] {
    let first = start * (classCount + Self.rowTail)
    let bounds = (0...3).map { texts.start(near: texts.bytes.count * $0 / 3) }
    let lanes = (0..<3).map { ScanLane(bytes: bounds[$0]..<bounds[$0 + 1], firstRow: first) }
    texts.bytes.withUnsafeBufferPointer { bytes in
      table.withUnsafeBufferPointer { table in
        classes.withUnsafeBufferPointer { classes in
          guard let text = bytes.baseAddress, let rows = table.baseAddress,
            let columns = classes.baseAddress
          else { return }
          // By name: going through the array would count references at every turn.
          let (lane0, lane1, lane2) = (lanes[0], lanes[1], lanes[2])
          while true {
            let steps = min(lane0.steps, lane1.steps, lane2.steps)
            if steps == 0 { break }
            step(lane0, lane1, lane2, steps, text, rows, columns)
          }
          for lane in lanes {
            while lane.steps > 0 { step(lane, text, rows, columns) }
          }
        }
      }
    }
    return lanes
  }

  /// Some steps of three lanes in turns; all have taken as many before.
  private func step(
    _ lane0: ScanLane, _ lane1: ScanLane, _ lane2: ScanLane, _ steps: Int,
    _ text: UnsafePointer<UInt8>, _ rows: UnsafePointer<Int32>, _ columns: UnsafePointer<UInt8>
  ) {
    let (text0, text1, text2) = (text + lane0.start, text + lane1.start, text + lane2.start)
    var (marks0, marks1, marks2) = (lane0.room(steps), lane1.room(steps), lane2.room(steps))
    var (row0, row1, row2) = (lane0.row, lane1.row, lane2.row)
    for place in lane0.taken..<lane0.taken + steps {
      let next0 = rows[row0 &+ Int(columns[Int(text0[place])])]
      marks0.pointee = ScanLane.Mark(place, row0)
      marks0 += Int(next0 & Ending.any)
      row0 = Int(UInt32(bitPattern: next0) >> Ending.width)
      let next1 = rows[row1 &+ Int(columns[Int(text1[place])])]
      marks1.pointee = ScanLane.Mark(place, row1)
      marks1 += Int(next1 & Ending.any)
      row1 = Int(UInt32(bitPattern: next1) >> Ending.width)
      let next2 = rows[row2 &+ Int(columns[Int(text2[place])])]
      marks2.pointee = ScanLane.Mark(place, row2)
      marks2 += Int(next2 & Ending.any)
      row2 = Int(UInt32(bitPattern: next2) >> Ending.width)
    }
    lane0.advance(steps, to: row0, marks0)
    lane1.advance(steps, to: row1, marks1)
    lane2.advance(steps, to: row2, marks2)
  }

  private func step(
    _ lane: ScanLane, _ text: UnsafePointer<UInt8>, _ rows: UnsafePointer<Int32>,
    _ columns: UnsafePointer<UInt8>
  ) {
    let steps = lane.steps
    let start = text + lane.start
    var marks = lane.room(steps)
    var row = lane.row
    for place in lane.taken..<lane.taken + steps {
      let next = rows[row &+ Int(columns[Int(start[place])])]
      marks.pointee = ScanLane.Mark(place, row)
      marks += Int(next & Ending.any)
      row = Int(UInt32(bitPattern: next) >> Ending.width)
    }
    lane.advance(steps, to: row, marks)
  }

  @inline(__always)
  private func forEachSparseVisit(
    in texts: SeparatedTexts,
    _ body: (_ document: Int, _ state: Int, _ end: Int, _ endsWord: Bool?) -> Void
  ) {
    let bytes = texts.bytes
    for document in 0..<texts.count {
      let range = texts.range(at: document)
      var state = start
      for index in range {
        state = step(from: state, bytes[index])
        if hasOutput(state) { body(document, state, index + 1 - range.lowerBound, nil) }
      }
    }
  }

  private func step(from start: Int, _ byte: UInt8) -> Int {
    var state = start
    while state >= rowCount {
      if let child = child(of: state, byte) {
        return MarkedStrings.isMarked(byte) ? step(from: child, MarkedStrings.mark) : child
      }
      state = Int(failures[state])
    }
    return Int(table[state * classCount + Int(classes[Int(byte)])] >> Ending.width)
  }
}

/// A scan that is under way through some of the documents, and the marks it left.
// SAFETY: `memory` has room for `capacity` marks; `room` makes it large enough for the steps that
// follow and one more, `advance` takes back no more than was given, and `deinit` frees it. Only one
// thread uses a lane.
private final class ScanLane {
  /// A step that says something: the byte that it read, counted from the lane's start, and the row
  /// that it came from.
  struct Mark {
    let place: UInt32
    let row: UInt32

    @inline(__always)
    init(_ place: Int, _ row: Int) {
      self.place = UInt32(truncatingIfNeeded: place)
      self.row = UInt32(truncatingIfNeeded: row)
    }
  }

  /// The most steps between two looks at the room for marks.
  private static let mostSteps = 1024

  /// Where the first document begins.
  let start: Int
  private let length: Int
  /// The bytes that were read.
  private(set) var taken = 0
  private(set) var row: Int
  private var memory: UnsafeMutablePointer<Mark>
  private var capacity = 8 * mostSteps
  private var count = 0

  init(bytes: Range<Int>, firstRow: Int) {
    precondition(bytes.count <= Int(UInt32.max), "a third of a batch is less than 4 GiB")
    (start, length, row) = (bytes.lowerBound, bytes.count, firstRow)
    memory = .allocate(capacity: capacity)
  }

  deinit { memory.deallocate() }

  /// How many steps may be taken now.
  var steps: Int { min(length - taken, Self.mostSteps) }

  /// Where to write the marks of so many steps.
  func room(_ steps: Int) -> UnsafeMutablePointer<Mark> {
    if count + steps + 1 > capacity {
      capacity = max(2 * capacity, count + steps + 1)
      let larger = UnsafeMutablePointer<Mark>.allocate(capacity: capacity)
      larger.update(from: memory, count: count)
      memory.deallocate()
      memory = larger
    }
    return memory + count
  }

  func advance(_ steps: Int, to row: Int, _ marks: UnsafeMutablePointer<Mark>) {
    self.row = row
    taken += steps
    count = marks - memory
  }

  /// Calls a body for every mark with the place of its byte in the texts and its row.
  @inline(__always)
  func forEachMark(_ body: (_ position: Int, _ row: Int) -> Void) {
    for index in 0..<count { body(start + Int(memory[index].place), Int(memory[index].row)) }
  }
}
