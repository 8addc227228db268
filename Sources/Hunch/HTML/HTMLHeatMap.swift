/// The pairs of functions as a square of cells: below the diagonal how much two overlap, above it
/// how often they differ. Both are shares of the documents on which either votes, so that a pair that
/// meets twice and differs twice does not look like trouble.
struct HTMLHeatMap {
  /// The most functions that are drawn: more cells than 40 × 40 are neither readable nor small.
  static let limit = 40

  let facts: HTMLReportFacts
  /// The functions drawn, in report order.
  let functions: [Int]
  /// The place of each listed conflict, so that its cell can link to it.
  let listed: [[Int]: Int]

  init(facts: HTMLReportFacts, listedConflicts: Int) {
    self.facts = facts
    functions = Self.functions(facts.report)
    var listed: [[Int]: Int] = [:]
    for (place, conflict) in facts.conflicts.prefix(listedConflicts).enumerated() {
      listed[[conflict.first, conflict.second]] = place
    }
    self.listed = listed
  }

  /// The functions with the most votes, in report order.
  static func functions(_ facts: ReportFacts) -> [Int] {
    FunctionPairs.busiest(facts.functions.map(\.figures.covered), limit)
      .filter { facts.functions[$0].figures.covered > 0 }
  }

  private var cell: Double { functions.count <= 16 ? 26 : functions.count <= 28 ? 21 : 17 }
  private static let top = 22.0

  /// The width of the names beside the rows; long ones are cut.
  private var margin: Double {
    let longest = functions.map { facts.functions[$0].name.unicodeScalars.count }.max() ?? 0
    return Double(min(longest, Self.nameLength)) * 6.7 + 40
  }
  private static let nameLength = 28

  /// Where the documents of a pair are listed.
  static func anchor(_ first: Int, _ second: Int) -> String { "both-\(first + 1)-\(second + 1)" }

  /// The drawing.
  func draw() -> HTMLMarkup {
    let size = Double(functions.count) * cell
    let (width, height) = (margin + size + 2, Self.top + size + 2)
    var content = HTMLDrawing.rectangle(margin, Self.top, size, size, kind: "rail")
    for (place, function) in functions.enumerated() {
      content += names(place, function)
      for (column, other) in functions.enumerated() where column != place {
        content += drawCell(place, column, function, other)
      }
    }
    content += HTMLDrawing.line(
      margin, Self.top, margin + size, Self.top + size, kind: "diagonal")
    let label =
      "Heat map of \(functions.count) functions: overlap below the diagonal, disagreement above it."
    return HTMLMarkup(
      "<svg class=\"heat\" width=\"\(HTMLDrawing.at(width))\" "
        + "height=\"\(HTMLDrawing.at(height))\" viewBox=\"0 0 \(HTMLDrawing.at(width)) "
        + "\(HTMLDrawing.at(height))\" role=\"group\" aria-label=\"\(label)\">\(content)</svg>")
  }

  private func names(_ place: Int, _ function: Int) -> String {
    let middle = Self.top + (Double(place) + 0.5) * cell + 4
    let column = margin + (Double(place) + 0.5) * cell
    return "<text class=\"row\" x=\"\(HTMLDrawing.at(margin - 6))\" "
      + "y=\"\(HTMLDrawing.at(middle))\">\(HTMLEscaping.escape(shortName(function))) "
      + "<tspan class=\"number\">\(function + 1)</tspan></text>"
      + "<text class=\"column\" x=\"\(HTMLDrawing.at(column))\" "
      + "y=\"\(HTMLDrawing.at(Self.top - 7))\">\(function + 1)</text>"
  }

  private func shortName(_ function: Int) -> String {
    let name = facts.functions[function].name.unicodeScalars
    if name.count <= Self.nameLength { return String(name) }
    return String(String.UnicodeScalarView(name.prefix(Self.nameLength - 1))) + "…"
  }

  private func drawCell(_ row: Int, _ column: Int, _ function: Int, _ other: Int) -> String {
    let (common, differing) = facts.pairs.pair(function, other)
    guard common > 0 else { return "" }
    let isOverlap = column < row
    let either =
      facts.functions[function].figures.covered + facts.functions[other].figures.covered - common
    let share = Double(isOverlap ? common : differing) / Double(max(1, either))
    guard share > 0 else { return "" }
    let names =
      "\(facts.functions[function].name) × \(facts.functions[other].name): both vote on "
      + "\(Figures.count(common)) of \(Figures.count(either, "document")), "
      + "differ on \(Figures.count(differing))"
    // The square root lifts small shares to where an eye can tell them from none.
    let opacity = HTMLDrawing.at(0.1 + 0.9 * share.squareRoot())
    let rectangle =
      "<rect class=\"\(isOverlap ? "both" : "differ")\" fill-opacity=\"\(opacity)\" "
      + "x=\"\(HTMLDrawing.at(margin + Double(column) * cell + 0.5))\" "
      + "y=\"\(HTMLDrawing.at(Self.top + Double(row) * cell + 0.5))\" "
      + "width=\"\(HTMLDrawing.at(cell - 1))\" height=\"\(HTMLDrawing.at(cell - 1))\">"
      + "<title>\(HTMLEscaping.escape(names))</title></rect>"
    let pair = [min(function, other), max(function, other)]
    let anchor =
      isOverlap
      ? Self.anchor(pair[0], pair[1])
      : listed[pair].map { "pair-\($0 + 1)" } ?? Self.anchor(pair[0], pair[1])
    // The lists below have the same links in reading order; a thousand cells are no tab stops.
    return "<a href=\"#\(anchor)\" tabindex=\"-1\">\(rectangle)</a>"
  }
}
