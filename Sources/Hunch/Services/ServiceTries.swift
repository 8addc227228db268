/// Hears of the single requests that an answer takes, so that each can be counted and forbidden.
package struct ServiceTries {
  /// Called before a request goes out; what it throws ends the tries.
  package var willSend: () throws -> Void
  /// Called when a request brought nothing: whether the service may have answered all the same, and
  /// be paid for it.
  package var didFail: (_ mayCost: Bool) throws -> Void

  /// Creates a listener; by default nothing is done.
  package init(
    willSend: @escaping () throws -> Void = {},
    didFail: @escaping (_ mayCost: Bool) throws -> Void = { _ in }
  ) {
    (self.willSend, self.didFail) = (willSend, didFail)
  }
}
