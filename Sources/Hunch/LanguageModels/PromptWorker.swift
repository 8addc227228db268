import Foundation

/// Sends requests to language models, some at a time and within the budget.
///
/// Each answer is stored as it comes, with what it cost. A service that does not answer ends the
/// work with an error; one that does not take a single document is not asked about that one again in
/// this run; a budget that is spent ends it without.
struct PromptWorker: Sendable {
  /// A request: some questions about one text.
  struct Call: Sendable {
    var text: AskedText
    var questions: [Int]
    var likeliestTokens = 0
  }

  /// What was found and done so far.
  struct State: Sendable {
    var survey: PromptSurvey
    /// By which limit the budget stopped the work.
    var limit: String?
    /// Requests about a document that the service does not take.
    var refused = 0
    /// Requests that brought answers.
    var successes = 0
  }

  let votes: PromptVotes
  let spending: Spending
  let showsMoney: Bool
  let concurrency: Int
  let progress: StepProgress
  let cancellation: Cancellation
  let state: Guarded<State>

  /// Sends requests, first ones first, until all are answered or the budget is spent.
  ///
  /// - Throws: ``ChatError``, ``HunchError/interrupted`` or what the workspace throws.
  func run(_ calls: [Call], _ models: [String: any ChatModel], isCalibration: Bool) throws {
    if calls.isEmpty || state.withLock({ $0.limit != nil }) { return estimate(calls) }
    let next = Guarded(0)
    let unanswered = Guarded([Int]())
    let halt = Cancellation()
    progress.begin("ask", unit: "requests", total: calls.count)
    defer { progress.end() }
    try Threads.runWaiting(min(concurrency, calls.count)) {
      do {
        while !halt.isCancelled, state.withLock({ $0.limit == nil }) {
          let index = next.withLock { index in
            defer { index += 1 }
            return index
          }
          guard index < calls.count else { return }
          guard let model = models[votes.functions[calls[index].questions[0]].question.model]
          else { return }
          let isAnswered = try perform(calls[index], model, halt, isCalibration: isCalibration)
          if !isAnswered { unanswered.withLock { $0.append(index) } }
          progress.advance(1)
          progress.onNote(spentWords)
        }
      } catch {
        halt.cancel()
        throw error
      }
    }
    let taken = next.withLock { min($0, calls.count) }
    let left = unanswered.withLock { $0.sorted() } + Array(taken..<calls.count)
    estimate(left.map { calls[$0] })
  }

  /// Counts what requests would take.
  func estimate(_ calls: [Call]) {
    state.withLock { state in
      for call in calls {
        let request = request(call)
        let tokens = TokenEstimate(request)
        let first = call.questions[0]
        state.survey.functions[first].requests += 1
        state.survey.functions[first].likelyPrompt += tokens.likely
        state.survey.functions[first].mostPrompt += tokens.most
        state.survey.functions[first].likelyAnswer += 3 * call.questions.count
        state.survey.functions[first].mostAnswer += request.answerTokens
      }
    }
  }

  private func request(_ call: Call) -> ChatRequest {
    let questions = call.questions.map { votes.functions[$0].question }
    return questions[0].isGrouped
      ? PromptQuestion.request(questions, call.text.text)
      : questions[0].request(call.text.text, likeliestTokens: call.likeliestTokens)
  }

  /// What this run has spent, for the line of progress.
  private var spentWords: String {
    let amount = spending.sinceStart
    let tokens = "\(amount.tokens) tokens"
    return showsMoney ? tokens + String(format: ", %.4f spent", amount.money) : tokens
  }

  // MARK: - One request

  /// - Returns: Whether the call was answered; false where the budget is spent or the service does
  ///   not take this document.
  private func perform(
    _ call: Call, _ model: any ChatModel, _ halt: Cancellation, isCalibration: Bool
  ) throws -> Bool {
    let functions = call.questions.map { votes.functions[$0] }
    var answers: [AnswerStore.Entry] = []
    do {
      _ = try spending.answer(
        request(call), of: model, isCancelled: { cancellation.isCancelled || halt.isCancelled }
      ) { answer in
        answers = stored(answer, functions, call.text.key)
        return answers
      }
    } catch let error as BudgetIsSpent {
      state.withLock { $0.limit = $0.limit ?? error.limit }
      return false
    } catch let error as ChatError {
      guard try !isCalibration && isAboutTheDocument(error, functions[0]) else { throw error }
      state.withLock { $0.refused += 1 }
      return false
    }
    state.withLock { state in
      state.successes += 1
      for (index, answer) in zip(call.questions, answers) {
        if isCalibration {
          state.survey.functions[index].calibration -= 1
        } else {
          for function in votes.functions(askingAs: index) {
            state.survey.functions[function].count(answer.answer, votes.functions[function])
          }
        }
      }
    }
    return true
  }

  /// Whether a service that takes other documents refuses this one, say because it is too long.
  private func isAboutTheDocument(
    _ error: ChatError, _ function: PromptVotes.Function
  ) throws -> Bool {
    guard case .service(.refused(let status), _) = error, [400, 413, 422].contains(status) else {
      return false
    }
    return try state.withLock { $0.successes > 0 } || votes.store.hasAnswers(function.known)
  }

  /// What of an answer is kept: more than any allowed answer needs.
  private static func beginning(of content: String) -> String {
    content.utf8.count <= mostKept ? content : String(content.unicodeScalars.prefix(mostKept / 4))
  }

  private static let mostKept = 16 << 10

  private func stored(
    _ answer: ChatAnswer, _ functions: [PromptVotes.Function], _ text: String
  ) -> [AnswerStore.Entry] {
    let isGrouped = functions[0].question.isGrouped
    let contents: [String?] =
      isGrouped
      ? PromptQuestion.parts(answer.content, count: functions.count) : [answer.content]
    return zip(functions, contents).enumerated().map { place, pair in
      (
        pair.0.known, text,
        ChatAnswer(
          content: Self.beginning(of: pair.1 ?? ""),
          promptTokens: place == 0 ? answer.promptTokens : nil,
          answerTokens: place == 0 ? answer.answerTokens : nil,
          firstTokens: isGrouped ? [] : answer.firstTokens)
      )
    }
  }
}
