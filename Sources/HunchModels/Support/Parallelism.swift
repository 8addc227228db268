import Synchronization

/// How to run independent pieces of work at the same time.
///
/// This module starts no threads; whoever trains a classifier passes a way to use them. Results
/// do not depend on it: work is cut into pieces whose bounds and order of summation are fixed by
/// the data.
///
/// For example, with Dispatch:
///
///     Parallelism(threads: 4) { count, body in
///       DispatchQueue.concurrentPerform(iterations: count, execute: body)
///     }
public struct Parallelism: Sendable {
  /// The number of threads that `run` uses.
  public let threads: Int

  /// Calls `body` once with each index in `0..<count`, on any threads in any order, and returns
  /// when all calls have returned.
  public let run: @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

  /// Wraps a way to run work.
  public init(
    threads: Int, run: @escaping @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void
  ) {
    self.threads = threads
    self.run = run
  }

  /// What `body` gives for each index in `0..<count`, in their order.
  func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    let values = Mutex([Value?](repeating: nil, count: count))
    run(count) { index in
      let value = body(index)
      values.withLock { $0[index] = value }
    }
    return values.withLock { $0.compactMap(\.self) }
  }

  /// Runs everything on the calling thread.
  public static let serial = Parallelism(threads: 1) { count, body in
    for index in 0..<count { body(index) }
  }
}
