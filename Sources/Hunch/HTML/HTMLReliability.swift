import HunchModels

/// The reliability diagram of a model: for each range of its top probability, how often it is
/// right, with an interval, over a strip that shows how many documents are in the range.
struct HTMLReliability: HTMLPlot {
  let metrics: ClassificationMetrics
  /// The model's name as used in a sentence.
  let model: String

  private static let strip = 36.0

  /// The drawing.
  func draw() -> HTMLMarkup {
    let width = Self.left + Self.side + 14
    let height = Self.top + Self.side + Self.strip + 54
    let label =
      "Reliability diagram of the \(model): accuracy against top probability in ten bins; expected "
      + "calibration error \(Figures.fixed(metrics.ece, 3))."
    return HTMLDrawing.picture(
      width: width, height: height, kind: "reliability", label: label,
      frame() + metrics.reliability.enumerated().map { point($0, $1) }.joined())
  }

  private func frame() -> String {
    let content =
      Self.square
      + HTMLDrawing.line(Self.x(0), Self.y(0), Self.x(1), Self.y(1), kind: "ideal")
      + Self.axes(below: Self.strip + 22)
    let below = Self.y(0) + Self.strip + 6
    return content + HTMLDrawing.line(Self.x(0), below, Self.x(1), below, kind: "axis")
      + HTMLDrawing.text(
        "top probability, and documents in each bin", Self.x(0.5), below + 36, kind: "middle")
  }

  private func point(_ index: Int, _ bin: ReliabilityBin) -> String {
    guard let confidence = bin.meanConfidence, let accuracy = bin.accuracy else { return "" }
    let largest = Double(metrics.reliability.map(\.count).max() ?? 1)
    let share = Double(bin.count) / largest
    let bar = share * Self.strip
    let interval = Wilson.interval(
      successes: accuracy * Double(bin.count), trials: Double(bin.count))
    var content = HTMLDrawing.rectangle(
      Self.x(Double(index) / 10) + 1, Self.y(0) + Self.strip + 6 - bar, Self.side / 10 - 2,
      max(1, bar), kind: "overlaps")
    if let interval {
      content += HTMLDrawing.line(
        Self.x(confidence), Self.y(interval.lower), Self.x(confidence), Self.y(interval.upper),
        kind: "gold")
    }
    let words =
      "\(Figures.count(bin.count, "document")): mean probability "
      + "\(Figures.fixed(confidence, 3)), accuracy \(Figures.fixed(accuracy, 3))"
    return content
      + "<circle class=\"gold\" cx=\"\(HTMLDrawing.at(Self.x(confidence)))\" "
      + "cy=\"\(HTMLDrawing.at(Self.y(accuracy)))\" "
      + "r=\"\(HTMLDrawing.at(3 + 4 * share.squareRoot()))\"><title>\(words)</title></circle>"
  }
}
