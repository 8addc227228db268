import HunchModels

/// Small pictures in the report's tables, as inline SVG.
///
/// Colours come from the style sheet by class, so that they follow light and dark; coordinates are
/// rounded to hundredths. No picture says anything that is not also written in its label.
enum HTMLDrawing {
  /// A number as a coordinate.
  static func at(_ value: Double) -> String { Figures.coordinate(value) }

  /// A picture of fixed size with a label for screen readers.
  static func picture(
    width: Double, height: Double, kind: String, label: String, _ content: String
  ) -> HTMLMarkup {
    HTMLMarkup(
      "<svg class=\"\(kind)\" width=\"\(at(width))\" height=\"\(at(height))\" "
        + "viewBox=\"0 0 \(at(width)) \(at(height))\" role=\"img\" "
        + "aria-label=\"\(HTMLEscaping.escape(label))\">\(content)</svg>")
  }

  static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, kind: String
  ) -> String {
    "<rect class=\"\(kind)\" x=\"\(at(x))\" y=\"\(at(y))\" width=\"\(at(max(0, width)))\" "
      + "height=\"\(at(max(0, height)))\"/>"
  }

  static func text(_ words: String, _ x: Double, _ y: Double, kind: String) -> String {
    "<text class=\"\(kind)\" x=\"\(at(x))\" y=\"\(at(y))\">\(HTMLEscaping.escape(words))</text>"
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, kind: String
  ) -> String {
    "<line class=\"\(kind)\" x1=\"\(at(x1))\" y1=\"\(at(y1))\" x2=\"\(at(x2))\" y2=\"\(at(y2))\"/>"
  }

  /// Coverage with the part that overlaps and the part that conflicts inside it.
  ///
  /// - Parameter scale: The share that fills the picture.
  static func coverageBar(_ figures: FunctionAnalysis, scale: Double) -> HTMLMarkup {
    let (width, height) = (120.0, 12.0)
    func length(_ share: Double) -> Double { scale > 0 ? share / scale * width : 0 }
    let label =
      "coverage \(Figures.percent(figures.coverage)), "
      + "overlaps \(Figures.percent(figures.overlaps)), "
      + "conflicts \(Figures.percent(figures.conflicts))"
    return picture(
      width: width, height: height, kind: "bar", label: label,
      rectangle(0, 0, width, height, kind: "rail")
        + rectangle(0, 0, length(figures.coverage), height, kind: "covers")
        + rectangle(0, 0, length(figures.overlaps), height, kind: "overlaps")
        + rectangle(0, 0, length(figures.conflicts), height, kind: "conflicts"))
  }

  /// One share of 1 as a bar.
  static func shareBar(_ share: Double, label: String) -> HTMLMarkup {
    picture(
      width: 96, height: 12, kind: "bar", label: label,
      rectangle(0, 0, 96, 12, kind: "rail") + rectangle(0, 0, share * 96, 12, kind: "overlaps"))
  }

  /// Accuracy measured on gold (filled dot) and implied by agreement (hollow dot) with their
  /// intervals, on an axis from 0 to 1; a tick stands where blind votes would be.
  static func accuracy(of function: ReportFacts.Function) -> HTMLMarkup {
    let (width, height) = (132.0, 22.0)
    func x(_ share: Double) -> Double { 6 + share * (width - 12) }
    let hasGold = function.figures.empiricalAccuracy != nil
    var content = line(x(0), 11, x(1), 11, kind: "axis") + line(x(0.5), 4, x(0.5), 18, kind: "axis")
    var labels: [String] = []
    if let blind = function.blindAccuracy {
      content += line(x(blind), 15, x(blind), 21, kind: "blind")
    }
    if let accuracy = function.figures.empiricalAccuracy {
      let interval = function.figures.empiricalAccuracyInterval
      content += whisker(interval, y: 7, x: x, kind: "gold")
      let tone = (interval?.upper ?? 1) < 0.5 ? "gold bad" : "gold"
      content += "<circle class=\"\(tone)\" cx=\"\(at(x(accuracy)))\" cy=\"7\" r=\"3.5\"/>"
      labels.append(
        "accuracy on gold \(Figures.percent(accuracy)), 95 % interval "
          + Figures.interval(interval))
    }
    if let implied = function.impliedAccuracy {
      let y = hasGold ? 15.0 : 11
      content += whisker(function.impliedInterval, y: y, x: x, kind: "implied")
      content += "<circle class=\"implied\" cx=\"\(at(x(implied)))\" cy=\"\(at(y))\" r=\"3\"/>"
      labels.append("agreement-implied accuracy \(Figures.percent(implied))")
    }
    return picture(
      width: width, height: height, kind: "dots",
      label: labels.isEmpty ? "no votes" : labels.joined(separator: "; "), content)
  }

  private static func whisker(
    _ interval: Interval?, y: Double, x: (Double) -> Double, kind: String
  ) -> String {
    guard let interval else { return "" }
    return line(x(interval.lower), y, x(interval.upper), y, kind: kind)
  }
}

/// A drawing of a share against another, in a square.
protocol HTMLPlot {}

extension HTMLPlot {
  static var left: Double { 40 }
  static var top: Double { 10 }
  static var side: Double { 220 }

  static func x(_ share: Double) -> Double { left + share * side }
  static func y(_ share: Double) -> Double { top + (1 - share) * side }

  static var square: String { HTMLDrawing.rectangle(left, top, side, side, kind: "rail") }

  /// Both axes with lines across.
  ///
  /// - Parameter below: How far below the square the figures of the lower axis stand.
  static func axes(below: Double) -> String {
    var content = ""
    for tick in [0.0, 0.25, 0.5, 0.75, 1] {
      let words = Figures.fixed(tick, 2)
      content += HTMLDrawing.text(words, left - 6, y(tick) + 4, kind: "left")
      content += HTMLDrawing.text(words, x(tick), y(0) + below, kind: "middle")
      if tick > 0, tick < 1 {
        content += HTMLDrawing.line(x(0), y(tick), x(1), y(tick), kind: "grid")
      }
    }
    return content
  }
}
