import HunchLabeling

/// A labeling function of a project, wherever its votes come from.
struct CatalogFunction: Sendable {
  /// Where the votes come from.
  enum Origin: Sendable, Equatable {
    /// The rule at this place of the pack.
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
}

/// All labeling functions of a project in report order: the pack's, then those of vote files.
struct FunctionCatalog: Sendable {
  let functions: [CatalogFunction]
  let files: [VoteFile]
  let knowledge: [String: KnowledgeBase]

  /// Lists the functions and computes their fingerprints.
  init(_ project: Project) throws {
    knowledge = try KnowledgeSource(project: project).load()
    files = try project.configuration.votes.map { try VoteFile(path: project.resolve($0)) }
    var functions: [CatalogFunction] = []
    if let pack = project.pack {
      // Compiled once as a whole, so that what is wrong with any rule is said at once.
      do {
        _ = try RuleProgram(pack, functions: Array(pack.functions.indices), knowledge: knowledge)
      } catch { throw HunchError.rule(error) }
      functions += Self.rules(of: pack, knowledge)
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
        functions.append(
          CatalogFunction(
            name: name, kind: "votes-file", summary: nil,
            origin: .file(fileIndex, column: column), aspect: .ids, fingerprint: hash.finish()))
      }
    }
    if functions.isEmpty { throw HunchError.noFunctions }
    self.functions = functions
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
    let forms = pack.functions.map { CanonicalForm($0, labels: pack.labels) }
    let closures = forms.contains(where: \.hasClosure) ? ClosureSources(pack) : nil
    return pack.functions.indices.map { index in
      let function = pack.functions[index]
      var hash = ContentHash("rule-1")
      hash.add(forms[index].text)
      if forms[index].hasClosure, let closures { hash.add(closures.identity(of: function)) }
      for base in forms[index].bases { hash.add(bases[base] ?? "") }
      let readsFields = !pack.fields(of: [index]).isEmpty
      return CatalogFunction(
        name: function.name ?? "", kind: function.kind, summary: function.summary,
        origin: .rule(index), aspect: readsFields ? .rows : .texts, fingerprint: hash.finish())
    }
  }
}
