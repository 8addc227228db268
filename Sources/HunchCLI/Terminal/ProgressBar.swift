import Hunch
import Synchronization

/// One line on standard error that says how far the work is; nothing where that is no terminal.
final class ProgressBar: Sendable {
  private struct State {
    var step = ""
    var unit = ""
    var total: Int?
    var done = 0
    var begun = ContinuousClock.now
    var drawn = ContinuousClock.now
    var isShown = false
    /// Stands behind the figures.
    var note = ""
  }

  /// Steps may be nested; the innermost is shown.
  private let steps = Mutex([State]())
  private let isEnabled: Bool

  init(quiet: Bool) { isEnabled = !quiet && Console.isErrorTerminal }

  /// The events for a session.
  var progress: StepProgress {
    guard isEnabled else { return .silent }
    var progress = StepProgress(
      onBegin: { [self] step, unit, total in
        steps.withLock { $0.append(State(step: step, unit: unit, total: total)) }
      },
      onAdvance: { [self] count in
        steps.withLock { if !$0.isEmpty { advance(&$0[$0.count - 1], count) } }
      },
      onEnd: { [self] in steps.withLock { if let last = $0.popLast() { clear(last) } } })
    progress.onNote = { [self] note in
      steps.withLock { if !$0.isEmpty { $0[$0.count - 1].note = note } }
    }
    return progress
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
    let note = state.note.isEmpty ? "" : ", " + state.note
    let line = Self.line(state.step, state.unit, state.done, state.total, rate)
    Console.error(TerminalText.Signal.eraseLine.mark + Excerpt.visible(line + note))
  }

  /// What the line says: a bar where the total is known.
  static func line(_ step: String, _ unit: String, _ done: Int, _ total: Int?, _ rate: Int)
    -> String
  {
    let speed = "\(Figures.count(rate)) a second"
    guard let total, total > 0 else { return "\(step): \(Figures.count(done)) \(unit), \(speed)" }
    let share = Double(done) / Double(total)
    let bar = Figures.bar(share, width: 24)
    let rest = String(repeating: "·", count: max(0, 24 - bar.count))
    return
      "\(step) \(bar)\(rest) \(Figures.percent(share)) of \(Figures.count(total)) \(unit), \(speed)"
  }

  private func clear(_ state: State) {
    if state.isShown { Console.error(TerminalText.Signal.eraseLine.mark) }
  }
}
