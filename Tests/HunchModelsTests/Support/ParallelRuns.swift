import Dispatch
import HunchModels

extension Parallelism {
  /// Real threads.
  static func dispatch(_ threads: Int) -> Parallelism {
    Parallelism(threads: threads) { count, body in
      let strips = min(threads, max(1, count))
      DispatchQueue.concurrentPerform(iterations: strips) { strip in
        for index in stride(from: strip, to: count, by: strips) { body(index) }
      }
    }
  }
}
