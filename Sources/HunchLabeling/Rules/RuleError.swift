/// What can be wrong with a rule pack, found before any document is read.
public enum RuleError: Error, Sendable, CustomStringConvertible {
  case tooFewLabels(pack: String)
  case tooManyLabels(pack: String, Int)
  case blankLabel(pack: String)
  case emptyPack(String)
  case unnamed(pack: String, position: Int, place: RulePlace)
  case badName(String, place: RulePlace)
  case duplicateName(String, first: RulePlace, second: RulePlace)
  case neverVotes(String, place: RulePlace)
  case emptyKeywords(String, place: RulePlace)
  case emptyCombination(String, kind: String, place: RulePlace)
  case nestedPair(String, place: RulePlace)
  case badPattern(String, PatternSyntaxError, place: RulePlace)
  case badPrompt(String, problem: String, place: RulePlace)
  case examplesInside(String, place: RulePlace)
  case partStandsAlone(String, kind: String, part: String, place: RulePlace)
  case missingKnowledge(String, base: String, known: [String], place: RulePlace)
  case missingKnowledgeColumn(
    String, base: String, source: String, column: String, known: [String], place: RulePlace)
  case unknownClass(
    String, base: String, source: String, row: Int, column: String, labels: [String],
    place: RulePlace)

  /// The message for the author of the rule: which rule, where, what is wrong and what to do.
  public var description: String {
    switch self {
    case .tooFewLabels(let pack):
      "rule pack '\(pack)' has fewer than two classes; add cases to its label enum"
    case .tooManyLabels(let pack, let count):
      "rule pack '\(pack)' has \(count) classes, and there can be \(Vote.mostClasses) at most; "
        + "merge some cases of its label enum"
    case .blankLabel(let pack):
      "rule pack '\(pack)' has a class without a name, which nothing could tell from a cell without a "
        + "class; give the case of its label enum another raw value"
    case .emptyPack(let pack):
      "rule pack '\(pack)' has no rules; add one to its list"
    case .unnamed(let pack, let position, let place):
      "\(place): rule number \(position) of pack '\(pack)' has no name; give one as its first "
        + "argument (only the parts of a combined rule go without)"
    case .badName(let name, let place):
      "\(place): a rule cannot be named '\(name)'; a name is one line of text and not 'id', which "
        + "is the column of the ids in files of votes"
    case .duplicateName(let name, let first, let second):
      "\(second): a second rule is named '\(name)'; the first stands at \(first). Rename one"
    case .neverVotes(let name, let place):
      "\(place): rule '\(name)' can apply without naming a class; add 'votes:' to it or to "
        + "its parts"
    case .emptyKeywords(let name, let place):
      "\(place): rule '\(name)' has no keywords, or one that is blank and would match anything"
    case .emptyCombination(let name, let kind, let place):
      "\(place): rule '\(name)' has an empty list of parts in '\(kind)'"
    case .nestedPair(let name, let place):
      "\(place): rule '\(name)' has a rule about a pair inside 'within', which sees a part of the "
        + "text alone; put them side by side in 'All { … }'"
    case .badPattern(let name, let error, let place):
      "\(place): the pattern of rule '\(name)' is not valid:\n\(error)"
    case .badPrompt(let name, let problem, let place):
      "\(place): rule '\(name)' \(problem)"
    case .examplesInside(let name, let place):
      "\(place): rule '\(name)' has a part with 'expects', which nothing would run; say what the whole "
        + "rule should vote"
    case .partStandsAlone(let name, let kind, let part, let place):
      "\(place): '\(name)' (\(kind)) has a part that "
        + (part == "prompt"
          ? "asks a language model; a Prompt" : "votes where no other rule does; an Otherwise")
        + " stands by itself among the rules, neither in a combination nor in a slice, and takes no "
        + "'unless'"
    case .missingKnowledge(let name, let base, let known, let place):
      "\(place): rule '\(name)' looks into the knowledge base '\(base)', which hunch.yaml does "
        + "not name" + Self.suggestion(base, known, label: "bases there")
    case .missingKnowledgeColumn(let name, let base, let source, let column, let known, let place):
      "\(place): rule '\(name)' reads column '\(column)' of the knowledge base '\(base)' "
        + "(\(source)), which has none" + Self.suggestion(column, known, label: "columns there")
    case .unknownClass(let name, let base, let source, let row, let column, let labels, let place):
      "\(place): rule '\(name)': row \(row) of the knowledge base '\(base)' (\(source)) has a "
        + "value in column '\(column)' that is no class; the classes are "
        + "\(labels.joined(separator: ", ")). Correct it, or say what the values mean with "
        + "'classes:'"
    }
  }

  private static func suggestion(_ name: String, _ known: [String], label: String) -> String {
    if known.isEmpty { return "" }
    if let near = nearest(name, in: known) { return "; did you mean '\(near)'?" }
    return "; \(label): \(known.joined(separator: ", "))"
  }
}

extension RulePlace: CustomStringConvertible {
  /// The file and line, as compilers print them.
  public var description: String { "\(fileID):\(line)" }
}
