import Foundation
import HunchLabeling
import HunchModels

// The code of the articles of docs/Hunch.docc, run by `DocumentedExamplesTests`, which compares it with
// the articles block by block. What stands outside the marks is not in the articles.

enum DocumentedExamples {
  static func ownVotes() throws -> (posteriors: [[Double]], accuracies: [Double?]) {
    // article: OwnVotes
    let votes = try VoteMatrix(
      rows: [[0, -1, 0], [0, 0, nil], [1, 1, nil], [nil, 1, 1], [1, nil, 1], [0, 1, 0]], classes: 2)
    let model = try LabelModel.auto.fit(votes)
    let posteriors = try model.posteriors(of: votes)
    let accuracies = model.functions.map(\.accuracy)
    // next
    let known = Evidence(classBalance: [0.8, 0.2], groups: [[0, 1]])
    let informed = try LabelModel.auto.fit(votes, given: known)
    // end
    precondition(informed.classBalance == [0.8, 0.2])
    return (posteriors, accuracies)
  }

  static func gold() throws -> FittedLabelModel {
    // article: OwnVotes
    let withGold = try VoteMatrix(
      rows: [[0, -1, 0], [0, 0, nil], [1, 1, nil]], classes: 2, gold: [0, nil, 1])
    let taught = try LabelModel.auto.fit(withGold)
    // end
    return taught
  }

  static func badVotes(print: (any Error) -> Void) {
    // article: OwnVotes
    do {
      _ = try VoteMatrix(rows: [[0, 1], [2, 0]], classes: 2)
    } catch {
      print(error)
    }
    // end
  }

  static func rules() throws -> (rows: [[Int?]], labels: [[Double]]) {
    // article: WritingRules
    enum Topic: String, LabelSet { case card, transfer }

    let messages = RulePack("messages", for: Topic.self) {
      Keywords("card", ["card", "pin", "contactless"], votes: .card)
      Pattern("iban", #"\b[A-Z]{2}\d{2} ?\d{4}"#, votes: .transfer)
      Keywords("send", ["send", "sent", "transfer"], votes: .transfer)
      Heuristic("short_question") { message in
        message.words.count < 4 && message.text.hasSuffix("?") ? .card : nil
      }
    }
    // next
    let texts = ["My card is lost", "I sent it to DE12 3456", "Why?"]
    let rows = try messages.votes(on: texts)
    // next
    let votes = try VoteMatrix(rows: rows, classes: messages.labels.count)
    let labels = try LabelModel.auto.fit(votes).posteriors(of: votes)
    // end
    return (rows, labels)
  }

  static func train(_ file: URL) throws {
    // article: UsingAModel
    let texts = ["win a prize", "free prize inside", "see you at six", "lunch at noon"]
    let posteriors = [[0.1, 0.9], [0.2, 0.8], [0.95, 0.05], [0.9, 0.1]]
    let trained = try TextClassifier.train(texts, classes: ["ham", "spam"], posteriors: posteriors)
    try Data(trained.encoded()).write(to: file)
    // end
  }

  static func load(_ file: URL) throws -> (label: String, probabilities: [Double]) {
    // article: UsingAModel
    let bytes = try Data(contentsOf: file)
    let classifier = try TextClassifier(decoding: Array(bytes))
    let label = classifier.label(of: "Win a prize now")
    let probabilities = classifier.probabilities(of: "Win a prize now")
    // end
    return (label, probabilities)
  }

  static func ruleKind() throws -> [[Int?]] {
    // article: AddingARuleKind
    /// Votes where the text begins with one of some words.
    func begins<Label: LabelSet>(
      _ name: String, with words: [String], votes label: Label
    ) -> Pattern<Label> {
      let choices = words.map { NSRegularExpression.escapedPattern(for: $0) }
      return Pattern(name, #"\A\s*(?:"# + choices.joined(separator: "|") + #")\b"#, votes: label)
    }

    enum Kind: String, LabelSet { case letter, other }

    let letters = RulePack("letters", for: Kind.self) {
      begins("greeting", with: ["dear", "good morning"], votes: .letter)
      begins("reply", with: ["re"], votes: .letter)
    }
    let found = try letters.votes(on: ["Dear Sir", "my dear", "Re: your bill"])
    // end
    return found
  }
}
