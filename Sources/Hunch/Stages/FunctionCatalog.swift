import HunchLabeling

/// All labeling functions of a project in report order: the pack's, then those of vote files. And
/// the pack's slices.
struct FunctionCatalog: Sendable {
  private(set) var functions: [CatalogFunction]
  /// The questions that functions ask language models.
  let prompts: [PromptQuestion]
  /// The pack's slices; their votes are 0 and reach no label model.
  let slices: [CatalogFunction]
  /// The fingerprints of the functions without answers of language models.
  private let definitions: [String]
  let files: [any VoteSource]
  let knowledge: [String: KnowledgeBase]

  /// Functions and slices: whatever is run over the documents.
  var evaluated: [CatalogFunction] { functions + slices }

  /// Where the votes of one of ``evaluated`` come from, and the question that it asks.
  ///
  /// - Complexity: O(1), where ``evaluated`` copies all functions.
  func source(of index: Int) -> (origin: CatalogFunction.Origin, prompt: Int?) {
    let count = functions.count
    if index >= count { return (slices[index - count].origin, nil) }
    return (functions[index].origin, functions[index].prompt)
  }

  /// Lists the functions and computes their fingerprints.
  ///
  /// - Parameter gold: The gold labels that may choose thresholds of scores.
  init(
    _ project: Project, _ options: SessionOptions,
    gold: () throws -> ThresholdGold = { ThresholdGold() }
  ) throws {
    knowledge = try KnowledgeSource(project: project, options: options).load()
    files = try project.configuration.votes.map { try $0.source(project, gold: gold) }
    let prompts = try project.prompts()
    self.prompts = prompts.sorted { $0.key < $1.key }.map(\.value)
    var functions: [CatalogFunction] = []
    var slices: [CatalogFunction] = []
    if let pack = project.pack {
      do { try RuleProgram.check(pack, knowledge: knowledge) } catch {
        throw HunchError.rule(error)
      }
      let rules = Self.rules(of: pack, knowledge)
      functions = Array(rules.prefix(pack.functions.count))
      for (place, index) in prompts.keys.sorted().enumerated() {
        functions[index].prompt = place
        functions[index].aspect = .texts
      }
      slices = Array(rules.dropFirst(pack.functions.count))
    }
    var names = Set(functions.map(\.name))
    for (fileIndex, file) in files.enumerated() {
      for (column, function) in file.functions.enumerated() {
        guard names.insert(function.name).inserted else {
          throw HunchError.functionNameTaken(function.name, path: file.path)
        }
        var parts = FunctionParts()
        for part in file.parts { parts.add(part.name, part.text) }
        parts.add("classes", project.labels.joined(separator: "\n"))
        functions.append(
          CatalogFunction(
            name: function.name, kind: function.kind, summary: function.summary,
            origin: .file(fileIndex, column: column), aspect: .ids,
            fingerprint: file.fingerprint(of: function, labels: project.labels), parts: parts))
      }
    }
    if functions.isEmpty { throw HunchError.noFunctions }
    self.functions = functions
    self.slices = slices
    definitions = functions.map(\.fingerprint)
  }

  /// Puts what stands for the answers to each question into the fingerprint of the function that asks
  /// it.
  mutating func setAnswers(_ states: [String]) {
    for index in functions.indices {
      guard let prompt = functions[index].prompt else { continue }
      var hash = ContentHash("prompt-rule-1")
      hash.add(definitions[index])
      hash.add(prompts[prompt].key)
      hash.add(states[prompt])
      functions[index].fingerprint = hash.finish()
      functions[index].parts.add("language model and question", prompts[prompt].key)
      functions[index].parts.add("answers", states[prompt])
    }
  }

  private static func rules(
    of pack: RulePack, _ knowledge: [String: KnowledgeBase]
  ) -> [CatalogFunction] {
    var bases: [String: String] = [:]
    for (name, base) in knowledge { bases[name] = KnowledgeSource.identity(of: base) }
    let definitions = pack.definitions
    let forms = definitions.map { CanonicalForm($0, labels: pack.labels) }
    let closures = forms.contains(where: \.hasClosure) ? ClosureSources(pack) : nil
    return definitions.indices.map { index in
      let function = definitions[index]
      var hash = ContentHash("rule-1")
      var parts = FunctionParts()
      hash.add(forms[index].text)
      parts.add("definition", forms[index].text)
      if forms[index].hasClosure, let closures {
        let source = closures.identity(of: function)
        hash.add(source)
        parts.add("source of its closure", source)
      }
      for base in forms[index].bases {
        hash.add(bases[base] ?? "")
        parts.add("knowledge base '\(base)'", bases[base] ?? "")
      }
      let readsFields = !pack.fields(of: [index]).isEmpty
      return CatalogFunction(
        name: function.name ?? "", kind: index < pack.functions.count ? function.kind : "slice",
        summary: function.summary,
        origin: .rule(index), aspect: readsFields ? .rows : .texts, fingerprint: hash.finish(),
        parts: parts, otherwise: function.otherwise)
    }
  }
}
