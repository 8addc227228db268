import Foundation

/// The reason why no more may be asked.
struct BudgetIsSpent: Error {
  /// Which limit: `requests`, `tokens` or `money`.
  var limit: String
}

/// Keeps a project within its budget.
///
/// The most that a request can cost is put down as spent, on the disk, before the request goes out,
/// and corrected when the service has said what it took. So the budget holds also where a process is
/// killed, and where many requests are under way.
final class Spending: Sendable {
  typealias Amount = AnswerStore.Amount

  private struct State {
    var spent: Amount
    /// The part of `spent` that belongs to requests under way.
    var open = Amount()
    /// By how much the service counted more tokens than were thought possible, at most.
    var excess = 0
  }

  private let store: AnswerStore
  private let budget: LanguageModelConfiguration.Budget
  private let prices: LanguageModelConfiguration.Prices
  private let before: Amount
  private let state: Guarded<State>

  init(_ store: AnswerStore, _ configuration: LanguageModelConfiguration) throws(HunchError) {
    self.store = store
    budget = configuration.budget
    prices = configuration.prices ?? LanguageModelConfiguration.Prices(input: 0, output: 0)
    before = try store.spent()
    state = Guarded(State(spent: before))
  }

  /// What was spent since this was made.
  var sinceStart: Amount { state.withLock { $0.spent - before } }
  /// What was spent on the project.
  var total: Amount { state.withLock { $0.spent } }

  /// What tokens cost, rounded up to 10⁻⁹ of the currency.
  func nanos(prompt: Int, answer: Int) -> Int {
    let sum = Double(prompt) * prices.input * 1000 + Double(answer) * prices.output * 1000
    return Int(min(sum.rounded(.up), 4e18))
  }

  /// Puts down the most that a request can cost, or waits while others are under way that may cost
  /// less than was put down for them.
  ///
  /// - Throws: ``BudgetIsSpent``, ``HunchError/interrupted`` or what the workspace throws.
  func reserve(_ estimate: TokenEstimate, answerTokens: Int, isCancelled: () -> Bool) throws
    -> Amount
  {
    while true {
      if isCancelled() { throw HunchError.interrupted }
      let reserved = try state.withLock { state -> Amount? in
        let prompt = estimate.most + state.excess
        let most = Amount(
          requests: 1, tokens: prompt + answerTokens,
          nanos: nanos(prompt: prompt, answer: answerTokens))
        if let limit = limit(passedBy: state.spent + most) {
          // A request stays one; tokens may come back.
          let settled = state.spent - state.open + most
          if limit == "requests" || state.open.requests == 0 || self.limit(passedBy: settled) != nil
          {
            throw BudgetIsSpent(limit: limit)
          }
          return nil
        }
        try store.save([], change: most)
        state.spent = state.spent + most
        state.open = state.open + most
        return most
      }
      if let reserved { return reserved }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  /// Corrects what was put down for a request, and keeps the answers that it brought.
  ///
  /// - Parameters:
  ///   - prompt: The tokens that were read; nil where the service does not say, so that what was put
  ///     down stays.
  ///   - answer: The tokens that were written, likewise.
  func settle(
    _ reserved: Amount, _ estimate: TokenEstimate, prompt: Int?, answer: Int?,
    _ answers: [AnswerStore.Entry] = []
  ) throws {
    var used = reserved
    if let prompt, let answer {
      used = Amount(
        requests: 1, tokens: prompt + answer, nanos: nanos(prompt: prompt, answer: answer))
    }
    try state.withLock { state in
      try store.save(answers, change: used - reserved)
      state.spent = state.spent + used - reserved
      state.open = state.open - reserved
      if let prompt { state.excess = max(state.excess, prompt - estimate.most) }
    }
  }

  /// Gets the answer to a request, with every try put down before it goes out.
  ///
  /// - Parameter keeping: What of the answer is kept, in the transaction that settles it.
  /// - Throws: ``BudgetIsSpent``, ``ChatError``, ``HunchError/interrupted`` or what the workspace
  ///   throws.
  func answer(
    _ request: ChatRequest, of model: any ChatModel, isCancelled: @escaping () -> Bool,
    keeping: (ChatAnswer) -> [AnswerStore.Entry] = { _ in [] }
  ) throws -> ChatAnswer {
    let estimate = TokenEstimate(request)
    var reserved: Amount?
    let tries = ServiceTries(
      willSend: {
        reserved = try self.reserve(
          estimate, answerTokens: request.answerTokens, isCancelled: isCancelled)
      },
      didFail: { mayCost in
        guard let amount = reserved else { return }
        reserved = nil
        let tokens = mayCost ? nil : 0
        try self.settle(amount, estimate, prompt: tokens, answer: tokens)
      })
    let answer = try model.answer(request, tries: tries, isCancelled: isCancelled)
    let kept = keeping(answer)
    if let amount = reserved {
      try settle(
        amount, estimate, prompt: answer.promptTokens, answer: answer.answerTokens, kept)
    } else {
      try store.save(kept, change: Amount())
    }
    return answer
  }

  /// The first limit that an amount is above, if there is one.
  private func limit(passedBy amount: Amount) -> String? {
    if let requests = budget.requests, amount.requests > requests { return "requests" }
    if let tokens = budget.tokens, amount.tokens > tokens { return "tokens" }
    if let money = budget.money, Double(amount.nanos) > money * 1e9 { return "money" }
    return nil
  }
}
