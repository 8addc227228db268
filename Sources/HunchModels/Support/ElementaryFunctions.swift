#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The natural logarithm.
@inline(__always)
package func naturalLog(_ value: Double) -> Double { log(value) }

/// e to the power of a value.
@inline(__always)
package func exponential(_ value: Double) -> Double { exp(value) }

/// Replaces log weights by the probabilities they stand for, and returns the logarithm of their
/// sum.
///
/// The maximum is subtracted first, so that nothing overflows (the log-sum-exp device). If every
/// weight is −∞, the probabilities are equal.
@discardableResult
package func normalizeLogWeights(_ row: inout [Double]) -> Double {
  var top = -Double.infinity
  for value in row where value > top { top = value }
  guard top > -Double.infinity else {
    for index in row.indices { row[index] = 1 / Double(row.count) }
    return top
  }
  var sum = 0.0
  for index in row.indices {
    row[index] = exponential(row[index] - top)
    sum += row[index]
  }
  for index in row.indices { row[index] /= sum }
  return top + naturalLog(sum)
}

/// Values scaled to sum to 1.
func normalized(_ values: [Double]) -> [Double] {
  let sum = values.reduce(0, +)
  return values.map { $0 / sum }
}

/// 1 − erf, without loss of precision where that is small.
func complementaryErrorFunction(_ value: Double) -> Double { erfc(value) }

/// The natural logarithm of the gamma function, for positive values.
func logGamma(_ value: Double) -> Double {
  // Not the system's lgamma, which writes to a global variable: shifted to where Stirling's series is
  // exact to rounding.
  var (shifted, product) = (value, 1.0)
  while shifted < 10 {
    product *= shifted
    shifted += 1
  }
  let inverse = 1 / shifted
  let square = inverse * inverse
  let series =
    inverse
    * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
  return (shifted - 0.5) * naturalLog(shifted) - shifted + 0.918_938_533_204_672_7 + series
    - naturalLog(product)
}

/// The derivative of ``logGamma(_:)``, for positive values.
func digamma(_ value: Double) -> Double {
  var (shifted, sum) = (value, 0.0)
  while shifted < 10 {
    sum -= 1 / shifted
    shifted += 1
  }
  let inverse = 1 / shifted
  let square = inverse * inverse
  let series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  return sum + naturalLog(shifted) - inverse / 2 - series
}
