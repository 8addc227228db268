/// What applying the labeling functions would do, and why.
package struct ApplyPlan: Encodable, Sendable {
  /// What would be done for one labeling function.
  package struct Function: Encodable, Sendable {
    /// The function's name.
    package var function: String
    /// The number of documents that it would be evaluated on.
    package var documents: Int
    /// Why, or why not.
    package var reason: String
  }

  /// The number of documents.
  package var documents: Int
  /// Whether the corpus file is as the last run left it, so that it need not be read to know that.
  package var corpusIsUnchanged: Bool
  /// The runs of documents that the corpus falls into, and those of them that no run has seen.
  package var chunks: Int
  /// The chunks whose documents are new or were edited.
  package var newChunks: Int
  /// Function × document pairs that would be evaluated.
  package var evaluations: Int
  /// Function × document pairs whose stored votes would be used.
  package var reused: Int
  /// The labeling functions, in the order of the project.
  package var functions: [Function]
  /// The slices of the rule pack, which the counts leave out.
  package var slices: [Function]
}

extension Applier {
  /// Finds out what ``run()`` would do; writes nothing.
  func plan() throws -> ApplyPlan {
    let functions = try store.find(catalog.evaluated)
    let history = try store.knownFunctions()
    let signature = try corpus.signature()
    let known = try signature.flatMap { try store.layout(signature: $0) }
    var missingDocuments = functions.map { _ in 0 }
    var plan = ApplyPlan(
      documents: 0, corpusIsUnchanged: known != nil, chunks: 0, newChunks: 0, evaluations: 0,
      reused: 0, functions: [], slices: [])
    func add(_ documents: Int, _ numbers: [Int64]) throws {
      plan.documents += documents
      plan.chunks += 1
      if numbers[ChunkAspect.texts.rawValue] < 0 { plan.newChunks += 1 }
      for index in try store.missing(functions, numbers: numbers) {
        missingDocuments[index] += documents
      }
    }
    if let known {
      for chunk in known { try add(chunk.documents, chunk.numbers) }
    } else {
      progress.begin(
        "read", unit: "documents", total: progress.isHeard ? try corpus.count() : nil)
      defer { progress.end() }
      try corpus.withChunks(wantsTexts: true, wantsFields: true) { reader in
        while let chunk = try reader.next() {
          try cancellation.check()
          try add(chunk.count, try store.find(contents: chunk.contents()))
          progress.advance(chunk.count)
        }
      }
    }
    for (index, function) in catalog.evaluated.enumerated() {
      let missing = missingDocuments[index]
      let entry = ApplyPlan.Function(
        function: function.name, documents: missing,
        reason: reason(
          function, isStored: functions[index].number >= 0, missing, of: plan.documents, history))
      if index < catalog.functions.count {
        plan.evaluations += missing
        plan.reused += plan.documents - missing
        plan.functions.append(entry)
      } else {
        plan.slices.append(entry)
      }
    }
    return plan
  }

  private func reason(
    _ function: CatalogFunction, isStored: Bool, _ missing: Int, of documents: Int,
    _ history: [(name: String, fingerprint: String, parts: String)]
  ) -> String {
    if !isStored {
      guard let before = history.first(where: { $0.name == function.name }) else { return "new" }
      let changes = function.parts.differences(from: before.parts)
      return "changed: " + (changes.isEmpty ? "definition" : changes.joined(separator: ", "))
    }
    if missing == documents { return "not evaluated yet on these documents" }
    if missing > 0 { return "\(missing) documents are new or were edited, or stand beside such" }
    let before = history.first { $0.fingerprint == function.fingerprint }?.name
    if let before, before != function.name { return "stored, under the name '\(before)'" }
    return "stored"
  }
}
