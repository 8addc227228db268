/// Reports progress in batches and notices the wish to stop.
final class ImportWatch {
  private let progress: StepProgress
  private let isCancelled: @Sendable () -> Bool
  private let batchSize: Int
  private var pending = 0
  private var isOpen = false

  init(_ progress: StepProgress, batchSize: Int, isCancelled: @escaping @Sendable () -> Bool) {
    self.progress = progress
    self.batchSize = max(1, batchSize)
    self.isCancelled = isCancelled
  }

  /// Ends a step that failed.
  deinit { if isOpen { progress.end() } }

  /// A step begins.
  func begin(_ step: String) throws(ImportError) {
    pending = 0
    isOpen = true
    progress.begin(step, unit: "rows")
    try check()
  }

  /// Rows are done.
  func advance(_ count: Int = 1) throws(ImportError) {
    pending += count
    if pending >= batchSize {
      progress.advance(pending)
      pending = 0
      try check()
    }
  }

  /// The step has ended.
  func end() {
    if pending > 0 { progress.advance(pending) }
    pending = 0
    isOpen = false
    progress.end()
  }

  private func check() throws(ImportError) {
    if isCancelled() { throw .interrupted }
  }
}
