import Yams

/// The section on rules that ask a language model.
extension ConfigurationReader {
  func languageModel(_ node: Node) throws(HunchError) -> LanguageModelConfiguration {
    let section = "language_model"
    let keys = try self.section(
      node, section,
      [
        "model", "budget", "prices", "concurrency", "timeout", "sample", "splits",
        "questions_per_call", "calibrate", "temperature",
      ])
    guard let model = keys["model"] else {
      throw .configurationMissingKey(
        path: path, key: "\(section): model", reason: "the name by which the service knows it")
    }
    var configuration = LanguageModelConfiguration(model: try string(model, "model"))
    if let node = keys["prices"] {
      let prices = try self.section(node, "\(section): prices", ["input", "output"])
      let expected = "the money for a million tokens, such as { input: 0.15, output: 0.6 }"
      guard let input = prices["input"], let output = prices["output"] else {
        throw invalid(node, "prices", expected)
      }
      configuration.prices = LanguageModelConfiguration.Prices(
        input: try amount(input, "input", expected), output: try amount(output, "output", expected))
    }
    if let node = keys["budget"] {
      configuration.budget = try budget(node, "\(section): budget")
      if configuration.budget.money != nil, configuration.prices == nil {
        throw invalid(node, "money", "given together with 'language_model: prices:'")
      }
    }
    if let node = keys["concurrency"] {
      configuration.concurrency = try count(node, "concurrency", 1...256)
    }
    if let node = keys["timeout"] {
      configuration.timeout = try count(node, "timeout", 1...86_400)
    }
    if let node = keys["questions_per_call"] {
      configuration.questionsPerCall = try count(node, "questions_per_call", 1...64)
    }
    if let node = keys["calibrate"] {
      configuration.calibrates = try isFirst(node, "calibrate", of: "true", or: "false")
    }
    if let node = keys["temperature"] {
      configuration.temperature = try amount(node, "temperature", "a number from 0, such as 0")
    }
    if let node = keys["sample"] { configuration.sample = try sample(node, "\(section): sample") }
    if let node = keys["splits"] { configuration.splits = try splits(node) }
    return configuration
  }

  private func budget(
    _ node: Node, _ name: String
  ) throws(HunchError) -> LanguageModelConfiguration.Budget {
    let keys = try section(node, name, ["requests", "tokens", "money"])
    var budget = LanguageModelConfiguration.Budget()
    if let node = keys["requests"] { budget.requests = try count(node, "requests", 0...Int.max) }
    if let node = keys["tokens"] { budget.tokens = try count(node, "tokens", 0...Int.max) }
    if let node = keys["money"] {
      budget.money = try amount(node, "money", "an amount in the currency of 'prices', such as 5")
    }
    return budget
  }

  private func sample(
    _ node: Node, _ name: String
  ) throws(HunchError) -> LanguageModelConfiguration.Sample {
    let keys = try section(node, name, ["documents", "by"])
    guard let documents = keys["documents"] else {
      throw invalid(node, "sample", "given a number of 'documents'")
    }
    var sample = LanguageModelConfiguration.Sample(
      documents: try count(documents, "documents", 1...10_000_000))
    if let node = keys["by"] { sample.order = try oneOf(node, "by") }
    return sample
  }

  private func splits(_ node: Node) throws(HunchError) -> [Split] {
    let expected = "a list of splits, such as [train, valid, test]"
    var found: Set<Split> = []
    for item in try items(node, "splits", expected, atLeast: 1) {
      guard let split = Split(named: try string(item, "splits")), found.insert(split).inserted
      else { throw invalid(item, "splits", expected) }
    }
    return Split.allCases.filter(found.contains)
  }

  private func amount(
    _ node: Node, _ key: String, _ expected: String
  ) throws(HunchError) -> Double {
    guard let number = Double(try string(node, key)), number >= 0, number < 1e12 else {
      throw invalid(node, key, expected)
    }
    return number
  }
}
