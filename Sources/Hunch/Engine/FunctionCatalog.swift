import HunchLabeling

/// A labeling function of a project, wherever its votes come from.
struct CatalogFunction: Sendable {
  /// Where the votes come from.
  enum Origin: Sendable, Equatable {
    /// The rule at this place of the pack; slices count on behind the functions.
    case rule(Int)
    /// The column of a votes file: index of the file, index among its functions.
    case file(Int, column: Int)
  }

  var name: String
  var kind: String
  var summary: String?
  var origin: Origin
  var aspect: ChunkAspect
  var fingerprint: String
  /// What the fingerprint is made of.
  var parts: FunctionParts
}

/// What a function's votes depend on, each part by its hash, to say later which of them changed.
struct FunctionParts: Sendable, Equatable {
  /// Such as `definition` or `knowledge base 'artists'`.
  private(set) var hashes: [String: String] = [:]

  mutating func add(_ part: String, _ text: String) {
    var hash = ContentHash("part-1")
    hash.add(text)
    hashes[part] = String(hash.finish().prefix(16))
  }

  /// One line per part.
  var encoded: String {
    hashes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: "\n")
  }

  /// The parts that are not the same in an encoded description, sorted.
  func differences(from encoded: String) -> [String] {
    var others: [String: String] = [:]
    for line in encoded.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2 { others[String(words[1])] = String(words[0]) }
    }
    return Set(hashes.keys).union(others.keys).filter { hashes[$0] != others[$0] }.sorted()
  }
}

/// All labeling functions of a project in report order: the pack's, then those of vote files. And
/// the pack's slices.
struct FunctionCatalog: Sendable {
  let functions: [CatalogFunction]
  /// The pack's slices; their votes are 0 and reach no label model.
  let slices: [CatalogFunction]
  let files: [VoteFile]
  let knowledge: [String: KnowledgeBase]

  /// Functions and slices: whatever is run over the documents.
  var evaluated: [CatalogFunction] { functions + slices }

  /// Lists the functions and computes their fingerprints.
  init(_ project: Project) throws {
    knowledge = try KnowledgeSource(project: project).load()
    files = try project.configuration.votes.map { try VoteFile(path: project.resolve($0)) }
    var functions: [CatalogFunction] = []
    var slices: [CatalogFunction] = []
    if let pack = project.pack {
      do { try RuleProgram.check(pack, knowledge: knowledge) } catch {
        throw HunchError.rule(error)
      }
      let rules = Self.rules(of: pack, knowledge)
      functions = Array(rules.prefix(pack.functions.count))
      slices = Array(rules.dropFirst(pack.functions.count))
    }
    var names = Set(functions.map(\.name))
    for (fileIndex, file) in files.enumerated() {
      for (column, name) in file.functions.enumerated() {
        guard names.insert(name).inserted else {
          throw HunchError.functionNameTaken(name, path: file.path)
        }
        var hash = ContentHash("votes-file-1")
        hash.add(file.content)
        hash.add(name)
        for label in project.labels { hash.add(label) }
        var parts = FunctionParts()
        parts.add("votes file", file.content)
        parts.add("classes", project.labels.joined(separator: "\n"))
        functions.append(
          CatalogFunction(
            name: name, kind: "votes-file", summary: nil,
            origin: .file(fileIndex, column: column), aspect: .ids, fingerprint: hash.finish(),
            parts: parts))
      }
    }
    if functions.isEmpty { throw HunchError.noFunctions }
    self.functions = functions
    self.slices = slices
  }

  private static func rules(
    of pack: RulePack, _ knowledge: [String: KnowledgeBase]
  ) -> [CatalogFunction] {
    var bases: [String: String] = [:]
    for (name, base) in knowledge {
      var hash = ContentHash("knowledge-1")
      base.hash { hash.add($0) }
      bases[name] = hash.finish()
    }
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
        parts: parts)
    }
  }
}
