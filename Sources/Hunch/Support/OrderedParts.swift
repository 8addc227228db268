import Foundation

/// Work on a stream whose parts are made on several threads and taken in order.
package enum OrderedParts {
  /// Makes parts and takes each on the calling thread, in the order of their numbers, until there are
  /// no more or no more are wanted.
  ///
  /// No more than two for each thread are made and not yet taken. The first error by number is thrown,
  /// once the parts before it are taken.
  ///
  /// - Parameters:
  ///   - next: Gives the next item with its number, counted from 0; nil at the end. Called from several
  ///     threads.
  ///   - make: Called from several threads.
  package static func run<Item: Sendable, Part: Sendable>(
    threads: Int, until isDone: () -> Bool = { false },
    next: @escaping @Sendable () throws -> (number: Int, item: Item)?,
    make: @escaping @Sendable (Item) throws -> Part, take: (Part) throws -> Void
  ) throws {
    if threads <= 1 {
      while !isDone(), let (_, item) = try next() { try take(make(item)) }
      return
    }
    let queue = Queue<Part>(workers: threads)
    let work = LentWork {
      while !queue.isStopped, let (number, item) = try next() {
        queue.put(Result { try make(item) }, number)
      }
    }
    // Threads of their own: Dispatch takes a caller that waits for one that works, and on Linux finds out
    // after a second only, so that short work would have a thread less.
    for _ in 0..<threads {
      let thread = Thread {
        do { try work.run() } catch { queue.fail(error) }
        queue.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    defer {
      queue.stop()
      work.takeBack()
    }
    while !isDone(), let part = queue.take() { try take(part.get()) }
  }

  /// The parts that are made and not yet taken.
  private final class Queue<Part: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let limit: Int
    private var parts: [Int: Result<Part, any Error>] = [:]
    private var number = 0
    private var workers: Int
    private var hasStopped = false
    private var failure: (any Error)?

    init(workers: Int) { (self.workers, limit) = (workers, 2 * workers) }

    var isStopped: Bool {
      condition.lock()
      defer { condition.unlock() }
      return hasStopped
    }

    /// Waits for room, which the part that is taken next always has.
    func put(_ part: Result<Part, any Error>, _ number: Int) {
      condition.lock()
      defer { condition.unlock() }
      while !hasStopped, number != self.number, parts.count >= limit { condition.wait() }
      parts[number] = part
      condition.broadcast()
    }

    /// There are no more items.
    func fail(_ error: any Error) {
      condition.lock()
      defer { condition.unlock() }
      failure = failure ?? error
    }

    /// A worker has ended.
    func leave() {
      condition.lock()
      defer { condition.unlock() }
      workers -= 1
      condition.broadcast()
    }

    /// Waits for the next part; nil after the last one.
    func take() -> Result<Part, any Error>? {
      condition.lock()
      defer { condition.unlock() }
      while parts[number] == nil, workers > 0 { condition.wait() }
      if let part = parts.removeValue(forKey: number) {
        number += 1
        condition.broadcast()
        return part
      }
      defer { failure = nil }
      return failure.map { .failure($0) }
    }

    /// Lets the workers end, and waits for that.
    func stop() {
      condition.lock()
      defer { condition.unlock() }
      hasStopped = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }
}
