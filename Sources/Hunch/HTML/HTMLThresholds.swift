import HunchModels

/// What labelling only the documents of which a model is sure brings: for each least top
/// probability the share of documents that is left, and how often the model is right on them.
struct HTMLThresholds: HTMLPlot {
  /// The documents whose top probability is at least a threshold.
  struct Point {
    var least: Double
    var documents: Int
    var share: Double
    var accuracy: Double
    var interval: Interval?
  }

  let points: [Point]
  /// The model's name as used in a sentence.
  let model: String

  /// Sums up the reliability bins from the surest down.
  init(_ metrics: ClassificationMetrics, model: String) {
    self.model = model
    var points: [Point] = []
    var documents = 0
    var correct = 0.0
    for (bin, entry) in metrics.reliability.enumerated().reversed() where entry.count > 0 {
      documents += entry.count
      correct += (entry.accuracy ?? 0) * Double(entry.count)
      points.append(
        Point(
          least: Double(bin) / 10, documents: documents,
          share: Double(documents) / Double(metrics.documents),
          accuracy: correct / Double(documents),
          interval: Wilson.interval(successes: correct, trials: Double(documents))))
    }
    self.points = points
  }

  /// The drawing: accuracy against the share of documents that is labelled.
  func draw() -> HTMLMarkup {
    let label =
      "Threshold curve of the \(model): accuracy against the share of documents whose top "
      + "probability reaches a threshold."
    var content = Self.square + Self.axes(below: 16)
    content += HTMLDrawing.text(
      "share of documents labelled", Self.x(0.5), Self.y(0) + 34, kind: "middle")
    for (one, next) in zip(points, points.dropFirst()) {
      content += HTMLDrawing.line(
        Self.x(one.share), Self.y(one.accuracy), Self.x(next.share), Self.y(next.accuracy),
        kind: "curve")
    }
    content += points.map(dot).joined()
    return HTMLDrawing.picture(
      width: Self.left + Self.side + 14, height: Self.top + Self.side + 46, kind: "thresholds",
      label: label, content)
  }

  private func dot(_ point: Point) -> String {
    let words =
      "from \(Figures.fixed(point.least, 1)): \(Figures.count(point.documents, "document")), "
      + "accuracy \(Figures.fixed(point.accuracy, 3))"
    return "<circle cx=\"\(HTMLDrawing.at(Self.x(point.share)))\" "
      + "cy=\"\(HTMLDrawing.at(Self.y(point.accuracy)))\" r=\"4\"><title>\(words)</title></circle>"
  }
}
