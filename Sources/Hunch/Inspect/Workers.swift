import HunchModels

extension WorkersReport {
  /// How the workers of a project's crowds answer.
  ///
  /// - Complexity: O(workers) where nothing changed; with gold labels the answers and the corpus's ids
  ///   are read.
  public init(_ votes: CountedDocuments) throws {
    let (names, models) = (votes.project.labels, ModelStore(workspace: votes.workspace))
    let gold = try Self.developmentGold(votes)
    var crowds: [Crowd] = []
    for case let source as CrowdSource in votes.catalog.files {
      let study = try source.study(labels: names, models: models)
      var figures: [Gold]?
      if !gold.isEmpty {
        figures = try Self.goldFigures(try source.content(labels: names), gold)
      }
      var crowd = Self.summary(source, study, names)
      let workers = study.workers.enumerated().map { index, worker in
        Self.worker(worker, study, names, gold: figures.map { $0[index] })
      }
      let order = WorkerQuality.Verdict.order
      crowd.workers = workers.enumerated().sorted { one, other in
        let ranks = (order[one.element.verdict] ?? 0, order[other.element.verdict] ?? 0)
        return ranks.0 == ranks.1 ? one.offset < other.offset : ranks.0 < ranks.1
      }.map(\.element)
      crowds.append(crowd)
    }
    self.init(labels: names, crowds: crowds)
  }

  /// The crowds without their workers.
  static func summaries(_ session: Session) throws -> [Crowd] {
    let (names, models) = (session.project.labels, ModelStore(workspace: session.workspace))
    return try session.catalog.files.compactMap { $0 as? CrowdSource }.map { source in
      summary(source, try source.study(labels: names, models: models), names)
    }
  }

  private static func summary(
    _ source: CrowdSource, _ study: CrowdStudy, _ names: [String]
  ) -> Crowd {
    var verdicts: [String: Int] = [:]
    for verdict in WorkerQuality.Verdict.allCases { verdicts[verdict.rawValue] = 0 }
    for worker in study.workers { verdicts[worker.verdict, default: 0] += 1 }
    return Crowd(
      name: source.columns.name, path: source.path, documents: study.documents,
      answers: study.answers, repeatedAnswers: study.repeated, alpha: study.alpha,
      alphaInterval: study.alphaInterval, comparedDocuments: study.comparable,
      classBalance: Dictionary(
        uniqueKeysWithValues: zip(names, study.bands.classBalance)),
      priorAnswers: study.priorAnswers, verdicts: verdicts, workerCount: study.workers.count)
  }

  private static func worker(
    _ worker: CrowdStudy.Worker, _ study: CrowdStudy, _ names: [String], gold: Gold?
  ) -> Worker {
    let classes = names.count
    // A ratio takes some answers to be more than noise.
    var bias: Bias?
    if worker.answers >= WorkerQuality.leastAnswers {
      let ratios = names.indices.map {
        Double(worker.answered[$0]) / Double(worker.answers)
          / max(study.bands.classBalance[$0], 1e-9)
      }
      let label = DecisionRule.mostProbable.label(ratios)
      if ratios[label] >= 1.5 {
        bias = Bias(label: names[label], ratio: ratios[label])
      }
    }
    return Worker(
      worker: worker.name, answers: worker.answers, agreement: worker.agreement,
      accuracy: worker.accuracy, accuracyInterval: worker.accuracyInterval, skill: worker.skill,
      skillInterval: worker.skillInterval, information: worker.information,
      verdict: worker.verdict, answered: worker.answered, bias: bias,
      confusion: (0..<classes).map { row in
        Array(worker.confusion[row * classes..<(row + 1) * classes])
      }, gold: gold)
  }

  /// The development labels, by id; empty without any.
  private static func developmentGold(_ votes: CountedDocuments) throws -> [ByteKey: Int16] {
    let table = votes.table
    if table.size(of: nil).gold == 0 { return [:] }
    var gold: [ByteKey: Int16] = [:]
    try votes.pass.run(.votes) { chunk, _ in
      for document in 0..<chunk.count
      where Split.development.contains(chunk.splits[document])
        && table.roles.isAudit(document, in: chunk)
      {
        gold[ByteKey(text: chunk.ids[document].description)] = chunk.gold[document]
      }
    }
    return gold
  }

  private static func goldFigures(
    _ content: CrowdSource.Content, _ gold: [ByteKey: Int16]
  ) throws -> [Gold] {
    var figures = content.workers.map { _ in Gold(correct: 0, incorrect: 0) }
    let answers = content.answers
    for (document, id) in content.documents.enumerated() {
      let plain = DocumentID.plain(id) ?? id
      guard let label = gold[ByteKey(text: id)] ?? gold[ByteKey(text: plain)] else { continue }
      for answer in answers.answers(of: document) {
        let worker = Int(answers.workers[answer])
        if answers.labels[answer] == label {
          figures[worker].correct += 1
        } else {
          figures[worker].incorrect += 1
        }
      }
    }
    return figures.map { counts in
      var counts = counts
      let all = Double(counts.correct + counts.incorrect)
      counts.empiricalAccuracy = all > 0 ? Double(counts.correct) / all : nil
      counts.empiricalAccuracyInterval =
        Wilson.interval(successes: Double(counts.correct), trials: all)?.bounds
      return counts
    }
  }
}

extension WorkerQuality.Verdict {
  /// What deserves attention comes first.
  fileprivate static let order: [String: Int] = Dictionary(
    uniqueKeysWithValues: [.random, .oneClass, .adversarial, .undecided, .informative].enumerated()
      .map { (($1 as Self).rawValue, $0) })
}
