import Foundation

extension TrainReport {
  /// What was done to the classifier's odds and probabilities after the training, and why.
  package var sentences: [String] {
    let gold = calibrationGold ?? 0
    var sentences: [String] = []
    let changed = (classShift ?? [:]).filter { abs($0.value) >= 0.05 }
    if !changed.isEmpty {
      let factors = changed.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        "\($0.key) ×\(Figures.fixed(exp($0.value), 2))"
      }
      let reason =
        gold > 0
        ? "" : " so that unseen texts get each class as often as the label model gives it"
      sentences.append("odds shifted\(reason): " + factors.joined(separator: ", "))
    }
    if let temperature {
      let source =
        gold > 0
        ? "with \(Figures.count(gold, "gold label"))" : "on texts that were not learned from"
      sentences.append(
        "probabilities calibrated \(source): temperature \(Figures.fixed(temperature, 2))")
    }
    return sentences
  }
}
