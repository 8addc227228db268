import HunchModels

extension Pipeline {
  /// How the workers of the project's crowds answer.
  ///
  /// - Complexity: O(workers) where nothing changed; with gold labels the answers and the corpus's ids
  ///   are read.
  public func workers() throws -> WorkersReport {
    let models = ModelStore(workspace: workspace)
    let gold = try developmentGold()
    var crowds: [WorkersReport.Crowd] = []
    for case let source as CrowdSource in catalog.files {
      let study = try source.study(labels: project.labels, models: models)
      var figures: [WorkersReport.Gold]?
      if !gold.isEmpty {
        figures = try goldFigures(try source.content(labels: project.labels), gold)
      }
      var crowd = summary(source, study)
      let workers = study.workers.enumerated().map { index, worker in
        self.worker(worker, study, gold: figures.map { $0[index] })
      }
      let order = WorkerQuality.Verdict.order
      crowd.workers = workers.enumerated().sorted { one, other in
        let ranks = (order[one.element.verdict] ?? 0, order[other.element.verdict] ?? 0)
        return ranks.0 == ranks.1 ? one.offset < other.offset : ranks.0 < ranks.1
      }.map(\.element)
      crowds.append(crowd)
    }
    return WorkersReport(labels: project.labels, crowds: crowds)
  }

  /// The crowds without their workers.
  func crowdSummaries() throws -> [WorkersReport.Crowd] {
    let models = ModelStore(workspace: workspace)
    return try catalog.files.compactMap { $0 as? CrowdSource }.map { source in
      summary(source, try source.study(labels: project.labels, models: models))
    }
  }

  private func summary(_ source: CrowdSource, _ study: CrowdStudy) -> WorkersReport.Crowd {
    var verdicts: [String: Int] = [:]
    for verdict in WorkerQuality.Verdict.allCases { verdicts[verdict.rawValue] = 0 }
    for worker in study.workers { verdicts[worker.verdict, default: 0] += 1 }
    return WorkersReport.Crowd(
      name: source.columns.name, path: source.path, documents: study.documents,
      answers: study.answers, repeatedAnswers: study.repeated, alpha: study.alpha,
      alphaInterval: study.alphaInterval, comparedDocuments: study.comparable,
      classBalance: Dictionary(
        uniqueKeysWithValues: zip(project.labels, study.bands.classBalance)),
      priorAnswers: study.priorAnswers, verdicts: verdicts, workerCount: study.workers.count)
  }

  private func worker(
    _ worker: CrowdStudy.Worker, _ study: CrowdStudy, gold: WorkersReport.Gold?
  ) -> WorkersReport.Worker {
    let classes = project.labels.count
    // A ratio takes some answers to be more than noise.
    var bias: WorkersReport.Bias?
    if worker.answers >= WorkerQuality.leastAnswers {
      let ratios = project.labels.indices.map {
        Double(worker.answered[$0]) / Double(worker.answers)
          / max(study.bands.classBalance[$0], 1e-9)
      }
      let label = Self.winner(ratios)
      if ratios[label] >= 1.5 {
        bias = WorkersReport.Bias(label: project.labels[label], ratio: ratios[label])
      }
    }
    return WorkersReport.Worker(
      worker: worker.name, answers: worker.answers, agreement: worker.agreement,
      accuracy: worker.accuracy, accuracyInterval: worker.accuracyInterval, skill: worker.skill,
      skillInterval: worker.skillInterval, information: worker.information,
      verdict: worker.verdict, answered: worker.answered, bias: bias,
      confusion: (0..<classes).map { row in
        Array(worker.confusion[row * classes..<(row + 1) * classes])
      }, gold: gold)
  }

  /// The development labels, by id; empty without any.
  private func developmentGold() throws -> [ByteKey: Int16] {
    let table = try voteTable()
    if table.size(of: nil).gold == 0 { return [:] }
    var gold: [ByteKey: Int16] = [:]
    try votePass().run(wantsTexts: false, cancellation: options.cancellation) { chunk, _ in
      for document in 0..<chunk.count
      where Split.development.contains(chunk.splits[document])
        && table.roles.isAudit(document, in: chunk)
      {
        gold[ByteKey(text: chunk.ids[document].description)] = chunk.gold[document]
      }
    }
    return gold
  }

  private func goldFigures(
    _ content: CrowdSource.Content, _ gold: [ByteKey: Int16]
  ) throws -> [WorkersReport.Gold] {
    var figures = content.workers.map { _ in WorkersReport.Gold(correct: 0, incorrect: 0) }
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
