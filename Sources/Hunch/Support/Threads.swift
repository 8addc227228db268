import Dispatch
import Foundation
import Synchronization
import HunchModels

/// Runs work on a fixed number of threads, outside Swift's cooperative pool.
enum Threads {
  /// Runs a body once per thread and waits; the first error by thread number is thrown.
  ///
  /// - Parameter body: Asks `isStopped` between pieces of work: once a thread has failed, the
  ///   others need not go on.
  static func run(
    _ count: Int, _ body: @Sendable (_ isStopped: () -> Bool) throws -> Void
  ) throws {
    let stopped = Atomic<Bool>(false)
    let errors = Mutex([(worker: Int, error: any Error)]())
    DispatchQueue.concurrentPerform(iterations: count) { worker in
      do {
        try body { stopped.load(ordering: .relaxed) }
      } catch {
        stopped.store(true, ordering: .relaxed)
        errors.withLock { $0.append((worker, error)) }
      }
    }
    let failed = errors.withLock { $0.min { $0.worker < $1.worker } }
    if let failed { throw failed.error }
  }

  /// Runs a body once on each of some threads of their own and waits; the first error by thread number
  /// is thrown.
  ///
  /// For work that mostly waits: there may be more threads than cores.
  static func runWaiting(_ count: Int, _ body: @escaping @Sendable () throws -> Void) throws {
    let errors = Guarded([(worker: Int, error: any Error)]())
    let done = DispatchSemaphore(value: 0)
    let work = LentWork(body)
    for worker in 0..<count {
      let thread = Thread {
        do { try work.run() } catch { errors.withLock { $0.append((worker, error)) } }
        done.signal()
      }
      thread.stackSize = 1 << 20
      thread.start()
    }
    for _ in 0..<count { done.wait() }
    work.takeBack()
    // An interruption that another thread's failure led to is not what went wrong.
    let failed = errors.withLock { errors in
      let sorted = errors.sorted { $0.worker < $1.worker }.map(\.error)
      return sorted.first { ($0 as? HunchError)?.status != .interrupted } ?? sorted.first
    }
    if let failed { throw failed }
  }

  /// What ``HunchModels`` needs to use the given number of threads.
  static func parallelism(_ count: Int) -> Parallelism {
    if count <= 1 { return .serial }
    return Parallelism(threads: count) { iterations, body in
      DispatchQueue.concurrentPerform(iterations: iterations, execute: body)
    }
  }
}

/// Work that threads do and its owner then takes back.
///
/// A thread of the system keeps what it was given for a moment after it has said that it is done. What
/// work holds, such as a workspace that is opened again next, must be free by then.
final class LentWork: @unchecked Sendable {
  /// Changed only while no thread works.
  private var body: (@Sendable () throws -> Void)?

  init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

  /// Does the work. Nothing of it is held once this returns.
  @inline(never)
  func run() throws { try body?() }

  /// Lets go of the work, which all threads have ended.
  func takeBack() { body = nil }
}

/// A value that one thread at a time may use.
///
/// For work that takes longer than a moment, such as reading a chunk or compiling rules: a thread
/// that has to wait sleeps, where one that waits for a `Mutex` of the standard library first keeps
/// its core busy. That took up to a fifth of the time of short runs.
package final class Guarded<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) { self.value = value }

  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}

/// A request to stop, set from a signal handler or another thread and checked between chunks.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Nobody has asked for a stop yet.
  public init() {}

  /// Asks the work to stop at the next safe point.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Whether the work was asked to stop.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Throws ``HunchError/interrupted`` when the work was asked to stop.
  func check() throws(HunchError) {
    if isCancelled { throw .interrupted }
  }
}
