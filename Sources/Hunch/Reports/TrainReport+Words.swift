import Foundation

extension TrainReport.StepSize {
  /// The bracket, the step that was taken and the budgets.
  package var words: String {
    func number(_ value: Double) -> String { String(format: "%.3g", value) }
    return
      "step size \(number(step)), found in [\(number(bracket[0])), \(number(bracket[1]))] by runs "
      + "of \(budgets.map { "\($0)" }.joined(separator: ", then ")) passes"
  }
}

extension TrainReport {
  /// What was done to the classifier's odds and probabilities after the training, and why.
  package var sentences: [String] {
    var sentences: [String] = []
    if let stepSearch { sentences.append(stepSearch.words) }
    let changed = (classShift ?? [:]).filter { abs($0.value) >= 0.05 }
    if !changed.isEmpty {
      let factors = changed.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        "\($0.key) ×\(Figures.fixed(exp($0.value), 2))"
      }
      sentences.append(
        "odds shifted so that unseen texts get each class as often as the label model gives it: "
          + factors.joined(separator: ", "))
    }
    if let temperature {
      sentences.append(
        "probabilities calibrated on texts that were not learned from: temperature "
          + Figures.fixed(temperature, 2))
    }
    if let goldLearning { sentences.append("then adapted to \(goldLearning.words)") }
    return sentences
  }
}
