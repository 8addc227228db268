internal import HunchText

extension AhoCorasick {
  /// Calls a body for every state at which strings end, documents one after the other and within
  /// each by place.
  ///
  /// A step waits for the memory that the step before it asked for. So with a dense table four
  /// documents, one of each quarter of the batch, are scanned in turns. What is found is written
  /// down at every step and kept only where there is something: a branch there would be guessed
  /// wrongly too often.
  ///
  /// - Parameters:
  ///   - batch: The documents, each less than 2 GiB.
  ///   - body: Gets the document, the state, the byte offset in the document behind the place, and
  ///     which of the strings that end there to report: those that end a word, the others, or
  ///     (`nil`) all.
  /// - Complexity: O(bytes + visits).
  @inline(__always)
  func forEachVisit(
    in batch: TextBatch,
    _ body: (_ document: Int, _ state: Int, _ end: Int, _ endsWord: Bool?) -> Void
  ) {
    guard isDense else {
      forEachSparseVisit(in: batch, body)
      return
    }
    for lane in denseMarks(in: batch) {
      lane.forEachMark { document, mark in
        let from = Int(mark >> 32)
        let position = Int(mark & 0xFFFF_FFFF)
        let range = batch.range(at: document)
        let isAtEnd = position == range.count
        let byte = isAtEnd ? 0 : batch.bytes[range.lowerBound + position]
        if table[from + classCount + 1] & Ending.beforeNonword != 0, !Self.isWord(byte) {
          body(document, Int(table[from + classCount]), position, true)
        }
        if isAtEnd { return }
        let next = table[from + Int(classes[Int(byte)])]
        let to = Int(next ^ (next >> 31))
        if table[to + classCount + 1] & Ending.anywhere != 0 {
          body(document, Int(table[to + classCount]), position + 1, false)
        }
      }
    }
  }

  // SAFETY: every byte read lies in the range of a document of the batch, whose offsets ascend to
  // the number of bytes; every entry of `classes` is below `classCount`, and every entry of `table`
  // (or its complement) is the first index of a row, so a row's index plus a class, or plus
  // `classCount` and 1, is an index of `table`. The arrays live through the closures. There are four
  // lanes, and each has room for as many marks as there are steps.
  private func denseMarks(in batch: TextBatch) -> [ScanLane] {
    let count = batch.count
    let first = start * (classCount + Self.rowTail)
    let lanes = (0..<4).map {
      ScanLane(documents: count * $0 / 4..<count * ($0 + 1) / 4, firstState: first)
    }
    batch.bytes.withUnsafeBufferPointer { bytes in
      batch.offsets.withUnsafeBufferPointer { offsets in
        table.withUnsafeBufferPointer { table in
          classes.withUnsafeBufferPointer { classes in
            for lane in lanes { lane.settle(offsets) }
            guard let text = bytes.baseAddress, let rows = table.baseAddress,
              let columns = classes.baseAddress
            else { return }
            // By name: going through the array would count references at every turn.
            let (lane0, lane1, lane2, lane3) = (lanes[0], lanes[1], lanes[2], lanes[3])
            while min(
              min(lane0.remaining, lane1.remaining), min(lane2.remaining, lane3.remaining)) > 0
            {
              step(lane0, lane1, lane2, lane3, text, rows, columns)
              endDocument(lane0, rows, offsets)
              endDocument(lane1, rows, offsets)
              endDocument(lane2, rows, offsets)
              endDocument(lane3, rows, offsets)
            }
            for lane in lanes {
              while lane.remaining > 0 {
                step(lane, text, rows, columns)
                endDocument(lane, rows, offsets)
              }
            }
          }
        }
      }
    }
    return lanes
  }

  /// The end of a document is no word character either.
  @inline(__always)
  private func endDocument(
    _ lane: ScanLane, _ rows: UnsafePointer<Int32>, _ offsets: UnsafeBufferPointer<Int>
  ) {
    guard lane.remaining == 0, lane.isInside else { return }
    if rows[lane.state &+ classCount &+ 1] & Ending.beforeNonword != 0 { lane.markEnd() }
    lane.settle(offsets)
  }

  /// Some steps of four lanes in turns, as many as the shortest rest of a document has.
  private func step(
    _ lane0: ScanLane, _ lane1: ScanLane, _ lane2: ScanLane, _ lane3: ScanLane,
    _ text: UnsafePointer<UInt8>, _ rows: UnsafePointer<Int32>, _ columns: UnsafePointer<UInt8>
  ) {
    let steps = min(
      min(lane0.remaining, lane1.remaining), min(lane2.remaining, lane3.remaining),
      ScanLane.mostSteps)
    let (text0, text1) = (text + lane0.position, text + lane1.position)
    let (text2, text3) = (text + lane2.position, text + lane3.position)
    var (marks0, marks1) = (lane0.room(steps), lane1.room(steps))
    var (marks2, marks3) = (lane2.room(steps), lane3.room(steps))
    let (offset0, offset1) = (lane0.offset, lane1.offset)
    let (offset2, offset3) = (lane2.offset, lane3.offset)
    var (state0, state1) = (UInt64(lane0.state), UInt64(lane1.state))
    var (state2, state3) = (UInt64(lane2.state), UInt64(lane3.state))
    for index in 0..<steps {
      let place = UInt64(truncatingIfNeeded: index)
      let next0 = rows[Int(state0) &+ Int(columns[Int(text0[index])])]
      marks0.pointee = state0 << 32 | (offset0 &+ place)
      marks0 += Int(UInt32(bitPattern: next0) >> 31)
      state0 = UInt64(UInt32(bitPattern: next0 ^ (next0 >> 31)))
      let next1 = rows[Int(state1) &+ Int(columns[Int(text1[index])])]
      marks1.pointee = state1 << 32 | (offset1 &+ place)
      marks1 += Int(UInt32(bitPattern: next1) >> 31)
      state1 = UInt64(UInt32(bitPattern: next1 ^ (next1 >> 31)))
      let next2 = rows[Int(state2) &+ Int(columns[Int(text2[index])])]
      marks2.pointee = state2 << 32 | (offset2 &+ place)
      marks2 += Int(UInt32(bitPattern: next2) >> 31)
      state2 = UInt64(UInt32(bitPattern: next2 ^ (next2 >> 31)))
      let next3 = rows[Int(state3) &+ Int(columns[Int(text3[index])])]
      marks3.pointee = state3 << 32 | (offset3 &+ place)
      marks3 += Int(UInt32(bitPattern: next3) >> 31)
      state3 = UInt64(UInt32(bitPattern: next3 ^ (next3 >> 31)))
    }
    lane0.advance(steps, to: state0, marks0)
    lane1.advance(steps, to: state1, marks1)
    lane2.advance(steps, to: state2, marks2)
    lane3.advance(steps, to: state3, marks3)
  }

