extension FireOnlyMAPEM {
  /// Fits the model with groups of copies counted once.
  ///
  /// The model is fitted, the copies are found with its posteriors, and the model is fitted again
  /// with 1 over the size of its group for the weight of each copy, on top of its own weights.
  /// Without copies the result is that of a plain fit. What it found is in
  /// ``FittedLabelModel/dependencies``.
  ///
  /// - Parameter declared: Groups of functions that are reported as depending on each other.
  /// - Throws: ``FitError``, also for a declared function that there is not.
  package func fitGroupingCopies(
    _ votes: CountedVotes, classBalance: [Double]? = nil, declared: [[Int]] = []
  ) throws -> FittedLabelModel {
    func fit(_ weights: [Double]?) throws -> FittedLabelModel {
      var parameters = hyperParameters
      parameters.functionWeights = weights
      return try FireOnlyMAPEM(parameters).fit(
        votes, given: Evidence(classBalance: classBalance))
    }
    func detect(_ model: FittedLabelModel) throws -> [FunctionDependency] {
      try model.detectDependencies(in: votes, declared: declared)
    }
    let weights = hyperParameters.functionWeights
    let plain = try fit(weights)
    let found = try detect(plain)
    let groups = found.copyGroups(functionCount: votes.functionCount)
    if groups.isEmpty { return plain.with(\.dependencies, found) }
    let grouped = found.functionWeights(functionCount: votes.functionCount)
    let model = try fit(weights.map { zip($0, grouped).map { $0 * $1 } } ?? grouped)
    return model.with(\.dependencies, try detect(model)).with(\.groups, groups)
  }
}
