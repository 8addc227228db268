/// Numbers as people read them, the same on every machine and in every locale.
package enum Figures {
  /// A number with a fixed count of decimals, rounded half away from zero.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
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
  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.append(String(digits.suffix(3)))
      digits.removeLast(3)
    }
    return (value < 0 ? "−" : "") + ([digits] + groups.reversed()).joined(separator: ",")
  }
}
