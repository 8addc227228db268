/// What may be asked of language models before functions are run.
enum PromptAsking {
  /// Nothing, and nothing is found out: answers that are there are used.
  case never
  /// What is unanswered, where a service is named and a budget given; else it is only counted.
  case ifAllowed
  /// What is unanswered.
  case always
  /// Nothing; what would be asked is found out.
  case dryRun
}

extension Pipeline {
  /// Asks language models what the project's rules ask and the workspace does not answer.
  ///
  /// - Parameter dryRun: Whether to ask nothing and find out what would be asked.
  /// - Throws: ``ChatError``, ``HunchError`` or another ``ReportableError``. What was answered
  ///   before is kept.
  public func ask(dryRun: Bool) throws -> AskReport {
    try appliedVotes(dryRun ? .dryRun : .always).report.languageModel
      ?? AskReport(
        dryRun: dryRun, functions: [],
        spent: AskReport.Amount(AnswerStore.Amount(), hasPrices: false),
        total: AskReport.Amount(AnswerStore.Amount(), hasPrices: false),
        budget: LanguageModelConfiguration.Budget(), stoppedBy: nil, refused: 0,
        warnings: ["no rule of this project asks a language model"])
  }

  /// Asks as far as that is allowed and finds out what is left.
  ///
  /// - Returns: The report, and whether there are new answers; nil where no rule asks.
  func askPrompts(
    _ outcome: Applier.Outcome, _ asking: PromptAsking
  ) throws -> (report: AskReport, isNew: Bool)? {
    guard let votes = promptVotes, asking != .never else { return nil }
    let configuration = project.languageModel
    let mayAsk = options.chatModel != nil && configuration.budget.isGiven
    if asking == .always {
      if options.chatModel == nil { throw ChatError.noService }
      if !configuration.budget.isGiven { throw ChatError.noBudget }
    }
    let asks = asking == .always || (asking == .ifAllowed && mayAsk)
    let key = surveyKey(outcome)
    if let survey = try votes.store.survey(key), survey.isComplete || !asks {
      let spending = try Spending(votes.store, configuration)
      let state = PromptWorker.State(survey: survey)
      return (report(state, spending, asking, votes), false)
    }
    let timeout = Duration.seconds(configuration.timeout)
    let connect = options.chatModel
    let asker = try PromptAsker(
      votes, configuration,
      connect: asks ? connect.map { connect in { try connect($0, timeout) } } : nil,
      progress: options.progress, cancellation: options.cancellation)
    if asks { try workspace.writeThrough() }
    try asker.calibrate()
    try promptTexts(outcome, configuration) { try asker.take($0) }
    let before = votes.functions.map(\.known.digest)
    try refreshPrompts()
    let after = promptVotes ?? votes
    try after.store.save(asker.outcome.survey, surveyKey(outcome))
    return (
      report(asker.outcome, asker.spending, asking, after),
      before != after.functions.map(\.known.digest)
    )
  }

  /// Stands for all that a survey depends on.
  private func surveyKey(_ outcome: Applier.Outcome) -> String {
    var hash = ContentHash("survey-2")
    for chunk in outcome.layout {
      hash.add(chunk.content(.rows))
      hash.add(chunk.annotations)
    }
    for function in catalog.functions { hash.add(function.fingerprint) }
    var configuration = project.configuration
    // These change nothing of what is to be asked.
    configuration.languageModel?.budget = LanguageModelConfiguration.Budget()
    configuration.languageModel?.prices = nil
    hash.add("\(configuration)")
    return hash.finish()
  }

  private func report(
    _ state: PromptWorker.State, _ spending: Spending, _ asking: PromptAsking, _ votes: PromptVotes
  ) -> AskReport {
    let configuration = project.languageModel
    let hasPrices = configuration.prices != nil
    let functions = zip(votes.functions, state.survey.functions).map { function, counts in
      func money(_ prompt: Int, _ answer: Int) -> Double? {
        hasPrices ? Double(spending.nanos(prompt: prompt, answer: answer)) / 1e9 : nil
      }
      return AskReport.Function(
        name: function.question.name, model: function.question.model,
        documents: counts.documents, answered: counts.answered, unanswered: counts.unanswered,
        unparsed: counts.unparsed, unusable: asking == .ifAllowed ? nil : counts.unusable,
        calibrated: function.calibration != nil,
        requests: counts.requests,
        estimatedTokens: counts.likelyPrompt + counts.likelyAnswer,
        mostTokens: counts.mostPrompt + counts.mostAnswer,
        estimatedMoney: money(counts.likelyPrompt, counts.likelyAnswer),
        mostMoney: money(counts.mostPrompt, counts.mostAnswer))
    }
    var report = AskReport(
      dryRun: asking == .dryRun, functions: functions,
      spent: AskReport.Amount(spending.sinceStart, hasPrices: hasPrices),
      total: AskReport.Amount(spending.total, hasPrices: hasPrices),
      budget: configuration.budget, stoppedBy: state.limit, refused: state.refused, warnings: [])
    report.warnings = warnings(report, asking)
    return report
  }

  private func warnings(_ report: AskReport, _ asking: PromptAsking) -> [String] {
    var warnings: [String] = []
    if report.refused > 0 {
      warnings.append(
        "the language model's service did not take \(report.refused) requests; the functions "
          + "abstain there")
    }
    guard report.unanswered > 0, asking != .dryRun else { return warnings }
    let left = "\(report.unanswered) questions to a language model are unanswered"
    if let limit = report.stoppedBy {
      warnings.append(
        "the budget for \(limit) is spent, so \(left); raise 'language_model: budget: \(limit):' "
          + "in hunch.yaml and run 'hunch ask' to go on")
    } else if options.chatModel == nil {
      warnings.append(
        "\(left) and the functions abstain there; set HUNCH_LLM_URL and run 'hunch ask'")
    } else if !project.languageModel.budget.isGiven {
      warnings.append(
        "\(left) and the functions abstain there; give a 'language_model: budget:' in hunch.yaml "
          + "and run 'hunch ask'")
    }
    return warnings
  }
}

extension Project {
  /// What is said of language models, with what holds where nothing is.
  var languageModel: LanguageModelConfiguration {
    configuration.languageModel ?? LanguageModelConfiguration(model: "")
  }

  /// The questions that the pack's functions ask, by function.
  ///
  /// - Throws: ``ChatError/noModel(functions:)``.
  func prompts() throws(ChatError) -> [Int: PromptQuestion] {
    var prompts: [Int: PromptQuestion] = [:]
    var nameless: [String] = []
    for (index, function) in (pack?.functions ?? []).enumerated() {
      guard let rule = function.prompt else { continue }
      let question = PromptQuestion(name: function.name ?? "", rule, languageModel)
      if question.model.isEmpty { nameless.append(question.name) }
      prompts[index] = question
    }
    if !nameless.isEmpty { throw .noModel(functions: nameless) }
    return prompts
  }
}

extension Applier.Outcome {
  /// What both runs did together, where the one before was made without the newest answers.
  func after(_ first: Applier.Outcome, _ catalog: FunctionCatalog) -> Applier.Outcome {
    var outcome = self
    let documents = layout.reduce(0) { $0 + $1.documents }
    let pairs = documents * catalog.functions.count
    outcome.evaluations = min(pairs, first.evaluations + evaluations)
    outcome.reused = pairs - outcome.evaluations
    outcome.evaluatedFunctions.formUnion(first.evaluatedFunctions)
    outcome.scanSeconds += first.scanSeconds
    outcome.unmatchedRows.merge(first.unmatchedRows) { $1 }
    return outcome
  }
}
