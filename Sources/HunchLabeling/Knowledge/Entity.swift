internal import Foundation

/// An entity of a knowledge base that a text names: a row, with what joined tables say of it.
///
/// For example:
///
///     Gazetteer("old_artist", in: "artists") { artist in
///       (artist.int("born") ?? 2000) < 1950 ? .ham : nil
///     }
///
/// A column that does not exist is an error when the rules are started if the closure asks for it on
/// one of the first rows, and otherwise reported with the document on which it was asked for.
public struct Entity: Sendable {
  private let base: KnowledgeBase
  private let row: Int
  private let unknown: UnknownColumns

  init(_ base: KnowledgeBase, row: Int, unknown: UnknownColumns) {
    (self.base, self.row, self.unknown) = (base, row, unknown)
  }

  /// The key of the entity, without white space around it.
  public var key: String { base.key(ofRow: row) }

  /// What stands in a column, without white space around it; `nil` where nothing does. Of several
  /// joined rows the first counts.
  ///
  /// - Complexity: O(columns + bytes of the cell).
  public subscript(column: String) -> String? { all(column).first }

  /// All that joined rows have in a column, in their order, without empty cells.
  public func all(_ column: String) -> [String] {
    guard base.columns.contains(column) else {
      unknown.note(column)
      return []
    }
    return base.values(row: row, column: column).map { KnowledgeText.trimmed($0) }
      .filter { !$0.isEmpty }
  }

  /// A whole number in a column; `nil` where there is none.
  public func int(_ column: String) -> Int? { self[column].flatMap { Int($0) } }

  /// A number in a column; `nil` where there is none.
  public func double(_ column: String) -> Double? { self[column].flatMap { Double($0) } }
}

/// The columns that closures asked for and that do not exist.
final class UnknownColumns: @unchecked Sendable {
  private let lock = NSLock()
  private var noted: String?

  /// The first of them.
  var first: String? { lock.withLock { noted } }

  func note(_ column: String) { lock.withLock { noted = noted ?? column } }
}
