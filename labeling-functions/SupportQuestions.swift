public import HunchLabeling

/// The rules of support-messages, and questions to a language model about the messages on which they
/// are least sure; the example in `examples/support-questions`.
public let supportQuestions = RulePack(
  "support-questions", for: SupportTopic.self,
  summary: "support-messages with questions to a language model"
) {
  supportMessages.functions
  Prompt(
    "asked_topic", ask: "What is this message to a bank's support chat mainly about?",
    answers: [
      "card": .card, "transfer": .transfer, "fees": .fees, "login": .access, "account": .account,
      "loan": .loan, "something else": nil,
    ]
  )
  .described("a language model names the topic")
  Prompt(
    "asked_access", ask: "Does the customer fail to get into the app or the website?",
    answers: ["yes": .access, "no": nil]
  )
  .described("a language model says whether it is about logging in")
}
