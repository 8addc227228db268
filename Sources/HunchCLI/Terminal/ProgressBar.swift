import Foundation
import Hunch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One line on standard error that says how far the work is; nothing where that is no terminal.
final class ProgressBar: Sendable {
  private struct State {
    var step = ""
    var unit = ""
    var done = 0
    var begun = ContinuousClock.now
    var drawn = ContinuousClock.now
    var isShown = false
  }

  private let state = Mutex(State())
  private let isEnabled: Bool

  init(quiet: Bool) { isEnabled = !quiet && Style.isTerminal(STDERR_FILENO) }

  /// The events for a pipeline.
  var progress: StepProgress {
    guard isEnabled else { return .silent }
    return StepProgress(
      onBegin: { [self] step, unit in
        state.withLock { $0 = State(step: step, unit: unit) }
      },
      onAdvance: { [self] count in state.withLock { advance(&$0, count) } },
      onEnd: { [self] in state.withLock { clear(&$0) } })
  }

  private func advance(_ state: inout State, _ count: Int) {
    state.done += count
    let now = ContinuousClock.now
    guard state.drawn.duration(to: now) > .milliseconds(100) else { return }
    state.drawn = now
    state.isShown = true
    let elapsed = state.begun.duration(to: now)
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let rate = seconds > 0 ? Int(Double(state.done) / seconds) : 0
    write(
      "\r\u{1B}[K\(state.step): \(Figures.count(state.done)) \(state.unit), "
        + "\(Figures.count(rate)) a second")
  }

  private func clear(_ state: inout State) {
    if state.isShown { write("\r\u{1B}[K") }
    state.isShown = false
  }

  private func write(_ text: String) { Console.error(text) }
}
