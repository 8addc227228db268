import HunchModels

/// What a run was asked for, by key, as words: what stands in `hunch.yaml`, with what the command
/// line changed.
enum RunSettings {
  /// The settings of a project that a result can depend on.
  static func of(_ project: Project) -> [String: String] {
    let configuration = project.configuration
    var settings: [String: String] = [
      "rules": configuration.rules ?? "none",
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
      settings["votes"] = configuration.votes.joined(separator: ", ")
    }
    for base in configuration.knowledge {
      settings["knowledge.\(base.name)"] =
        switch base.source {
        case .file(let path): "\(path), key \(base.key)"
        case .sqlite(let path, let table): "\(path), table \(table), key \(base.key)"
        }
    }
    if !configuration.functionGroups.isEmpty {
      settings["function_groups"] = configuration.functionGroups.map {
        $0.functions.joined(separator: " + ")
      }.joined(separator: "; ")
    }
    if !configuration.features.isEmpty { settings["features"] = "\(configuration.features)" }
    return settings
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
