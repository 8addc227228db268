import Hunch
import Synchronization
import Testing

/// Parts are made on any thread and taken in their order, up to the first that fails.
@Suite struct OrderedPartsTests {
  private struct Failure: Error, Equatable { var number: Int }

  /// Runs numbers through; those of `slow` take longer to make.
  private func run(
    _ count: Int, threads: Int, failing: Set<Int> = [], end: Int? = nil, stopAt: Int? = nil
  ) -> (taken: [Int], failure: Failure?, most: Int) {
    let next = Mutex(0)
    let open = Mutex((now: 0, most: 0))
    var taken: [Int] = []
    do {
      try OrderedParts.run(threads: threads) { () throws -> (number: Int, item: Int)? in
        try next.withLock { number in
          if number == end { throw Failure(number: -1) }
          if number == count { return nil }
          defer { number += 1 }
          return (number, number)
        }
      } make: { (item: Int) -> Int in
        open.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        if item % 7 == 0 { for _ in 0..<20_000 { _ = open.withLock { $0.now } } }
        if failing.contains(item) { throw Failure(number: item) }
        return item * item
      } take: { part in
        open.withLock { $0.now -= 1 }
        if taken.count == stopAt { throw Failure(number: -2) }
        taken.append(part)
      }
      return (taken, nil, open.withLock { $0.most })
    } catch {
      return (taken, error as? Failure, open.withLock { $0.most })
    }
  }

  @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 50, 300])
  func inOrder(threads: Int, count: Int) {
    let result = run(count, threads: threads)
    #expect(result.taken == (0..<count).map { $0 * $0 } && result.failure == nil)
    // Two for each thread wait, beside the next one; each thread holds one, and one is being taken.
    #expect(result.most <= 3 * threads + 2)
  }

  @Test(arguments: [1, 2, 8])
  func theFirstFailureByNumberEndsIt(threads: Int) {
    let result = run(100, threads: threads, failing: [41, 42, 60])
    #expect(result.taken == (0..<41).map { $0 * $0 } && result.failure == Failure(number: 41))
  }

  @Test(arguments: [1, 2, 8])
  func aStreamThatBreaksOffIsAnErrorBehindItsParts(threads: Int) {
    let result = run(100, threads: threads, end: 30)
    #expect(result.taken == (0..<30).map { $0 * $0 } && result.failure == Failure(number: -1))
  }

  @Test(arguments: [1, 2, 8])
  func whoeverTakesMayFail(threads: Int) {
    let result = run(100, threads: threads, stopAt: 5)
    #expect(result.taken.count == 5 && result.failure == Failure(number: -2))
  }

  @Test(arguments: [1, 2, 8], [0, 1, 30, 100])
  func itEndsWhenNoMoreAreWanted(threads: Int, most: Int) throws {
    let next = Mutex(0)
    var taken: [Int] = []
    try OrderedParts.run(threads: threads, until: { taken.count == most }) {
      () throws -> (number: Int, item: Int)? in
      next.withLock { number in
        defer { number += 1 }
        return (number, number)
      }
    } make: { (item: Int) throws -> Int in
      // What nobody takes cannot fail.
      if item > most + 40 { throw Failure(number: item) }
      return item
    } take: {
      taken.append($0)
    }
    #expect(taken == Array(0..<most))
    #expect(next.withLock { $0 } <= most + 3 * threads + 2)
  }

  private final class Token: Sendable {}

  /// What is worked with, such as a workspace, may be opened again at once.
  @Test func nothingIsHeldAfterwards() throws {
    for _ in 0..<300 {
      weak var held: Token?
      do {
        let token = Token()
        held = token
        let next = Mutex(0)
        try OrderedParts.run(threads: 4) { () throws -> (number: Int, item: Int)? in
          next.withLock { number in
            defer { number += 1 }
            return number < 8 ? (number, number) : nil
          }
        } make: { item in
          withExtendedLifetime(token) { item }
        } take: { _ in
        }
      }
      #expect(held == nil)
    }
  }
}
