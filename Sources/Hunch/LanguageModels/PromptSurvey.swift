/// How far the questions of a project are answered, for the documents that are to be asked about.
struct PromptSurvey: Sendable, Codable {
  /// One labeling function.
  struct Function: Sendable, Codable {
    /// Documents with different texts, and those of them with an answer.
    var documents = 0
    var answered = 0
    /// Answers that are none of the allowed ones.
    var unparsed = 0
    /// The beginning of one of them, the first in byte order.
    var unusable: String?
    /// The tokens that the missing answers will take, about and at most.
    var likelyPrompt = 0
    var likelyAnswer = 0
    var mostPrompt = 0
    var mostAnswer = 0
    /// Requests that will be sent for them; one with several questions counts for its first.
    var requests = 0
    /// Questions about inputs that say nothing which are not asked yet; `requests` and tokens count
    /// them.
    var calibration = 0
    var isCalibrated = false

    /// How many characters of an answer are shown.
    private static let shown = 120

    var unanswered: Int { documents - answered }

    /// Counts an answer of the function.
    mutating func count(_ answer: ChatAnswer, _ function: PromptVotes.Function) {
      answered += 1
      if function.question.rule.answer(in: answer.content) == nil {
        unparsed += 1
        let beginning = String(answer.content.prefix(Self.shown))
        // Whichever came first; an empty one says least.
        unusable = [unusable, beginning].compactMap(\.self).min {
          $0.isEmpty == $1.isEmpty
            ? $0.utf8.lexicographicallyPrecedes($1.utf8) : $1.isEmpty
        }
      }
    }
  }

  var functions: [Function]

  init(count: Int) { functions = Array(repeating: Function(), count: count) }

  /// Whether there is anything to ask.
  var isComplete: Bool { functions.allSatisfy { $0.unanswered == 0 && $0.calibration == 0 } }
}
