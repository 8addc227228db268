/// The pairs of entities that a knowledge base relates, ready to be looked up.
struct KnownRelations: Sendable {
  private let base: KnowledgeBase
  private let inEitherOrder: Bool
  private var rowsOfPair: [Key: [Int]] = [:]

  private struct Key: Hashable {
    var from: String
    var to: String
  }

  /// Resolves both columns of a base.
  ///
  /// - Parameter names: The entities that the cells name; without them names stand for themselves.
  /// - Complexity: O(rows × entities that share a name).
  init(_ base: KnowledgeBase, _ rule: RelatedRule, names: EntityNames?) {
    self.base = base
    inEitherOrder = rule.inEitherOrder
    let cells = [rule.from, rule.to].map { column in
      (0..<base.count).map { base.value(row: $0, column: column) ?? "" }
    }
    let rows = cells.map { names?.rows(named: $0) ?? Array(repeating: [], count: $0.count) }
    for row in 0..<base.count {
      let both = [0, 1].map { side in
        let cell = cells[side][row]
        return cell.allSatisfy(\.isWhitespace)
          ? [] : Self.identities(PairFinder.Named(name: cell, rows: rows[side][row]), names)
      }
      for from in both[0] {
        for to in both[1] { rowsOfPair[Key(from: from, to: to), default: []].append(row) }
      }
    }
  }

  /// The rows that relate two entities, in the base's order.
  ///
  /// - Complexity: O(entities that share a name + rows found × log rows found).
  func rows(_ entities: PairFinder.Entities, names: EntityNames?) -> [RelationRow] {
    let (first, second) = (
      Self.identities(entities.first, names), Self.identities(entities.second, names)
    )
    var reversed: [Int: Bool] = [:]
    for first in first {
      for second in second {
        if inEitherOrder {
          for row in rowsOfPair[Key(from: second, to: first)] ?? [] { reversed[row] = true }
        }
        for row in rowsOfPair[Key(from: first, to: second)] ?? [] { reversed[row] = false }
      }
    }
    return reversed.sorted { $0.key < $1.key }
      .map { RelationRow(base: base, row: $0.key, isReversed: $0.value) }
  }

  /// The keys of the entities with a name, or the name itself where the base has none.
  private static func identities(_ entity: PairFinder.Named, _ names: EntityNames?) -> [String] {
    guard let names, !entity.rows.isEmpty else {
      return ["name " + EntityNames.normalized(entity.name)]
    }
    var keys: [String] = []
    for row in entity.rows {
      let key = "key " + EntityNames.normalized(names.base.key(ofRow: row))
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }
}
