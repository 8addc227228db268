import HunchModels

/// Numbers as the report shows them, the same on every machine and in every locale.
enum HTMLFigures {
  /// A share as a percentage with one decimal; a dash where there is none.
  static func percent(_ share: Double?) -> String {
    share.map { fixed($0 * 100, 1) + "\u{202F}%" } ?? "–"
  }

  /// A share as a percentage without decimals.
  static func roundPercent(_ share: Double) -> String { fixed(share * 100, 0) + "\u{202F}%" }

  /// The ends of an interval of a share, in percent.
  static func interval(_ interval: Interval?) -> String {
    interval.map { "\(fixed($0.lower * 100, 0))–\(fixed($0.upper * 100, 0))\u{202F}%" } ?? "–"
  }

  /// A number with a fixed count of decimals, rounded half away from zero.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded()
    guard scaled < 1e15 else { return String(value) }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "−" : ""
    if decimals == 0 { return sign + count(whole) }
    let fraction = String(whole % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(count(whole / scale)).\(zeros)\(fraction)"
  }

  /// A count with thousands set apart.
  static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.append(String(digits.suffix(3)))
      digits.removeLast(3)
    }
    return (value < 0 ? "−" : "") + ([digits] + groups.reversed()).joined(separator: ",")
  }

  /// A count with its noun in the right number.
  static func count(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? singular : plural ?? singular + "s")"
  }

  /// A coordinate or a style value: two decimals, a point, no separators, no trailing zeros.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    let fraction = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(sign)\(whole).\(fraction)"
  }
}
