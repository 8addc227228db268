extension FitReport.Dependency {
  /// What was found and what to do, in words.
  package var sentence: String {
    let (one, other) = (functions[0], functions[1])
    switch kind {
    case "copy":
      let share = documents > 0 ? Double(agreements) / Double(documents) : 0
      return "\(one) and \(other) vote alike on \(Figures.fixed(100 * share, 0)) % of "
        + "\(Figures.count(documents)) documents: keep one"
    case "nested":
      return "\(one) and \(other) vote alike on \(Figures.count(agreements)) documents, where one "
        + "hardly votes without the other: exclude the narrower from the wider, or keep one"
    case "declared":
      return "\(one) and \(other) are declared to depend on each other; both vote on "
        + "\(Figures.count(overlap)) documents (strength \(Figures.fixed(strength, 2)))"
    default:
      return "\(one) and \(other) vote together on \(Figures.count(overlap)) documents, more often "
        + "than the classes explain (strength \(Figures.fixed(strength, 2))): see whether they look "
        + "for the same thing"
    }
  }
}

extension FitReport {
  /// The dependencies in words, copies first, then nested functions, the strongest first.
  package var dependencySentences: [String] {
    func rank(_ kind: String) -> Int {
      ["copy", "nested", "dependent"].firstIndex(of: kind) ?? 3
    }
    return dependencies.enumerated().sorted { one, other in
      (rank(one.element.kind), other.element.strength, one.offset)
        < (rank(other.element.kind), one.element.strength, other.offset)
    }.map(\.element.sentence)
  }
}
