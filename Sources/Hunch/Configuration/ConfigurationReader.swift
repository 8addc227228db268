import Foundation
import HunchLabeling
import Yams

/// Reads `hunch.yaml` strictly: a key that is not known is an error that names the nearest one.
struct ConfigurationReader {
  let path: String

  func read() throws(HunchError) -> ProjectConfiguration {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .configurationMissing(path: path)
    }
    guard let data = FileManager.default.contents(atPath: path),
      let yaml = String(data: data, encoding: .utf8)
    else {
      throw .configurationSyntax(path: path, line: nil, problem: "the file is not readable UTF-8")
    }
    return try parse(yaml)
  }

  func parse(_ yaml: String) throws(HunchError) -> ProjectConfiguration {
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml, .basic)
    } catch {
      throw syntaxError(error)
    }
    guard let root else {
      throw .configurationMissingKey(path: path, key: "corpus", reason: "the file is empty")
    }
    let top = try section(root, "", Self.keys)
    guard let corpus = top["corpus"] else {
      throw .configurationMissingKey(
        path: path, key: "corpus", reason: "it says where the documents are")
    }
    var configuration = ProjectConfiguration(corpus: try self.corpus(corpus))
    if let node = top["rules"] { configuration.rules = try rules(node) }
    configuration.pack = try string(top, "pack")
    if let node = top["labels"] { configuration.labels = try labels(node) }
    if let node = top["label_descriptions"] {
      configuration.labelDescriptions = try labelDescriptions(node)
    }
    if let node = top["votes"] { configuration.votes = try votes(node) }
    if let node = top["knowledge"] { configuration.knowledge = try knowledge(node) }
    if let node = top["class_balance"] { configuration.classBalance = try balance(node) }
    if let node = top["decision_balance"] {
      configuration.decisionBalance = try decisionBalance(node)
    }
    if let node = top["function_groups"] { configuration.functionGroups = try groups(node) }
    if let node = top["end_model"] { configuration.endModel = try endModel(node) }
    if let node = top["features"] {
      configuration.features = try features(node, beside: configuration.corpus)
    }
    if let node = top["end_model"], !configuration.features.isEmpty {
      if configuration.endModel.streams {
        throw invalid(node, "beyond_memory", "sample where there are 'features'")
      }
      if configuration.endModel.isParameterFree {
        throw invalid(node, "training", "automatic where there are 'features'")
      }
    }
    if let node = top["language_model"] { configuration.languageModel = try languageModel(node) }
    if let node = top["checks"] { configuration.checks = try checks(node) }
    if let name = try string(top, "label_model") { configuration.labelModel = name }
    if let node = top["label_model_gold"] {
      let isUnused = try isFirst(node, "label_model_gold", of: "none", or: "valid")
      configuration.labelModelGold = isUnused ? .unused : .valid
    }
    if let node = top["seed"] {
      guard let seed = UInt64(try string(node, "seed")) else {
        throw invalid(node, "seed", "a whole number that is not negative")
      }
      configuration.seed = seed
    }
    return configuration
  }

  /// The keys of the file.
  static let keys = [
    "rules", "pack", "labels", "label_descriptions", "corpus", "votes", "knowledge",
    "class_balance", "label_model", "label_model_gold", "decision_balance", "function_groups",
    "end_model", "features", "seed", "language_model", "checks",
  ]

  // MARK: - Sections

  private func corpus(_ node: Node) throws(HunchError) -> CorpusConfiguration {
    let keys = try section(
      node, "corpus", ["path", "table", "query", "id", "text", "gold", "split", "gold_use"])
    func required(_ key: String, _ reason: String) throws(HunchError) -> String {
      guard let value = keys[key] else {
        throw .configurationMissingKey(path: path, key: "corpus: \(key)", reason: reason)
      }
      return try string(value, key)
    }
    let source: CorpusConfiguration.Source
    switch (try string(keys, "table"), try string(keys, "query")) {
    case (let table?, nil): source = .table(table)
    case (nil, let query?): source = .query(query)
    case (nil, nil):
      throw .configurationMissingKey(
        path: path, key: "corpus: table", reason: "name a table or view, or give a 'query'")
    case (_?, _?):
      throw invalid(node, "corpus", "either a 'table' or a 'query', not both")
    }
    return CorpusConfiguration(
      path: try required("path", "the SQLite file with the documents"), source: source,
      id: try required("id", "the column with the documents' ids"),
      text: try required("text", "the column with the documents' texts"),
      gold: try string(keys, "gold"), split: try string(keys, "split"),
      goldUse: try string(keys, "gold_use"))
  }

  private func rules(_ node: Node) throws(HunchError) -> [RulePath] {
    let nodes = if case .sequence(let items) = node { Array(items) } else { [node] }
    let expected = "a Swift file, a folder of them, or a list of such paths"
    var paths: [RulePath] = []
    for node in nodes {
      guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
        throw invalid(node, "rules", expected)
      }
      paths.append(RulePath(path: scalar.string, line: node.mark?.line ?? 1))
    }
    if paths.isEmpty { throw invalid(node, "rules", expected) }
    return paths
  }

  private func labels(_ node: Node) throws(HunchError) -> [String] {
    let expected = "a list of at least two different class names"
    let items = try items(node, "labels", expected, atLeast: 2)
    if items.count > Vote.mostClasses {
      throw invalid(
        node, "labels", "a list of at most \(Vote.mostClasses) class names; it has \(items.count)")
    }
    var names: [String] = []
    var known: Set<String> = []
    for item in items {
      let name = try string(item, "labels")
      if name.trimmed.isEmpty { throw invalid(item, "labels", expected + ", none of them blank") }
      if !known.insert(name).inserted { throw invalid(item, "labels", expected) }
      names.append(name)
    }
    return names
  }

  private func labelDescriptions(_ node: Node) throws(HunchError) -> [LabelDescription] {
    let key = "label_descriptions"
    guard case .mapping(let mapping) = node else {
      throw invalid(node, key, "a sentence for each class that needs one")
    }
    return try mapping.map { name, value throws(HunchError) in
      LabelDescription(
        label: try string(name, key), text: try string(value, key), line: name.mark?.line ?? 1)
    }
  }

  private func balance(_ node: Node) throws(HunchError) -> ClassBalance {
    let expected = "uniform, estimate, valid, or a share for each class"
    if let shares = try shares(node, "class_balance", expected) { return .given(shares) }
    guard let balance = ClassBalance(named: try string(node, "class_balance")) else {
      throw invalid(node, "class_balance", expected)
    }
    return balance
  }

  private func decisionBalance(_ node: Node) throws(HunchError) -> DecisionBalance {
    let expected = "same, uniform, or a share for each class"
    if let shares = try shares(node, "decision_balance", expected) { return .given(shares) }
    guard let balance = DecisionBalance(named: try string(node, "decision_balance")) else {
      throw invalid(node, "decision_balance", expected)
    }
    return balance
  }

  /// The shares by class name; nil for what is no mapping.
  private func shares(
    _ node: Node, _ key: String, _ expected: String
  ) throws(HunchError) -> [String: Double]? {
    guard case .mapping(let mapping) = node else { return nil }
    var shares: [String: Double] = [:]
    for (name, value) in mapping {
      guard let share = Double(try string(value, key)) else { throw invalid(value, key, expected) }
      shares[try string(name, key)] = share
    }
    return shares
  }

  private func endModel(_ node: Node) throws(HunchError) -> EndModelConfiguration {
    var endModel = EndModelConfiguration()
    let keys = try section(
      node, "end_model", ["documents", "weights", "cut", "beyond_memory", "training"])
    if let value = keys["documents"] { endModel.documents = try oneOf(value, "documents") }
    if let value = keys["weights"] {
      endModel.weighsConfidence = try !isFirst(value, "weights", of: "equal", or: "confidence")
    }
    if let value = keys["cut"] {
      guard let share = Double(try string(value, "cut")), share > 0, share <= 1 else {
        throw invalid(value, "cut", "a share above 0 and up to 1, such as 0.9")
      }
      endModel.cut = share
    }
    if let value = keys["beyond_memory"] {
      endModel.streams = try !isFirst(value, "beyond_memory", of: "sample", or: "stream")
    }
    if let value = keys["training"] {
      endModel.isParameterFree = try !isFirst(
        value, "training", of: "automatic", or: "parameter-free")
    }
    // Documents that count differently are learned from in memory, by another method.
    if endModel.weighsConfidence || endModel.documents == .selfTraining {
      let unequal = "where 'documents: self-training' or 'weights: confidence' is set"
      if endModel.streams, let value = keys["beyond_memory"] {
        throw invalid(value, "beyond_memory", "sample \(unequal)")
      }
      if endModel.isParameterFree, let value = keys["training"] {
        throw invalid(value, "training", "automatic \(unequal)")
      }
    }
    return endModel
  }

  private func groups(_ node: Node) throws(HunchError) -> [FunctionGroup] {
    let key = "function_groups"
    let expected = "a list of lists of at least two different function names"
    var groups: [FunctionGroup] = []
    var seen: Set<String> = []
    for item in try items(node, key, expected) {
      var names: [String] = []
      for member in try items(item, key, expected, atLeast: 2) {
        let name = try string(member, key)
        if !seen.insert(name).inserted {
          throw invalid(
            member, key,
            names.contains(name) ? expected : "groups of which '\(name)' is in one only")
        }
        names.append(name)
      }
      groups.append(FunctionGroup(names, line: item.mark?.line ?? 1))
    }
    return groups
  }

  // MARK: - Nodes

  /// The keys of a mapping, all of them known.
  func section(
    _ node: Node, _ name: String, _ known: [String]
  ) throws(HunchError) -> [String: Node] {
    guard case .mapping(let mapping) = node else {
      throw invalid(node, name.isEmpty ? "hunch.yaml" : name, "a list of 'key: value' lines")
    }
    var values: [String: Node] = [:]
    for (keyNode, value) in mapping {
      let key = try string(keyNode, name)
      guard known.contains(key) else {
        throw .configurationKey(
          path: path, line: keyNode.mark?.line ?? 1, key: key, section: name,
          known: known)
      }
      values[key] = value
    }
    return values
  }

  func string(_ node: Node, _ key: String) throws(HunchError) -> String {
    guard case .scalar(let scalar) = node else { throw invalid(node, key, "a single value") }
    return scalar.string
  }

  /// The value of a key of a section, if it has one.
  func string(_ keys: [String: Node], _ key: String) throws(HunchError) -> String? {
    guard let node = keys[key] else { return nil }
    return try string(node, key)
  }

  /// The items of a list.
  func items(
    _ node: Node, _ key: String, _ expected: String, atLeast least: Int = 0
  ) throws(HunchError) -> [Node] {
    guard case .sequence(let items) = node, items.count >= least else {
      throw invalid(node, key, expected)
    }
    return Array(items)
  }

  /// Whether a value is the first of two words.
  func isFirst(
    _ node: Node, _ key: String, of first: String, or second: String
  ) throws(HunchError) -> Bool {
    let word = try string(node, key)
    if word != first, word != second { throw invalid(node, key, "\(first) or \(second)") }
    return word == first
  }

  /// The choice that a value names.
  func oneOf<Choice: CaseIterable & RawRepresentable<String>>(
    _ node: Node, _ key: String
  ) throws(HunchError) -> Choice {
    if let choice = Choice(rawValue: try string(node, key)) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw invalid(node, key, "one of \(names)")
  }

  /// A whole number in a range.
  func count(
    _ node: Node, _ key: String, _ range: ClosedRange<Int>
  ) throws(HunchError) -> Int {
    if let number = Int(try string(node, key)), range.contains(number) { return number }
    let end = range.upperBound == .max ? "" : " to \(range.upperBound)"
    throw invalid(node, key, "a whole number from \(range.lowerBound)\(end)")
  }

  func invalid(_ node: Node, _ key: String, _ expected: String) -> HunchError {
    .configurationValue(path: path, line: node.mark?.line ?? 1, key: key, expected: expected)
  }

  private func syntaxError(_ error: any Error) -> HunchError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return .configurationSyntax(path: path, line: mark.line, problem: problem)
    case .duplicatedKeysInMapping(let keys, _):
      let names = keys.map { "'\($0)'" }.joined(separator: ", ")
      return .configurationSyntax(path: path, line: nil, problem: "\(names) given twice")
    default:
      return .configurationSyntax(path: path, line: nil, problem: "the file cannot be parsed")
    }
  }
}

extension ClassBalance {
  /// The balance that a word of the configuration or the command line means.
  package init?(named name: String) {
    switch name {
    case "uniform": self = .uniform
    case "valid": self = .valid
    case "estimate": self = .estimate
    default: return nil
    }
  }
}

extension DecisionBalance {
  /// The balance that a word of the configuration or the command line means.
  package init?(named name: String) {
    switch name {
    case "same": self = .same
    case "uniform": self = .uniform
    default: return nil
    }
  }
}
