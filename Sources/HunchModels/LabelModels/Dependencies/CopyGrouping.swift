extension FireOnlyMAPEM {
  /// Fits the model with groups of copies counted once.
  ///
  /// The model is fitted, the copies are found with its posteriors, and the model is fitted again
  /// with 1 over the size of its group for the weight of each copy, on top of its own weights.
  /// Without copies the result is that of a plain fit. What it found is in
  /// ``FittedLabelModel/dependencies``.
  ///
  /// - Parameters:
  ///   - declared: Groups of functions that their user says are one; they are united with the copies
  ///     that are found.
  /// - Throws: ``FitError``, also for a declared function that there is not.
  package func fitGroupingCopies(
    _ votes: CountedVotes, classBalance: [Double]? = nil, declared: [[Int]] = [],
    options: DependencyOptions = DependencyOptions()
  ) throws -> FittedLabelModel {
    let copies = CopyGrouping(declared: declared, united: declared, options: options)
    return try fitGroupingCopies(votes, classBalance: classBalance, copies)
  }

  package func fitGroupingCopies(
    _ votes: CountedVotes, classBalance: [Double]?, _ copies: CopyGrouping
  ) throws -> FittedLabelModel {
    try copies.fit(votes, weights: hyperParameters.functionWeights) { weights in
      var parameters = hyperParameters
      parameters.functionWeights = weights
      return try FireOnlyMAPEM(parameters).fit(
        votes, given: Evidence(classBalance: classBalance))
    }
  }
}

/// How a model is fitted that takes weights of functions, so that a group of copies counts as one.
package struct CopyGrouping {
  /// Groups of functions that are reported as depending on each other.
  package let declared: [[Int]]
  /// Groups that are united with the copies that are found.
  package let united: [[Int]]
  package let options: DependencyOptions

  package init(declared: [[Int]], united: [[Int]], options: DependencyOptions) {
    (self.declared, self.united, self.options) = (declared, united, options)
  }

  /// - Parameter weights: The weights of functions beside those of copies; nil means 1 for all.
  package func fit(
    _ votes: CountedVotes, weights: [Double]?, _ fit: ([Double]?) throws -> FittedLabelModel
  ) throws -> FittedLabelModel {
    func detect(_ model: FittedLabelModel) throws -> [FunctionDependency] {
      try model.detectDependencies(in: votes, declared: declared, options: options)
    }
    let plain = try fit(weights)
    let found = try detect(plain)
    let functions = votes.functionCount
    if found.copyGroups(functionCount: functions, declared: united).isEmpty {
      return plain.with(dependencies: found)
    }
    let grouped = found.functionWeights(functionCount: functions, declared: united)
    let model = try fit(weights.map { zip($0, grouped).map { $0 * $1 } } ?? grouped)
    return model.with(dependencies: try detect(model))
      .with(groups: found.copyGroups(functionCount: functions, declared: united))
  }
}
