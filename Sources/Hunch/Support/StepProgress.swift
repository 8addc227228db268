/// Tells somebody how far long work has come. All calls may come from any thread.
public struct StepProgress: Sendable {
  /// Work begins; the unit is a plural noun, the total `nil` where it is not known beforehand.
  public var onBegin: @Sendable (_ step: String, _ unit: String, _ total: Int?) -> Void
  /// So many more units are done.
  public var onAdvance: @Sendable (_ count: Int) -> Void
  /// The work has ended.
  public var onEnd: @Sendable () -> Void
  /// Something to show beside how far the work is, such as what it cost.
  public var onNote: @Sendable (_ note: String) -> Void = { _ in }
  /// Whether anybody listens, so that a total is worth finding out.
  let isHeard: Bool

  /// Tells nobody.
  public static let silent = StepProgress()

  /// Creates a progress from its three events.
  public init(
    onBegin: @escaping @Sendable (_ step: String, _ unit: String, _ total: Int?) -> Void,
    onAdvance: @escaping @Sendable (_ count: Int) -> Void, onEnd: @escaping @Sendable () -> Void
  ) {
    self.onBegin = onBegin
    self.onAdvance = onAdvance
    self.onEnd = onEnd
    isHeard = true
  }

  private init() {
    onBegin = { _, _, _ in }
    onAdvance = { _ in }
    onEnd = {}
    isHeard = false
  }

  func begin(_ step: String, unit: String, total: Int? = nil) { onBegin(step, unit, total) }
  func advance(_ count: Int) { onAdvance(count) }
  func end() { onEnd() }
}
