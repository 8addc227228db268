internal import HunchText

extension AhoCorasick {
  /// The places of a batch at which strings end, documents one after the other.
  package struct Visits {
    /// The index of each document's first visit, and at last the number of visits.
    var documentStarts: [Int] = [0]
    /// The state reached at each place.
    var states: [Int32] = []
    /// The byte offset in the document behind the place.
    var ends: [Int32] = []

    mutating func append(state: Int, end: Int) {
      states.append(Int32(truncatingIfNeeded: state))
      ends.append(Int32(truncatingIfNeeded: end))
    }
  }

  /// Scans the documents of a batch, each less than 2 GiB.
  ///
  /// - Complexity: O(bytes + visits).
  func visits(in batch: TextBatch) -> Visits {
    var visits = Visits()
    visits.documentStarts.reserveCapacity(batch.count + 1)
    for document in 0..<batch.count {
      let range = batch.range(at: document)
      if isDense {
        scanDense(batch.bytes, range, &visits)
      } else {
        scanSparse(batch.bytes, range, &visits)
      }
      visits.documentStarts.append(visits.states.count)
    }
    return visits
  }

  private func scanDense(_ bytes: [UInt8], _ range: Range<Int>, _ visits: inout Visits) {
    var state = 0
    for index in range {
      var target = Int(table[state &+ Int(classes[Int(bytes[index])])])
      if target < 0 {
        target = ~target
        visits.append(state: target / scale, end: index - range.lowerBound + 1)
      }
      state = target
    }
  }

  private func scanSparse(_ bytes: [UInt8], _ range: Range<Int>, _ visits: inout Visits) {
    var state = 0
    for index in range {
      let byte = bytes[index]
      state = step(from: state, byte)
      if hasOutput(state) { visits.append(state: state, end: index - range.lowerBound + 1) }
    }
  }

  private func step(from start: Int, _ byte: UInt8) -> Int {
    var state = start
    while state >= rowCount {
      if let child = child(of: state, byte) { return child }
      state = Int(failures[state])
    }
    let target = Int(table[state * classCount + Int(classes[Int(byte)])])
    return target < 0 ? ~target : target
  }
}
