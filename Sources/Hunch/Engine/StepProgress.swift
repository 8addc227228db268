/// Tells somebody how far long work has come. All calls may come from any thread.
public struct StepProgress: Sendable {
  /// Work begins; the unit is a plural noun.
  public var onBegin: @Sendable (_ step: String, _ unit: String) -> Void
  /// So many more units are done.
  public var onAdvance: @Sendable (_ count: Int) -> Void
  /// The work has ended.
  public var onEnd: @Sendable () -> Void

  /// Tells nobody.
  public static let silent = StepProgress(onBegin: { _, _ in }, onAdvance: { _ in }, onEnd: {})

  /// Creates a progress from its three events.
  public init(
    onBegin: @escaping @Sendable (_ step: String, _ unit: String) -> Void,
    onAdvance: @escaping @Sendable (_ count: Int) -> Void, onEnd: @escaping @Sendable () -> Void
  ) {
    self.onBegin = onBegin
    self.onAdvance = onAdvance
    self.onEnd = onEnd
  }

  func begin(_ step: String, unit: String) { onBegin(step, unit) }
  func advance(_ count: Int) { onAdvance(count) }
  func end() { onEnd() }
}
