import Foundation
import HunchLabeling
import HunchModels

/// What a language model is shown and asked for.
package struct DraftRequest: Sendable {
  /// Which documents are shown; `nil` for documents without a vote and documents on which functions
  /// disagree, about half and half.
  package var choice: DocumentChoice?
  /// The most documents that are shown.
  package var documents = 40
  /// The most functions that are asked for.
  package var count = 12
  /// The only class that functions are wanted for; `nil` for all.
  package var label: String?

  /// Creates a request for functions of all classes.
  package init() {}
}

/// Where drafts are written.
package struct DraftDestination: Sendable {
  /// The Swift file; tables with names stand beside hunch.yaml.
  package var path: String
  /// Whether files that are there may be replaced.
  package var replaces: Bool

  /// Names the Swift file.
  package init(path: String, replaces: Bool = false) {
    self.path = path
    self.replaces = replaces
  }
}

/// Has a language model write labeling functions.
package struct Drafting: InSession {
  let session: Session

  /// Drafts for the project of a session. What is known so far decides what is shown and which drafts
  /// pass; it is found out once everything that is asked for is checked.
  package init(_ session: Session) { self.session = session }

  /// What a language model would be asked, as one text: documents of the train split are in it.
  ///
  /// - Throws: ``HunchError/unknownClass(_:known:)``, ``DraftError/nothingToShow``.
  package func text(_ request: DraftRequest) throws -> String {
    try work(for: request).prompt(request).text
  }

  /// Asks a language model for labeling functions, and writes those that pass. The request counts
  /// against the budget, if there is one.
  ///
  /// - Parameter model: The model's name; `nil` for the one that the configuration names.
  /// - Throws: ``ChatError``, ``DraftError``, ``HunchError``; nothing is written then.
  package func draft(
    _ request: DraftRequest, model: String?, to destination: DraftDestination
  ) throws -> DraftReport {
    let configuration = project.languageModel
    let name = model ?? configuration.model
    if name.isEmpty { throw ChatError.noModel(functions: ["'hunch draft'"]) }
    guard let connect = options.chatModel else { throw ChatError.noService }
    return try draft(
      request, asking: connect(name, .seconds(configuration.timeout)), named: name,
      to: destination)
  }

  /// Asks a language model for labeling functions, and writes those that pass the checks.
  ///
  /// - Parameter name: The model's name, for the file's first line.
  /// - Throws: ``ChatError``, ``DraftError``, ``HunchError``; nothing is written then.
  package func draft(
    _ request: DraftRequest, asking model: any ChatModel, named name: String,
    to destination: DraftDestination
  ) throws -> DraftReport {
    try check(destination)
    let work = try work(for: request)
    let prompt = try work.prompt(request)
    options.progress.begin("ask", unit: "requests", total: 1)
    defer { options.progress.end() }
    let answer: ChatAnswer
    do {
      answer = try Spending(AnswerStore(workspace), project.languageModel).answer(
        ChatRequest(prompt.messages, answerTokens: 200 * request.count + 200), of: model
      ) { [cancellation = options.cancellation] in cancellation.isCancelled }
    } catch let error as BudgetIsSpent {
      throw ChatError.budgetIsSpent(limit: error.limit)
    }
    options.progress.advance(1)
    do {
      return try work.draft(
        DraftAnswer(answer.content, source: name), source: name, shown: prompt.documents.count,
        to: destination)
    } catch let error as any ReportableError {
      // It is paid for.
      let path = destination.path + ".answer.txt"
      guard
        (try? ReplacedFile.write(Array(answer.content.utf8), to: path, links: .refused)) != nil
      else { throw error }
      throw DraftError.answerKept(
        problem: error.description, hint: error.hint, status: error.status, path: path)
    }
  }

  /// Takes a language model's answer from a file, and writes the functions that pass the checks.
  ///
  /// - Throws: ``HunchError/inputMissing(path:)``, ``DraftError``; nothing is written then.
  package func draft(answer path: String, to destination: DraftDestination) throws -> DraftReport {
    try check(destination)
    guard FileManager.default.fileExists(atPath: path) else {
      throw HunchError.inputMissing(path: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw HunchError.unreadable(path: path, problem: "the file cannot be read")
    }
    let name = (path as NSString).lastPathComponent
    let answer = try DraftAnswer(String(decoding: data, as: UTF8.self), source: path)
    return try DraftWork(labels: FittedLabels(session)).draft(
      answer, source: name, shown: 0, to: destination)
  }

  private func check(_ destination: DraftDestination) throws(HunchError) {
    // Foundation's own way to cut a path traps on one of a single character.
    let folder = destination.path.lastIndex(of: "/").map { destination.path[...$0] } ?? "."
    if destination.path.isEmpty || !Paths.isFolder(String(folder)) {
      throw .cannotCreate(path: destination.path, problem: "there is no such folder")
    }
    guard FileManager.default.fileExists(atPath: destination.path) else {
      return try OwnFiles.check(destination.path)
    }
    // Nothing but what was drafted is replaced.
    let isDrafted =
      FileManager.default.contents(atPath: destination.path)?.starts(with: RuleFiles.draftHead.utf8)
      ?? false
    if !destination.replaces || !isDrafted { throw .exists(path: destination.path) }
  }

  private func work(for request: DraftRequest) throws -> DraftWork {
    if let label = request.label, !project.labels.contains(label) {
      throw HunchError.unknownClass(label, known: project.labels)
    }
    return DraftWork(labels: try FittedLabels(session))
  }
}

/// Drafts by what is known of the documents.
private struct DraftWork: InSession {
  /// The most characters of a document that a language model is shown.
  private static let shownLength = 600

  let labels: FittedLabels

  var session: Session { labels.session }

  // MARK: - The request

  func prompt(_ request: DraftRequest) throws -> DraftPrompt {
    let documents = try shownDocuments(request)
    if documents.isEmpty { throw DraftError.nothingToShow }
    let descriptions = project.configuration.labelDescriptions
    return DraftPrompt(
      task: project.pack?.summary,
      classes: project.labels.map { label in
        DraftPrompt.Class(
          name: label, description: descriptions.first { $0.label == label }?.text)
      },
      wanted: request.label,
      functions: catalog.functions.map { function in
        guard let pack = project.pack, case .rule(let index) = function.origin else {
          return "\(function.name): votes from elsewhere"
        }
        let sketch = pack.functions[index].sketch(labels: project.labels)
        return "\(function.name): \(Excerpt.visible(sketch))"
      },
      documents: documents, count: request.count)
  }

  private func shownDocuments(_ request: DraftRequest) throws -> [DraftPrompt.Document] {
    let pool = try SuggestionPool(
      labels, .functions(gaps: false), excerptLength: Self.shownLength)
    let chooser = DocumentChooser(pool.evidence, isEligible: pool.isEligible)
    func choose(_ choice: DocumentChooser.Choice, _ count: Int) -> [Int] {
      chooser.choose(choice, count: count).map(\.document)
    }
    var chosen: [Int]
    if let choice = request.choice {
      chosen = choose(choice, request.documents)
    } else {
      let conflicted = choose(.conflicted, request.documents / 2)
      chosen = choose(.uncovered, request.documents - conflicted.count) + conflicted
      // Where nearly everything is covered, there is room for more of the others.
      let rest = request.documents - chosen.count
      if rest > 0 {
        chosen += choose(.conflicted, conflicted.count + rest).filter { !chosen.contains($0) }
      }
    }
    let patterns = pool.evidence.patterns
    return chosen.map { document in
      let entries = patterns.entries(of: Int(pool.evidence.patternOf[document]))
      let classes = project.labels.indices.compactMap { label -> String? in
        let names = entries.filter { Int(patterns.votes[$0]) == label }
          .map { catalog.functions[Int(patterns.functions[$0])].name }
        return names.isEmpty ? nil : "\(project.labels[label]): \(names.joined(separator: ", "))"
      }
      return DraftPrompt.Document(
        text: pool.excerpts[document], votes: classes.joined(separator: "; "))
    }
  }

  // MARK: - The answer

  func draft(
    _ answer: DraftAnswer, source: String, shown: Int, to destination: DraftDestination
  ) throws -> DraftReport {
    let names = DraftNames(taken: catalog.functions.map(\.name))
    var drafts = DraftCandidates(answer, project: project, names: names)
    drafts.reject(try costly(drafts.candidates))
    let judged = try judge(drafts)
    let functions = drafts.entries.map { entry in
      switch entry {
      case .rejected(let function): return function
      case .candidate(let place): return judged[place]
      }
    }
    var report = DraftReport(
      source: source, shown: shown, documents: labels.table.size(of: nil).documents,
      functions: functions, ignored: answer.ignored, file: nil, nameFiles: [])
    let accepted = drafts.candidates.indices.filter { judged[$0].isAccepted }
    if accepted.isEmpty { return report }
    let file = DraftFile(
      source: source, pack: project.pack?.name, labelType: project.pack?.labelTypeName,
      labels: project.labels,
      functions: accepted.map { place in
        let candidate = drafts.candidates[place]
        return DraftFile.Function(
          name: candidate.name, swift: candidate.swift,
          remark: judged[place].figures?.remark ?? "", names: candidate.names)
      })
    report.nameFiles = try write(file, to: destination)
    report.file = destination.path
    return report
  }

  /// Writes the Swift file and the tables of names, which are all checked for before.
  private func write(_ file: DraftFile, to destination: DraftDestination) throws -> [String] {
    let gazetteers = file.functions.filter { !$0.names.isEmpty }
    let paths = gazetteers.map { project.resolve(DraftFile.nameFile($0.name)) }
    for path in paths {
      try OwnFiles.check(path)
      if !destination.replaces, FileManager.default.fileExists(atPath: path) {
        throw HunchError.exists(path: path)
      }
    }
    for (function, path) in zip(gazetteers, paths) {
      let writer = try TableWriter(path: path, format: .csv, columns: ["name"])
      for name in function.names { try writer.write([.text(name)]) }
      try writer.finish()
    }
    try ReplacedFile.write(Array(file.swift.utf8), to: destination.path)
    return paths
  }

  /// The candidates that hit their limits on some of the first documents, with the problem: run on all
  /// documents, they would take longer than everything else.
  private func costly(_ candidates: [DraftCandidates.Candidate]) throws -> [Int: String] {
    var problems: [Int: String] = [:]
    if candidates.isEmpty { return [:] }
    var hasSeen = false
    try labels.pass.run(.texts, until: { hasSeen }) { chunk, _ in
      hasSeen = true
      let texts = chunk.texts.batch(of: Array(0..<min(64, chunk.count)))
      for (place, candidate) in candidates.enumerated() {
        try options.cancellation.check()
        let pack = RulePack(
          name: "draft", labels: project.labels, functions: [candidate.definition])
        guard let program = try? RuleProgram(pack, functions: [0], knowledge: [:]) else { continue }
        let votes = program.makeWorker().evaluate(DocumentBatch(texts: texts, fields: [:]))
        if !votes.failures.isEmpty {
          problems[place] =
            "too costly: it could not be evaluated on \(votes.failures.count) of the first "
            + "\(Figures.count(texts.count, "document"))"
        }
      }
    }
    return problems
  }

  /// Runs the candidates on all documents and decides about each, in their order: a draft may be a
  /// copy of one that was accepted before it.
  private func judge(_ drafts: DraftCandidates) throws -> [DraftReport.Function] {
    let candidates = drafts.candidates
    if candidates.isEmpty { return [] }
    let labeling = labels.labeling
    var evidence = DraftEvidence(functions: candidates.count)
    options.progress.begin(
      "try", unit: "documents", total: labels.table.size(of: nil).documents)
    defer { options.progress.end() }
    let votes = try SuggestedVotes(
      labels.votes.applied, candidates.map(\.definition), labeling: labeling
    ) { chunk, votes, posteriors in
      if let posteriors { evidence.add(chunk, votes, posteriors) }
      options.progress.advance(chunk.count)
    }
    let judge = DraftJudge(documents: votes.documents, classBalance: labeling.model.classBalance)
    var accepted: [Int] = []
    return candidates.indices.map { place in
      let (counts, own) = (votes.counts[place], evidence.counts[place])
      let existing = catalog.functions.indices.map { index in
        DraftJudge.Other(
          name: catalog.functions[index].name, documents: votes.votesOf[index],
          both: counts.both[index], agreements: counts.agreements[index])
      }
      let before = accepted.map { other in
        DraftJudge.Other(
          name: candidates[other].name, documents: votes.counts[other].documents,
          both: own.both[other], agreements: own.agreements[other])
      }
      let problem = judge.problem(
        label: candidates[place].label, counts, own, others: existing + before)
      if problem == nil { accepted.append(place) }
      return DraftReport.Function(
        name: candidates[place].name, label: project.labels[candidates[place].label],
        kind: candidates[place].kind, isAccepted: problem == nil, problem: problem,
        swift: candidates[place].swift,
        figures: DraftReport.Figures(counts, own, of: votes.documents))
    }
  }
}

extension DraftReport.Figures {
  init(_ counts: SuggestedVotes.Counts, _ evidence: DraftEvidence.Counts, of documents: Int) {
    self.init(
      documents: counts.documents,
      coverage: Double(counts.documents) / Double(max(1, documents)),
      newlyCovered: counts.newlyCovered, overlaps: counts.overlaps, conflicts: counts.conflicts,
      labelled: evidence.labelled, labelledRight: evidence.labelledRight,
      precisionInterval: Wilson.interval(
        successes: Double(evidence.labelledRight), trials: Double(evidence.labelled))?.bounds,
      agreementImpliedPrecision: evidence.judged > 0
        ? evidence.posteriorSum / Double(evidence.judged) : nil,
      agreementImpliedDocuments: evidence.judged)
  }

  /// The figures in words.
  var remark: String {
    var text =
      "votes on \(Figures.count(documents)) documents, \(Figures.count(newlyCovered)) of them new"
    if labelled > 0 { text += "; right on \(labelledRight) of \(labelled) with gold" }
    if let implied = agreementImpliedPrecision {
      text += "; agreement-implied precision \(Figures.fixed(implied, 2))"
    }
    return text
  }
}
