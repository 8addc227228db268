/// A gold label that somebody gave by hand.
package struct HandLabel: Sendable, Equatable {
  /// The document's id as text. Ids of a corpus are unique as texts.
  package var id: String
  /// The name of the class: it stays right when classes are listed in another order.
  package var label: String
  /// What the label is for.
  package var use: GoldUse
  /// When it was given: ISO 8601 in UTC, to the second.
  package var time: String

  package init(id: String, label: String, use: GoldUse, time: String) {
    (self.id, self.label, self.use, self.time) = (id, label, use, time)
  }
}
