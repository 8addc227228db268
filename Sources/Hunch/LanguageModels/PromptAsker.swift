import Foundation

/// A text that a language model is asked about, and what stands for it.
struct AskedText: Sendable {
  var key: String
  var text: String

  init(_ text: String) { (key, self.text) = (PromptQuestion.key(ofText: text), text) }
}

/// Finds out what is not answered yet, has it asked, and counts.
final class PromptAsker {
  let votes: PromptVotes
  private let worker: PromptWorker
  private let configuration: LanguageModelConfiguration
  /// Makes what asks a model by its name; nil where questions are only counted.
  private let connect: ((_ model: String) throws -> any ChatModel)?
  private var models: [String: any ChatModel] = [:]
  /// The texts that were counted, by the beginning of their keys.
  private var seen: Set<UInt64> = []
  /// Whether probabilities come with the answers to a question.
  private var hasProbabilities: [Bool]

  init(
    _ votes: PromptVotes, _ configuration: LanguageModelConfiguration,
    connect: ((_ model: String) throws -> any ChatModel)?, progress: StepProgress,
    cancellation: Cancellation
  ) throws(HunchError) {
    self.votes = votes
    self.configuration = configuration
    self.connect = connect
    worker = PromptWorker(
      votes: votes, spending: try Spending(votes.store, configuration),
      showsMoney: configuration.prices != nil, concurrency: configuration.concurrency,
      progress: progress, cancellation: cancellation,
      state: Guarded(PromptWorker.State(survey: PromptSurvey(count: votes.functions.count))))
    hasProbabilities = votes.functions.map { $0.calibration != nil }
  }

  /// What was found and done so far.
  var outcome: PromptWorker.State { worker.state.withLock { $0 } }
  var spending: Spending { worker.spending }

  /// Counts some texts and asks what is not known of them.
  ///
  /// - Throws: ``ChatError``, ``HunchError/interrupted`` or what the workspace throws.
  func take(_ texts: [AskedText]) throws {
    try worker.cancellation.check()
    let texts = texts.filter { seen.insert(UInt64($0.key.prefix(16), radix: 16) ?? 0).inserted }
    var missing = [[Int]](repeating: [], count: texts.count)
    for (index, function) in votes.functions.enumerated() {
      let answers = try votes.store.load(function.known, texts.map(\.key))
      worker.state.withLock { state in
        state.survey.functions[index].documents += texts.count
        for (place, text) in texts.enumerated() {
          if let answer = answers[text.key] {
            state.survey.functions[index].count(answer, function)
          } else if votes.functions(askingAs: index)[0] == index {
            missing[place].append(index)
          }
        }
      }
    }
    var calls: [PromptWorker.Call] = []
    for (text, missing) in zip(texts, missing) { add(missing, about: text, &calls) }
    try run(calls)
  }

  /// Asks about the inputs that say nothing, where that helps and is not known.
  func calibrate() throws {
    guard configuration.calibrates else { return }
    var calls: [PromptWorker.Call] = []
    for (index, function) in votes.functions.enumerated()
    where !function.question.isGrouped && PromptCalibration.suits(function.question.rule)
      && votes.functions(askingAs: index)[0] == index
    {
      let answers = try contentFreeAnswers(function)
      let missing = PromptCalibration.contentFree.filter { answers[$0.key] == nil }
      hasProbabilities[index] = answers.values.allSatisfy { !$0.firstTokens.isEmpty }
      worker.state.withLock { $0.survey.functions[index].calibration = missing.count }
      calls += missing.map {
        PromptWorker.Call(
          text: $0, questions: [index], likeliestTokens: PromptCalibration.likeliestTokens)
      }
    }
    try run(calls, isCalibration: true)
    if connect == nil { return }
    for (index, function) in votes.functions.enumerated() where hasProbabilities[index] {
      let answers = try contentFreeAnswers(function)
      hasProbabilities[index] =
        !answers.isEmpty && answers.values.allSatisfy { !$0.firstTokens.isEmpty }
    }
  }

  private func contentFreeAnswers(
    _ function: PromptVotes.Function
  ) throws(HunchError) -> [String: ChatAnswer] {
    try votes.store.load(function.known, PromptCalibration.contentFree.map(\.key))
  }

  /// Puts the questions about a text into requests.
  private func add(_ missing: [Int], about text: AskedText, _ calls: inout [PromptWorker.Call]) {
    let start = calls.count
    for index in missing {
      let question = votes.functions[index].question
      let place = calls[start...].firstIndex { call in
        call.questions.count < configuration.questionsPerCall
          && votes.functions[call.questions[0]].question.goesWith(question)
      }
      if let place {
        calls[place].questions.append(index)
      } else {
        calls.append(
          PromptWorker.Call(
            text: text, questions: [index],
            likeliestTokens: hasProbabilities[index] ? PromptCalibration.likeliestTokens : 0))
      }
    }
  }

  private func run(_ calls: [PromptWorker.Call], isCalibration: Bool = false) throws {
    guard let connect else { return worker.estimate(calls) }
    for call in calls {
      let model = votes.functions[call.questions[0]].question.model
      if models[model] == nil { models[model] = try connect(model) }
    }
    try worker.run(calls, models, isCalibration: isCalibration)
  }
}
