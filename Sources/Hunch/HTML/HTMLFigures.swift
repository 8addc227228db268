import HunchModels

extension Figures {
  /// A share as a percentage with one decimal; a dash where there is none.
  static func percent(_ share: Double?) -> String {
    share.map { fixed($0 * 100, 1) + "\u{202F}%" } ?? "–"
  }

  /// The ends of an interval of a share, in percent.
  static func interval(_ interval: Interval?) -> String {
    interval.map { "\(fixed($0.lower * 100, 0))–\(fixed($0.upper * 100, 0))\u{202F}%" } ?? "–"
  }

  /// A count with its noun in the right number.
  package static func count(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
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
