import Foundation
import HunchLabeling

/// Corrects answers for what a model prefers whatever the document says.
///
/// Zhao et al. (2021), "Calibrate Before Use": with inputs that say nothing in place of the document,
/// the probabilities of the answers show the bias. With p the probabilities of the answers to a
/// document and b those to such inputs, on average, the answer with the largest p / b is taken.
/// Probabilities are those of the first token: each that begins exactly one allowed answer counts for
/// that one.
struct PromptCalibration: Sendable {
  /// The inputs that say nothing.
  static let contentFree = ["N/A", "", "[MASK]"].map(AskedText.init)
  /// How many of the likeliest tokens are asked for; more than 20 are refused by some services.
  static let likeliestTokens = 20

  private let rule: PromptRule
  private let folded: [String]
  /// What the probability of each answer is divided by.
  let bias: [Double]

  /// - Parameter answers: Those to ``contentFree``.
  /// - Returns: Nil where one of them is missing or comes without probabilities of the answers.
  init?(_ rule: PromptRule, _ answers: [ChatAnswer]) {
    self.rule = rule
    folded = rule.answers.map { PromptRule.folded($0.text) }
    guard answers.count == Self.contentFree.count, rule.answers.count > 1 else { return nil }
    var sum = [Double](repeating: 0, count: rule.answers.count)
    for answer in answers {
      guard var shares = Self.masses(answer.firstTokens, folded) else { return nil }
      // What is not among the likeliest tokens is at most as likely as the last of these.
      let floor = answer.firstTokens.map { Foundation.exp($0.logProbability) }.min() ?? 0
      guard floor > 0 else { return nil }
      for index in shares.indices { shares[index] = max(shares[index], floor) }
      let total = shares.reduce(0, +)
      for index in sum.indices { sum[index] += shares[index] / total }
    }
    bias = sum.map { $0 / Double(answers.count) }
  }

  /// Whether the answers of a rule begin differently enough to tell them by their first token.
  static func suits(_ rule: PromptRule) -> Bool {
    let first = rule.answers.map { PromptRule.folded($0.text).unicodeScalars.first }
    return rule.answers.count > 1 && Set(first).count == first.count
  }

  /// The allowed answer, by its place, that is likeliest without the bias; nil where the
  /// probabilities say nothing.
  func answer(_ tokens: [ChatAnswer.Token]) -> Int? {
    guard let masses = Self.masses(tokens, folded) else { return nil }
    var best = 0
    for index in masses.indices where masses[index] / bias[index] > masses[best] / bias[best] {
      best = index
    }
    return best
  }

  /// The probability of each answer's first token; nil where none is among the likeliest.
  private static func masses(_ tokens: [ChatAnswer.Token], _ folded: [String]) -> [Double]? {
    var masses = [Double](repeating: 0, count: folded.count)
    for token in tokens {
      let text = PromptRule.folded(token.text)
      let begun = folded.indices.filter { !text.isEmpty && folded[$0].hasPrefix(text) }
      if begun.count == 1 { masses[begun[0]] += Foundation.exp(token.logProbability) }
    }
    return masses.contains { $0 > 0 } ? masses : nil
  }
}
