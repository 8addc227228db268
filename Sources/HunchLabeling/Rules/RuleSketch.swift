extension RuleDefinition {
  /// One line on what the rule looks for and votes for, such as
  /// `keywords "pin", "chip" → card`; of long lists the beginning.
  ///
  /// - Parameter labels: The names of the classes, in order.
  package func sketch(labels: [String]) -> String {
    var text = node.sketch
    let classes = node.votes.sorted().compactMap { vote in
      labels.indices.contains(Int(vote)) ? labels[Int(vote)] : nil
    }
    if !classes.isEmpty { text += " → " + classes.joined(separator: ", ") }
    return text
  }
}

extension RuleNode {
  fileprivate var sketch: String {
    switch self {
    case .keywords(let rule):
      let words = rule.words.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
      let rest = rule.words.count - 12
      return "keywords \(words)" + (rest > 0 ? " and \(rest) more" : "")
    case .pattern(let rule):
      let source = rule.source.prefix(300)
      return "pattern /\(source)\(source.count < rule.source.count ? "…" : "")/"
    case .gazetteer(let rule): return "names of the knowledge base '\(rule.base)'"
    case .keyLookup(let rule): return "column '\(rule.field)' in the knowledge base '\(rule.base)'"
    case .heuristic, .pairHeuristic: return "a heuristic in code"
    case .related(let rule): return "the knowledge base '\(rule.base)' relates the two mentions"
    case .within(_, let node): return "\(node.sketch) in a part of the text"
    case .otherwise: return "where no other function votes"
    case .prompt(let rule): return "asks a language model: \(rule.question)"
    case .all(let parts, _):
      return "all of (\(parts.map(\.sketch).joined(separator: "; ")))"
    case .any(let parts, _):
      return "any of (\(parts.map(\.sketch).joined(separator: "; ")))"
    case .firstOf(let parts):
      return "the first of (\(parts.map(\.sketch).joined(separator: "; ")))"
    case .unless(let node, let exceptions):
      return "\(node.sketch) unless (\(exceptions.map(\.sketch).joined(separator: "; ")))"
    }
  }

  /// The classes that are written in the rule; a closure's and a knowledge base's are not known.
  fileprivate var votes: Set<Int16> {
    var votes: Set<Int16> = []
    switch self {
    case .keywords(let rule): votes.insert(rule.vote)
    case .pattern(let rule): votes.insert(rule.vote)
    case .all(let parts, let vote), .any(let parts, let vote):
      votes.insert(vote)
      for part in parts { votes.formUnion(part.votes) }
    case .firstOf(let parts): for part in parts { votes.formUnion(part.votes) }
    case .otherwise(let vote): votes.insert(vote)
    case .prompt(let rule): votes.formUnion(rule.answers.map(\.vote))
    case .related(let rule): votes.insert(rule.vote)
    case .unless(let node, _), .within(_, let node): votes = node.votes
    default: break
    }
    return votes.filter { $0 >= 0 }
  }
}
