import Foundation

/// Runs tasks on a thread of its own, so that a server answers while tests keep all threads of the
/// cooperative pool busy.
final class OwnThread: TaskExecutor {
  static let shared = OwnThread()

  private let jobs = Jobs()

  private init() {
    let thread = Thread { [jobs] in
      while true { jobs.next().runSynchronously(on: OwnThread.shared.asUnownedTaskExecutor()) }
    }
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) { jobs.add(UnownedJob(job)) }

  /// The work that waits; guarded by a condition.
  private final class Jobs: @unchecked Sendable {
    private var waiting: [UnownedJob] = []
    private let condition = NSCondition()

    func add(_ job: UnownedJob) {
      condition.withLock {
        waiting.append(job)
        condition.signal()
      }
    }

    func next() -> UnownedJob {
      condition.withLock {
        while waiting.isEmpty { condition.wait() }
        return waiting.removeFirst()
      }
    }
  }
}
