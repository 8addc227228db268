/// Why labeling functions cannot be drafted. Nothing is written then.
package enum DraftError: ReportableError, Equatable {
  /// The answer has no list of rules.
  case noRules(source: String)
  /// The answer is larger than any answer that was asked for.
  case answerTooLarge(source: String, bytes: Int)
  /// There is no document to show.
  case nothingToShow
  /// Something went wrong after the answer had come, which is kept in a file.
  case answerKept(problem: String, hint: String?, status: ExitStatus, path: String)

  package var status: ExitStatus {
    if case .answerKept(_, _, let status, _) = self { status } else { .badData }
  }

  package var description: String {
    switch self {
    case .noRules(let source): "\(source): the answer holds no JSON with a list 'rules'"
    case .answerTooLarge(let source, let bytes):
      "\(source): the answer is larger than \(Figures.count(bytes)) bytes"
    case .answerKept(let problem, _, _, _): problem
    case .nothingToShow: "there is no document that may be shown to a language model"
    }
  }

  package var hint: String? {
    switch self {
    case .noRules:
      "the answer looks like {\"rules\": [{\"class\": …, \"keywords\": […]}]}; "
        + "'hunch draft DIR --write-request -' shows what is asked for"
    case .answerKept(_, let hint, _, let path):
      (hint.map { "\($0); " } ?? "") + "the answer is kept: go on with '--answers \(path)'"
    case .answerTooLarge: "is this the file with the answer?"
    case .nothingToShow: "documents of the test split are not shown, nor are those with repair gold"
    }
  }
}
