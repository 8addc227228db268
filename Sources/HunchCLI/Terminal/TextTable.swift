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
  }

  /// A cell and how it stands out.
  struct Cell: ExpressibleByStringInterpolation {
    var text: String
    var tone: Style.Tone?

    init(_ text: String, _ tone: Style.Tone? = nil) { (self.text, self.tone) = (text, tone) }
    init(stringLiteral value: String) { self.init(value) }
  }

  var columns: [Column]
  var rows: [[Cell]] = []

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

/// Numbers as tables show them.
enum Figures {
  /// A share as a percentage with one decimal.
  static func percent(_ value: Double?) -> String {
    guard let value else { return "–" }
    return fixed(value * 100, 1) + " %"
  }

  /// A number with a fixed count of decimals, rounded half away from zero.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded()
    guard scaled < 1e15 else { return String(value) }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    if decimals == 0 { return sign + String(whole) }
    let fraction = String(whole % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(whole / scale).\(zeros)\(fraction)"
  }

  /// A count with thousands set apart.
  static func count(_ value: Int) -> String {
    var digits = String(abs(value))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// A bar of eighths of a character for a share of 1.
  static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// A time in words that fit its size.
  static func seconds(_ value: Double) -> String {
    value < 1 ? "\(fixed(value * 1000, 0)) ms" : "\(fixed(value, value < 10 ? 2 : 1)) s"
  }
}
