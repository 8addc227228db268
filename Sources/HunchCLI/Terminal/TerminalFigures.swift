import Hunch

extension Figures {
  /// A share as a percentage with one decimal.
  static func percent(_ value: Double?) -> String {
    guard let value else { return "–" }
    return fixed(value * 100, 1) + " %"
  }

  /// A bar of eighths of a character for a share of 1.
  static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// A short time in microseconds.
  static func microseconds(_ value: Double) -> String {
    "\(fixed(value * 1_000_000, value < 1e-5 ? 1 : 0)) µs"
  }

  /// A time in words that fit its size.
  static func seconds(_ value: Double) -> String {
    value < 1 ? "\(fixed(value * 1000, 0)) ms" : "\(fixed(value, value < 10 ? 2 : 1)) s"
  }
}
