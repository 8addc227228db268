import HunchLabeling

/// The drafted functions of an answer that can be run, and what is wrong with the others.
struct DraftCandidates {
  /// A function that can be run.
  struct Candidate {
    var name: String
    var label: Int
    var kind: String
    var swift: String
    var definition: RuleDefinition
    /// The names of a gazetteer; empty for another kind.
    var names: [String]
  }

  /// What became of an entry of the answer.
  enum Entry {
    case rejected(DraftReport.Function)
    /// The candidate at this place.
    case candidate(Int)
  }

  private(set) var entries: [Entry] = []
  private(set) var candidates: [Candidate] = []
  private let labels: [String]

  init(_ answer: DraftAnswer, project: Project, names: DraftNames) {
    labels = project.labels
    var names = names
    for entry in answer.entries {
      switch entry {
      case .malformed(let name, let problem):
        reject(name ?? "", nil, nil, problem)
      case .rule(let rule):
        guard let label = project.labels.firstIndex(of: rule.label) else {
          reject(
            rule.name ?? "", rule.label, rule.kind.rawValue,
            "its class is none of \(project.labels.joined(separator: ", "))")
          continue
        }
        add(rule, label, project, &names)
      }
    }
  }

  /// Takes candidates back, each with its problem.
  mutating func reject(_ problems: [Int: String]) {
    if problems.isEmpty { return }
    var kept: [Candidate] = []
    for place in entries.indices {
      guard case .candidate(let index) = entries[place] else { continue }
      let candidate = candidates[index]
      if let problem = problems[index] {
        entries[place] = .rejected(
          DraftReport.Function(
            name: candidate.name, label: labels[candidate.label], kind: candidate.kind,
            isAccepted: false, problem: problem, swift: candidate.swift))
      } else {
        entries[place] = .candidate(kept.count)
        kept.append(candidate)
      }
    }
    candidates = kept
  }

  private mutating func reject(
    _ name: String, _ label: String?, _ kind: String?, _ problem: String
  ) {
    entries.append(
      .rejected(
        DraftReport.Function(
          name: name, label: label, kind: kind, isAccepted: false, problem: problem)))
  }

  private mutating func add(
    _ rule: DraftedRule, _ label: Int, _ project: Project, _ names: inout DraftNames
  ) {
    let name = names.name(for: rule)
    let (texts, vote) = (rule.texts, Int16(label))
    let caseName = project.pack?.caseNames[label] ?? "class\(label)"
    let swift =
      switch rule.kind {
      case .keywords: SwiftSource.keywords(name, texts, caseName: caseName)
      case .pattern: SwiftSource.pattern(name, texts[0], caseName: caseName)
      case .gazetteer: SwiftSource.gazetteer(name, in: name, caseName: caseName)
      }
    // A gazetteer that always votes for one class votes where keywords would.
    let definition: RuleDefinition =
      rule.kind == .pattern
      ? .pattern(name, texts[0], vote: vote) : .keywords(name, texts, vote: vote)
    var candidate = Candidate(
      name: name, label: label, kind: rule.kind.rawValue, swift: swift, definition: definition,
      names: rule.kind == .gazetteer ? texts : [])
    if let reason = rule.reason, !reason.isEmpty {
      candidate.swift += "\n.described(\(SwiftSource.literal(String(reason.prefix(100)))))"
    }
    do {
      try RulePack(name: "draft", labels: project.labels, functions: [candidate.definition])
        .validate()
    } catch {
      reject(name, rule.label, rule.kind.rawValue, Self.words(for: error))
      return
    }
    entries.append(.candidate(candidates.count))
    candidates.append(candidate)
  }

  /// What is wrong with a rule, without the place in the source, which a draft does not have.
  private static func words(for error: RuleError) -> String {
    if case .badPattern(_, let syntax, _) = error { return "not a pattern: \(syntax)" }
    return "\(error)"
  }
}

/// Gives drafted functions names that say that they are drafted and that nothing else has.
struct DraftNames {
  private var taken: Set<String>

  init(taken: [String]) { self.taken = Set(taken) }

  /// `drafted_` and the name that the model gave, or else the class and the first word, with a
  /// number where that is taken.
  mutating func name(for rule: DraftedRule) -> String {
    var stem = SwiftSource.plain(rule.name ?? "")
    if stem.allSatisfy({ $0 == "_" }) {
      let word = rule.kind == .pattern ? "pattern" : rule.texts.first ?? ""
      stem = SwiftSource.plain("\(rule.label)_\(word)")
    }
    stem = "drafted_" + String(stem.lowercased().prefix(48))
    var name = stem
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    return name
  }
}
