/// Asks language models what the rules of a project ask and its workspace does not answer.
///
/// Nothing else sends a question or pays for one, but drafting.
public struct Asking: InSession, Sendable {
  private enum Mode {
    /// Asks nothing and finds out what would be asked.
    case estimate
    /// Asks where a service is named and a budget given, else counts what is unanswered.
    case withinBudget
    /// Asks what is unanswered.
    case all
  }

  private let votes: AppliedVotes

  /// - Parameter votes: They decide what is asked first where a sample is asked about.
  public init(_ votes: AppliedVotes) { self.votes = votes }

  var session: Session { votes.session }

  /// What would be asked.
  ///
  /// - Throws: ``HunchError`` or another ``ReportableError``.
  public func estimate() throws -> AskReport {
    try run(.estimate)?.report ?? nothing(isEstimate: true)
  }

  /// Asks what is unanswered.
  ///
  /// - Throws: ``ChatError``, ``HunchError`` or another ``ReportableError``. What was answered before
  ///   is kept.
  public func ask() throws -> AskReport { try run(.all)?.report ?? nothing(isEstimate: false) }

  /// Asks what is unanswered where a service is named and `language_model: budget:` says what it may
  /// cost; else counts it.
  ///
  /// - Returns: The votes with the new answers, and in their report what was asked.
  /// - Throws: As ``ask()``.
  public func withinBudget() throws -> AppliedVotes {
    let start = ContinuousClock.now
    guard let (report, after) = try run(.withinBudget) else { return votes }
    var result = after ?? votes
    result.report.languageModel = report
    result.report.warnings += report.warnings
    result.report.seconds = votes.report.seconds + start.duration(to: .now).inSeconds
    return result
  }

  /// What is said where no rule asks.
  private func nothing(isEstimate: Bool) -> AskReport {
    AskReport(
      dryRun: isEstimate, functions: [],
      spent: AskReport.Amount(AnswerStore.Amount(), hasPrices: false),
      total: AskReport.Amount(AnswerStore.Amount(), hasPrices: false),
      budget: LanguageModelConfiguration.Budget(), stoppedBy: nil, refused: 0,
      warnings: ["no rule of this project asks a language model"])
  }

  /// Asks as far as that is allowed and finds out what is left.
  ///
  /// - Returns: The report, and the votes with new answers if there are some; nil where no rule asks.
  private func run(_ mode: Mode) throws -> (report: AskReport, votes: AppliedVotes?)? {
    guard let known = session.promptVotes else { return nil }
    let configuration = project.languageModel
    if mode == .all {
      if options.chatModel == nil { throw ChatError.noService }
      if !configuration.budget.isGiven { throw ChatError.noBudget }
    }
    let asks = mode != .estimate && options.chatModel != nil && configuration.budget.isGiven
    let key = surveyKey(session)
    if let survey = try known.store.survey(key), survey.isComplete || !asks {
      let spending = try Spending(known.store, configuration)
      return (report(PromptWorker.State(survey: survey), spending, mode, known), nil)
    }
    let timeout = Duration.seconds(configuration.timeout)
    let connect = options.chatModel
    let asker = try PromptAsker(
      known, configuration,
      connect: asks ? connect.map { connect in { try connect($0, timeout) } } : nil,
      progress: options.progress, cancellation: options.cancellation)
    if asks { try workspace.writeThrough() }
    try asker.calibrate()
    try AskedDocuments(votes).texts(configuration) { try asker.take($0) }
    let after = try session.refreshed()
    let answered = after.promptVotes ?? known
    try answered.store.save(asker.outcome.survey, surveyKey(after))
    let isNew = known.functions.map(\.known.digest) != answered.functions.map(\.known.digest)
    return (
      report(asker.outcome, asker.spending, mode, answered),
      isNew ? try AppliedVotes(after, after: votes) : nil
    )
  }

  /// Stands for all that a survey depends on.
  private func surveyKey(_ session: Session) -> String {
    var hash = ContentHash("survey-2")
    for chunk in votes.outcome.layout {
      hash.add(chunk.content(.rows))
      hash.add(chunk.annotations)
    }
    for function in session.catalog.functions { hash.add(function.fingerprint) }
    var configuration = project.configuration
    // These change nothing of what is to be asked.
    configuration.languageModel?.budget = LanguageModelConfiguration.Budget()
    configuration.languageModel?.prices = nil
    hash.add("\(configuration)")
    return hash.finish()
  }

  private func report(
    _ state: PromptWorker.State, _ spending: Spending, _ mode: Mode, _ votes: PromptVotes
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
        unparsed: counts.unparsed, unusable: mode == .withinBudget ? nil : counts.unusable,
        calibrated: function.calibration != nil,
        requests: counts.requests,
        estimatedTokens: counts.likelyPrompt + counts.likelyAnswer,
        mostTokens: counts.mostPrompt + counts.mostAnswer,
        estimatedMoney: money(counts.likelyPrompt, counts.likelyAnswer),
        mostMoney: money(counts.mostPrompt, counts.mostAnswer))
    }
    var report = AskReport(
      dryRun: mode == .estimate, functions: functions,
      spent: AskReport.Amount(spending.sinceStart, hasPrices: hasPrices),
      total: AskReport.Amount(spending.total, hasPrices: hasPrices),
      budget: configuration.budget, stoppedBy: state.limit, refused: state.refused, warnings: [])
    report.warnings = warnings(report, mode)
    return report
  }

  private func warnings(_ report: AskReport, _ mode: Mode) -> [String] {
    var warnings: [String] = []
    if report.refused > 0 {
      warnings.append(
        "the language model's service did not take \(report.refused) requests; the functions "
          + "abstain there")
    }
    guard report.unanswered > 0, mode != .estimate else { return warnings }
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

extension AskReport.Amount {
  init(_ amount: AnswerStore.Amount, hasPrices: Bool) {
    requests = amount.requests
    tokens = amount.tokens
    money = hasPrices ? amount.money : nil
  }
}
