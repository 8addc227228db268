/// A rule whose posteriors are taken to the power of 1/T and scaled to sum to 1.
struct TemperedRule: PosteriorRule {
  let base: any PosteriorRule
  let temperature: Double

  var parameters: [Double] { base.parameters + [temperature] }

  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    let logProbability = base.posterior(of: pattern, in: patterns, into: &row)
    for label in row.indices {
      row[label] = naturalLog(max(row[label], Temperature.leastProbability)) / temperature
    }
    normalizeLogWeights(&row)
    return logProbability
  }

  func logEvidence(function: Int, vote: Int) -> [Double]? {
    base.logEvidence(function: function, vote: vote)?.map { $0 / temperature }
  }
}
