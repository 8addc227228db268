import HunchModels

/// What a run was asked for, by key, as words: what stands in `hunch.yaml`, with what the command
/// line changed.
enum RunSettings {
  /// The settings of a project that a result can depend on.
  static func of(_ project: Project) -> [String: String] {
    let configuration = project.configuration
    var settings: [String: String] = [
      "rules": configuration.rules.isEmpty
        ? configuration.pack ?? "none" : configuration.rules.map(\.path).joined(separator: ", "),
      "labels": project.labels.joined(separator: ", "),
      "label_model": configuration.labelModel,
      "class_balance": words(configuration.classBalance),
      "decision_balance": words(configuration.decisionBalance),
      "label_model_gold": words(configuration.labelModelGold),
      "end_model.documents": configuration.endModel.documents.rawValue,
      "end_model.weights": configuration.endModel.weighsConfidence ? "confidence" : "equal",
      "end_model.cut": "\(configuration.endModel.cut)",
      "end_model.beyond_memory": configuration.endModel.streams ? "stream" : "sample",
      "seed": "\(configuration.seed)",
    ]
    if configuration.endModel.isParameterFree { settings["end_model.training"] = "parameter-free" }
    let corpus = configuration.corpus
    settings["corpus.path"] = corpus.path
    settings["corpus.source"] =
      switch corpus.source {
      case .table(let name): "table \(name)"
      case .query(let query): query
      }
    settings["corpus.id"] = corpus.id
    settings["corpus.text"] = corpus.text
    settings["corpus.gold"] = corpus.gold
    settings["corpus.split"] = corpus.split
    settings["corpus.gold_use"] = corpus.goldUse
    if !configuration.votes.isEmpty {
      settings["votes"] = configuration.votes.map(\.words).joined(separator: ", ")
    }
    for base in configuration.knowledge {
      settings["knowledge.\(base.name)"] = words(base)
    }
    if !configuration.functionGroups.isEmpty {
      settings["function_groups"] = configuration.functionGroups.map {
        $0.functions.joined(separator: " + ")
      }.joined(separator: "; ")
    }
    if let model = configuration.languageModel {
      let sample = model.sample.map { "\($0.documents) by \($0.order.rawValue)" } ?? "all"
      settings["language_model"] =
        "\(model.model), \(sample) of \(model.splits.map(\.name).joined(separator: " and ")), "
        + "\(model.questionsPerCall) a call, calibrate \(model.calibrates)"
    }
    if !configuration.features.isEmpty { settings["features"] = "\(configuration.features)" }
    return settings
  }

  private static func words(_ base: KnowledgeConfiguration) -> String {
    func words(_ source: KnowledgeConfiguration.Source) -> String {
      switch source {
      case .file(let path): path
      case .sqlite(let path, let table): "\(path), table \(table)"
      }
    }
    func words(_ names: [KnowledgeConfiguration.Names]) -> String {
      names.map { $0.column + ($0.separator.map { " by '\($0)'" } ?? "") }
        .joined(separator: " + ")
    }
    var text = "\(words(base.source)), key \(base.key)"
    if let names = base.names { text += ", names \(words(names))" }
    for join in base.joins {
      text += "; \(words(join.source)), key \(join.key)"
      if let on = join.on { text += " on \(on)" }
      if !join.names.isEmpty { text += ", names \(words(join.names))" }
      if let columns = join.columns { text += ", columns \(columns.joined(separator: " + "))" }
      if !join.prefix.isEmpty { text += ", prefix \(join.prefix)" }
    }
    return text
  }

  private static func words(_ balance: ClassBalance?) -> String {
    switch balance {
    case nil: "left to the label model"
    case .uniform: "uniform"
    case .valid: "valid"
    case .estimate: "estimate"
    case .given(let shares): words(shares)
    }
  }

  private static func words(_ balance: DecisionBalance) -> String {
    switch balance {
    case .same: "same"
    case .uniform: "uniform"
    case .given(let shares): words(shares)
    }
  }

  private static func words(_ gold: LabelModelGold?) -> String {
    switch gold {
    case nil: "repair gold"
    case .unused: "none"
    case .valid: "valid"
    }
  }

  private static func words(_ shares: [String: Double]) -> String {
    shares.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
  }
}
