/// Finds functions that say the same thing: sets in which each shares at least four fifths of its
/// documents with another and agrees with it on at least 95 % of them.
///
/// A label model that takes functions as independent counts such a set as so many opinions.
struct FunctionCopies: Sendable {
  static let leastDocuments = 10
  static let leastOverlap = 0.8
  static let leastAgreement = 0.95

  /// A set of copies, with the least overlap and agreement of the pairs that tie it together.
  struct Group: Sendable {
    var functions: [Int]
    var overlap: Double
    var agreement: Double
  }

  /// The sets, largest first, then by first function.
  let sets: [Group]

  /// - Complexity: O(f²) for f functions of the table of pairs.
  init(facts: ReportFacts) {
    let functions = facts.pairs.functions
    var parents = Array(functions.indices)
    func root(_ place: Int) -> Int {
      var place = place
      while parents[place] != place { place = parents[place] }
      return place
    }
    var links: [(place: Int, overlap: Double, agreement: Double)] = []
    for first in functions.indices {
      for second in functions.indices.dropFirst(first + 1) {
        let (common, differing) = facts.pairs.pair(functions[first], functions[second])
        guard common >= Self.leastDocuments else { continue }
        let either =
          facts.functions[functions[first]].figures.covered
          + facts.functions[functions[second]].figures.covered - common
        let overlap = Double(common) / Double(max(1, either))
        let agreement = 1 - Double(differing) / Double(common)
        guard overlap >= Self.leastOverlap, agreement >= Self.leastAgreement else { continue }
        links.append((first, overlap, agreement))
        let (one, other) = (root(first), root(second))
        parents[max(one, other)] = min(one, other)
      }
    }
    var groups: [Int: Group] = [:]
    for place in functions.indices {
      groups[root(place), default: Group(functions: [], overlap: 1, agreement: 1)]
        .functions.append(functions[place])
    }
    for link in links {
      let place = root(link.place)
      guard var group = groups[place] else { continue }
      group.overlap = min(group.overlap, link.overlap)
      group.agreement = min(group.agreement, link.agreement)
      groups[place] = group
    }
    sets = groups.values.filter { $0.functions.count > 1 }.sorted {
      ($1.functions.count, $0.functions[0]) < ($0.functions.count, $1.functions[0])
    }
  }
}
