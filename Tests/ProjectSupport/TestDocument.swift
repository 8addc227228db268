package import GRDB

/// A document of a ``TestProject``.
package struct TestDocument {
  package var id: String
  /// nil is NULL, as everywhere here.
  package var text: String?
  package var split: String?
  package var gold: String?
  /// What the gold label is for: `audit` or `repair`.
  package var use: String?
  /// What the functions of the project's file of votes say, by class or index; nil abstains.
  package var votes: [String?]
  /// The values of further columns by name.
  package var more: [String: (any DatabaseValueConvertible)?]

  package init(
    _ id: some LosslessStringConvertible, _ text: String?, split: String? = nil,
    gold: String? = nil, use: String? = nil, votes: [String?] = [],
    more: [String: (any DatabaseValueConvertible)?] = [:]
  ) {
    self.id = String(id)
    (self.text, self.split, self.gold, self.use) = (text, split, gold, use)
    (self.votes, self.more) = (votes, more)
  }
}
