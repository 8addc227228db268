import Hunch

/// An aligned table that fits a given width.
///
/// Columns are as wide as their content; where that is too wide, the flexible column is cut with an
/// ellipsis. Widths count what a terminal shows: combining marks nothing, wide characters two.
struct TextTable {
  /// A column's heading and behaviour.
  struct Column {
    var title: String
    var isNumeric = false
    /// Whether the column gives way when the table is too wide.
    var isFlexible = false

    /// - Parameter title: Shown as the text of a ``Cell`` is.
    init(title: String, isNumeric: Bool = false, isFlexible: Bool = false) {
      (self.title, self.isNumeric) = (Excerpt.visible(title), isNumeric)
      self.isFlexible = isFlexible
    }
  }

  /// A cell and how it stands out.
  struct Cell: ExpressibleByStringInterpolation {
    var text: String
    var tone: Style.Tone?

    /// - Parameter text: Shown with a sign for each character that could drive the terminal.
    init(_ text: String, _ tone: Style.Tone? = nil) {
      (self.text, self.tone) = (Excerpt.visible(text), tone)
    }
    init(stringLiteral value: String) { self.init(value) }
  }

  /// A column of a table with a row for each item, and what it shows of an item.
  struct Field<Item> {
    fileprivate var column: Column
    fileprivate var isShown = true
    fileprivate var text: (Item) -> String
    fileprivate var tone: (Item) -> Style.Tone? = { _ in nil }

    /// Words, cut where the table is too wide.
    static func text(_ title: String, _ text: @escaping (Item) -> String) -> Self {
      Self(column: .init(title: title, isFlexible: true), text: text)
    }

    /// Words that are never cut.
    static func mark(_ title: String, _ text: @escaping (Item) -> String) -> Self {
      Self(column: .init(title: title), text: text)
    }

    /// A figure.
    static func number(_ title: String, _ text: @escaping (Item) -> String) -> Self {
      Self(column: .init(title: title, isNumeric: true), text: text)
    }

    /// A count.
    static func count(_ title: String, _ count: @escaping (Item) -> Int) -> Self {
      number(title) { Figures.count(count($0)) }
    }

    /// A figure with three decimals; a dash where there is none.
    static func fixed(_ title: String, _ value: @escaping (Item) -> Double?) -> Self {
      number(title) { value($0).map { Figures.fixed($0, 3) } ?? "–" }
    }

    /// The same cells, standing out as each item asks for.
    func toned(_ tone: @escaping (Item) -> Style.Tone?) -> Self {
      var field = self
      field.tone = tone
      return field
    }

    /// The same cells, faint.
    var faint: Self { toned { _ in .faint } }

    /// The column, or nothing where a condition does not hold.
    func when(_ isShown: Bool) -> Self {
      var field = self
      field.isShown = isShown
      return field
    }
  }

  var columns: [Column]
  var rows: [[Cell]] = []

  init(columns: [Column]) { self.columns = columns }

  /// A table with a row for each item.
  init<Item>(_ items: some Sequence<Item>, _ fields: [Field<Item>]) {
    let shown = fields.filter(\.isShown)
    columns = shown.map(\.column)
    rows = items.map { item in shown.map { Cell($0.text(item), $0.tone(item)) } }
  }

  /// The table as lines, each ended by a line break.
  func render(_ style: Style) -> String {
    let widths = fittedWidths(style.width)
    let titles = columns.map { Cell($0.title, .heading) }
    return ([titles] + rows).map { line($0, widths, style) + "\n" }.joined()
  }

  private static let gap = 2

  private func fittedWidths(_ limit: Int) -> [Int] {
    var widths = columns.indices.map { column in
      rows.reduce(Self.width(columns[column].title)) { max($0, Self.width($1[column].text)) }
    }
    var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - limit
    while excess > 0 {
      let candidates = columns.indices.filter { columns[$0].isFlexible && widths[$0] > 8 }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
    var parts: [String] = []
    for (column, cell) in cells.enumerated() {
      let text = Self.cut(cell.text, to: widths[column])
      let padding = String(repeating: " ", count: widths[column] - Self.width(text))
      let painted = style.paint(text, cell.tone)
      parts.append(columns[column].isNumeric ? padding + painted : painted + padding)
    }
    var text = parts.joined(separator: String(repeating: " ", count: Self.gap))
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The number of terminal cells that a text takes.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default:
      return 1
    }
  }

  private static func cut(_ text: String, to limit: Int) -> String {
    if width(text) <= limit { return text }
    var kept = ""
    var used = 0
    for character in text {
      let next = width(String(character))
      if used + next > limit - 1 { break }
      kept.append(character)
      used += next
    }
    return kept + "…"
  }
}
