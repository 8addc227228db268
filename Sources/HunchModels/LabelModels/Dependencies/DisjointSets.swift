/// Sets of numbers that can be united (Tarjan 1975), such as functions that depend on each other.
package struct DisjointSets {
  private var parents: [Int]
  private var sizes: [Int]

  /// Each number by itself.
  package init(count: Int) {
    parents = Array(0..<count)
    sizes = [Int](repeating: 1, count: count)
  }

  /// The number that stands for the set of a number.
  package mutating func root(of number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  /// Unites the sets of two numbers; false if they are one already.
  package mutating func unite(_ one: Int, _ other: Int) -> Bool {
    let (first, second) = (root(of: one), root(of: other))
    if first == second { return false }
    let (small, large) = sizes[first] < sizes[second] ? (first, second) : (second, first)
    parents[small] = large
    sizes[large] += sizes[small]
    return true
  }

  /// The sets of two numbers or more, each ascending, by their first numbers.
  package mutating func groups() -> [[Int]] {
    var members: [Int: [Int]] = [:]
    for number in parents.indices { members[root(of: number), default: []].append(number) }
    return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}
