/// The known name that an unknown one is most likely a misspelling of.
///
/// The distance counts insertions, deletions, substitutions and swaps of neighbours, case aside
/// (optimal string alignment; Damerau, 1964). A name further away than a third of its length is
/// not suggested, unless one of the two has all words of the other: `gold` for `gold_label`.
///
/// - Parameters:
///   - name: The name as written.
///   - known: The names that exist; of equally near ones the first is taken.
/// - Complexity: O(characters × known characters).
package func nearest(_ name: String, in known: [String]) -> String? {
  let written = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  for candidate in known {
    let letters = Array(candidate.lowercased())
    let allowed = max(1, max(written.count, letters.count) / 3)
    guard abs(letters.count - written.count) <= allowed else { continue }
    let distance = editDistance(written, letters)
    if distance <= allowed, distance < best?.distance ?? Int.max, distance < letters.count {
      best = (candidate, distance)
    }
  }
  if let best { return best.name }
  func words(_ name: String) -> Set<Substring> {
    Set(name.lowercased().split { "_-. ".contains($0) })
  }
  let meant = words(name)
  return known.first { candidate in
    let words = words(candidate)
    return !words.isEmpty && !meant.isEmpty
      && (words.isSubset(of: meant) || meant.isSubset(of: words))
  }
}

private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: second.count + 1)
  var last = Array(0...second.count)
  for row in 0..<first.count {
    var current = [row + 1]
    for column in 0..<second.count {
      let substitution = last[column] + (first[row] == second[column] ? 0 : 1)
      var cost = min(substitution, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}
