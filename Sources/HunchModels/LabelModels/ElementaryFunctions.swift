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
func exponential(_ value: Double) -> Double { exp(value) }

/// Replaces log weights by the probabilities they stand for, and returns the logarithm of their
/// sum.
///
/// The maximum is subtracted first, so that nothing overflows (the log-sum-exp device). If every
/// weight is −∞, the probabilities are equal.
@discardableResult
func normalizeLogWeights(_ row: inout [Double]) -> Double {
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

/// 1 − erf, without loss of precision where that is small.
func complementaryErrorFunction(_ value: Double) -> Double { erfc(value) }
