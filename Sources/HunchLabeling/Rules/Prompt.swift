import HunchText

/// Votes as a language model answers a question about the document.
///
/// The model is told the allowed answers; each stands for a class or, with nil, for abstaining. An
/// answer that is none of them abstains and is counted. Which model is asked, how much may be spent
/// and on which documents stands in `language_model:` of `hunch.yaml`; answers are kept in the
/// workspace, and without one the rule abstains.
///
/// For example:
///
///     Prompt(
///       "is_complaint", ask: "Does the customer complain about the service?",
///       answers: ["yes": .complaint, "no": nil])
public struct Prompt<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function.
  ///
  /// - Parameters:
  ///   - name: The name in reports, unique in the pack.
  ///   - question: What the model is asked about each document.
  ///   - answers: The allowed answers in the order in which the model is told them, and the class
  ///     that each votes for; nil abstains. They must differ in more than case, quotation marks and
  ///     final punctuation.
  ///   - instructions: What the model is told before the question, in place of the usual words.
  ///   - model: The model to ask in place of the one that `hunch.yaml` names.
  public init(
    _ name: String, ask question: String, answers: KeyValuePairs<String, Label?>,
    instructions: String? = nil, model: String? = nil,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let index = LabelIndex<Label>()
    let rule = PromptRule(
      question: question,
      answers: answers.map { PromptRule.Answer(text: $0.key, vote: index($0.value)) },
      instructions: instructions, model: model)
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .prompt(rule))
  }
}

/// The data of ``Prompt``.
package struct PromptRule: Sendable, Hashable {
  /// An allowed answer.
  package struct Answer: Sendable, Hashable {
    package var text: String
    /// ``Vote/abstain`` for an answer without a class.
    package var vote: Int16

    package init(text: String, vote: Int16) { (self.text, self.vote) = (text, vote) }
  }

  package var question: String
  package var answers: [Answer]
  package var instructions: String?
  package var model: String?

  package init(
    question: String, answers: [Answer], instructions: String? = nil, model: String? = nil
  ) {
    self.question = question
    self.answers = answers
    self.instructions = instructions
    self.model = model
  }

  /// The allowed answer that a model's words are, by its place; nil for anything else.
  package func answer(in words: String) -> Int? {
    let folded = Self.folded(words)
    return answers.firstIndex { Self.folded($0.text) == folded }
  }

  /// What of an answer counts: its text without case and without white space, quotation marks,
  /// asterisks and full stops, commas, colons, semicolons, exclamation and question marks around it.
  ///
  /// Opening punctuation is kept but for quotation marks and asterisks, so `-1` stays what it is.
  package static func folded(_ answer: String) -> String {
    let marks: Set<Unicode.Scalar> = [
      "\"", "'", "`", "*", "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "\u{AB}",
      "\u{BB}",
    ]
    let ends: Set<Unicode.Scalar> = [".", ",", ":", ";", "!", "?", "\u{3002}"]
    var scalars = Array(answer.unicodeScalars)[...]
    while let first = scalars.first, marks.contains(first) || first.properties.isWhitespace {
      scalars.removeFirst()
    }
    while let last = scalars.last,
      marks.contains(last) || ends.contains(last) || last.properties.isWhitespace
    {
      scalars.removeLast()
    }
    return CaseFolding.folded(String(String.UnicodeScalarView(scalars)))
  }

  /// What is wrong and what to do, if anything is wrong.
  var problem: String? {
    if question.allSatisfy(\.isWhitespace) { return "has an empty question; write one as 'ask:'" }
    if answers.isEmpty { return "has no answers; give each a class or nil in 'answers:'" }
    var seen: [String: String] = [:]
    for answer in answers {
      let folded = Self.folded(answer.text)
      if folded.isEmpty { return "has an answer without letters or digits; write it out" }
      if let other = seen.updateValue(answer.text, forKey: folded) {
        return "has the answers '\(other)' and '\(answer.text)', which are the same without case, "
          + "quotation marks and final punctuation; rename one"
      }
    }
    return answers.contains { $0.vote >= 0 }
      ? nil : "has no answer that votes for a class; give one of them a class"
  }
}

extension RuleDefinition {
  /// The question that the function asks a language model, if it does.
  package var prompt: PromptRule? {
    if case .prompt(let rule) = node { rule } else { nil }
  }
}
