import HunchLabeling
import HunchText

/// Turns stored answers into votes.
struct PromptVotes: Sendable {
  /// Why a function abstains though there is an answer.
  static let unparsed = "the answer of the language model is none of the allowed ones"

  /// One labeling function.
  struct Function: Sendable {
    let question: PromptQuestion
    let known: AnswerStore.Known
    /// Nil where answers are taken as they are written.
    let calibration: PromptCalibration?

    /// The allowed answer that a stored one is, by its place.
    func answer(_ stored: ChatAnswer) -> Int? {
      guard let written = question.rule.answer(in: stored.content) else { return nil }
      return calibration?.answer(stored.firstTokens) ?? written
    }
  }

  let store: AnswerStore
  private(set) var functions: [Function] = []

  /// - Parameter calibrates: Whether to correct answers where probabilities allow it.
  init(
    _ store: AnswerStore, _ questions: [PromptQuestion], calibrates: Bool
  ) throws(HunchError) {
    self.store = store
    let known = try store.register(questions.map(\.key))
    for (question, known) in zip(questions, known) {
      var calibration: PromptCalibration?
      if calibrates, !question.isGrouped, PromptCalibration.suits(question.rule) {
        let keys = PromptCalibration.contentFree.map(\.key)
        let answers = try store.load(known, keys)
        calibration = PromptCalibration(question.rule, keys.compactMap { answers[$0] })
      }
      functions.append(Function(question: question, known: known, calibration: calibration))
    }
  }

  /// The functions that ask the same as one of them, itself among them.
  func functions(askingAs function: Int) -> [Int] {
    functions.indices.filter { functions[$0].known.number == functions[function].known.number }
  }

  /// What stands for the answers that there are to a function's question.
  func state(of function: Int) -> String {
    "\(functions[function].known.digest) calibrated=\(functions[function].calibration != nil)"
  }

  /// What stands for each text of a batch; nil for white space.
  static func keys(_ texts: TextBatch) -> [String?] {
    (0..<texts.count).map { document in
      ServiceText.sent(texts.bytes[texts.range(at: document)])
        .map(PromptQuestion.key(ofText:))
    }
  }

  /// The votes of a function on a batch, and the documents whose answers cannot be used.
  func votes(
    of function: Int, _ keys: [String?]
  ) throws(HunchError) -> (votes: [Int16], unparsed: [Int]) {
    let function = functions[function]
    let answers = try store.load(function.known, keys.compactMap(\.self))
    var votes = [Int16](repeating: Vote.abstain, count: keys.count)
    var unparsed: [Int] = []
    for (document, key) in keys.enumerated() {
      guard let key, let stored = answers[key] else { continue }
      if let answer = function.answer(stored) {
        votes[document] = function.question.rule.answers[answer].vote
      } else {
        unparsed.append(document)
      }
    }
    return (votes, unparsed)
  }
}
