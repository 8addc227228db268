extension FireOnlyMAPEM {
  /// Fits the model with groups of copies counted once.
  ///
  /// The model is fitted, the copies are found with its posteriors, and the model is fitted again
  /// with 1 over the size of its group for the weight of each copy, on top of its own weights.
  /// Without copies the result is that of a plain fit. What it found is in
  /// ``FittedLabelModel/dependencies``.
  ///
  /// - Throws: ``FitError``, also for a declared function that there is not.
  package func fitGroupingCopies(
    _ votes: CountedVotes, classBalance: [Double]? = nil, _ copies: CopyGrouping = CopyGrouping()
  ) throws -> FittedLabelModel {
    func fit(_ weights: [Double]?) throws -> FittedLabelModel {
      var parameters = hyperParameters
      parameters.functionWeights = weights
      return try FireOnlyMAPEM(parameters).fit(
        votes, given: Evidence(classBalance: classBalance))
    }
    func detect(_ model: FittedLabelModel) throws -> [FunctionDependency] {
      try model.detectDependencies(in: votes, declared: copies.declared, options: copies.options)
    }
    let weights = hyperParameters.functionWeights
    let plain = try fit(weights)
    let found = try detect(plain)
    let functions = votes.functionCount
    let groups = found.copyGroups(functionCount: functions, declared: copies.united)
    if groups.isEmpty { return plain.with(\.dependencies, found) }
    let grouped = found.functionWeights(functionCount: functions, declared: copies.united)
    let model = try fit(weights.map { zip($0, grouped).map { $0 * $1 } } ?? grouped)
    return model.with(\.dependencies, try detect(model)).with(\.groups, groups)
  }
}

/// Which groups of functions count as one.
package struct CopyGrouping {
  /// Groups of functions that are reported as depending on each other.
  package let declared: [[Int]]
  /// Groups that are united with the copies that are found.
  package let united: [[Int]]
  package let options: DependencyOptions

  package init(
    declared: [[Int]] = [], united: [[Int]] = [], options: DependencyOptions = .init()
  ) {
    (self.declared, self.united, self.options) = (declared, united, options)
  }
}