  /// Some steps of one lane.
  private func step(
    _ lane: ScanLane, _ text: UnsafePointer<UInt8>, _ rows: UnsafePointer<Int32>,
    _ columns: UnsafePointer<UInt8>
  ) {
    let steps = min(lane.remaining, ScanLane.mostSteps)
    let start = text + lane.position
    var marks = lane.room(steps)
    var state = UInt64(lane.state)
    for index in 0..<steps {
      let next = rows[Int(state) &+ Int(columns[Int(start[index])])]
      marks.pointee = state << 32 | (lane.offset &+ UInt64(truncatingIfNeeded: index))
      marks += Int(UInt32(bitPattern: next) >> 31)
      state = UInt64(UInt32(bitPattern: next ^ (next >> 31)))
    }
    lane.advance(steps, to: state, marks)
  }

  @inline(__always)
  private func forEachSparseVisit(
    in batch: TextBatch,
    _ body: (_ document: Int, _ state: Int, _ end: Int, _ endsWord: Bool?) -> Void
  ) {
    let bytes = batch.bytes
    for document in 0..<batch.count {
      let range = batch.range(at: document)
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
    let target = Int(table[state * classCount + Int(classes[Int(byte)])])
    return target < 0 ? ~target : target
  }
}

/// A scan that is under way through some of a batch's documents, and the marks it left: for each
/// step that says something the row it came from << 32 | the byte offset in the document.
// SAFETY: `memory` has room for `capacity` marks; `room` makes it large enough for the steps that
// follow and one more, `advance` takes back no more than was given, and `deinit` frees it. Only one
// thread uses a lane.
private final class ScanLane {
  /// The most steps between two looks at the room for marks.
  static let mostSteps = 4096

  private let documents: Range<Int>
  private let firstState: Int
  private var document: Int
  /// Where the document begins.
  private var start = 0
  /// The next byte to read.
  private(set) var position = 0
  /// The bytes of the document that are still to be read; 0 at the end of the last one.
  private(set) var remaining = 0
  private(set) var state = 0
  /// Whether there is a document whose end has not been dealt with.
  private(set) var isInside = false
  /// For each document, the index of its first mark.
  private var documentStarts: [Int32] = []
  private var memory: UnsafeMutablePointer<UInt64>
  private var capacity = 2 * mostSteps
  private var count = 0

  init(documents: Range<Int>, firstState: Int) {
    self.documents = documents
    self.firstState = firstState
    document = documents.lowerBound - 1
    documentStarts.reserveCapacity(documents.count + 1)
    memory = .allocate(capacity: capacity)
  }

  deinit { memory.deallocate() }

  /// The offset of the next byte in its document.
  var offset: UInt64 { UInt64(position - start) }

  /// Goes on to the next document with text, if this one is done; stays at the end of the last one.
  func settle(_ offsets: UnsafeBufferPointer<Int>) {
    isInside = false
    while remaining == 0, document + 1 < documents.upperBound {
      document += 1
      documentStarts.append(Int32(truncatingIfNeeded: count))
      start = offsets[document]
      position = start
      remaining = offsets[document + 1] - start
      state = firstState
      isInside = remaining > 0
    }
  }

  /// Where to write the marks of so many steps.
  func room(_ steps: Int) -> UnsafeMutablePointer<UInt64> {
    if count + steps + 1 > capacity {
      capacity = max(2 * capacity, count + steps + 1)
      let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
      larger.update(from: memory, count: count)
      memory.deallocate()
      memory = larger
    }
    return memory + count
  }

  func advance(_ steps: Int, to state: UInt64, _ marks: UnsafeMutablePointer<UInt64>) {
    self.state = Int(state)
    position += steps
    remaining -= steps
    count = marks - memory
  }

  /// Marks the end of the document.
  func markEnd() {
    room(1).pointee = UInt64(state) << 32 | offset
    count += 1
  }

  /// Calls a body for every mark, documents one after the other.
  @inline(__always)
  func forEachMark(
    _ body: (_ document: Int, _ mark: UInt64) -> Void
  ) {
    for (index, start) in documentStarts.enumerated() {
      let end = index + 1 < documentStarts.count ? Int(documentStarts[index + 1]) : count
      for mark in Int(start)..<end { body(documents.lowerBound + index, memory[mark]) }
    }
  }
}
