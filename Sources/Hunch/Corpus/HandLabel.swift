/// A gold label that somebody gave by hand.
public struct HandLabel: Sendable, Equatable {
  /// The document's id as text. Ids of a corpus are unique as texts.
  public var id: String
  /// The name of the class: it stays right when classes are listed in another order.
  public var label: String
  /// What the label is for.
  public var use: GoldUse
  /// When it was given: ISO 8601 in UTC, to the second.
  public var time: String

  /// Creates a label.
  public init(id: String, label: String, use: GoldUse, time: String) {
    (self.id, self.label, self.use, self.time) = (id, label, use, time)
  }
}
