/// The elements of a stream with the largest values; of equal values, those that came first.
///
/// A binary heap with the next one to go on top, so memory is bounded by the limit.
package struct Largest<Element: Sendable>: Sendable {
  private struct Entry: Sendable {
    var value: Double
    var arrival: Int
    var element: Element

    /// Whether it is to go before another one.
    func isBehind(_ other: Entry) -> Bool {
      value == other.value ? arrival > other.arrival : value < other.value
    }
  }

  /// The most elements.
  package let limit: Int
  private var heap: [Entry] = []
  private var arrivals = 0

  package init(limit: Int) { self.limit = limit }

  /// Whether an element of this value that comes now would be among the largest.
  package func wants(_ value: Double) -> Bool {
    limit > 0 && (heap.count < limit || value > heap[0].value)
  }

  /// Takes the next element, if it is among the largest so far.
  ///
  /// - Complexity: O(log limit).
  package mutating func add(_ value: Double, _ element: Element) {
    guard wants(value) else { return }
    let entry = Entry(value: value, arrival: arrivals, element: element)
    arrivals += 1
    if heap.count < limit {
      heap.append(entry)
      siftUp(heap.count - 1)
    } else {
      heap[0] = entry
      siftDown(0)
    }
  }

  /// What was kept, largest first.
  ///
  /// - Complexity: O(n log n) for n elements.
  package func sorted() -> [(value: Double, element: Element)] {
    heap.sorted { $1.isBehind($0) }.map { ($0.value, $0.element) }
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0, heap[child].isBehind(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var last = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].isBehind(heap[last]) {
        last = child
      }
      if last == parent { return }
      heap.swapAt(parent, last)
      parent = last
    }
  }
}
