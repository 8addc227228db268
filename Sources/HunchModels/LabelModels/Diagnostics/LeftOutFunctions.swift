/// What labels owe to one labeling function: how they change if its votes are left out and
/// everything that was learned is kept.
///
/// It tells what the function does to labels now. Fitted without it, a model would learn something
/// else of the others.
package struct LeftOutFunction: Sendable, Equatable {
  /// The covered documents that keep a label, but another one.
  package internal(set) var changedLabels = 0

  /// The largest change of a posterior probability on any covered document; where no vote is left,
  /// the posterior is the class balance.
  package internal(set) var largestChange = 0.0

  /// The covered documents without a vote but this function's: they lose their label.
  package internal(set) var coverageLost = 0
}

extension FittedLabelModel {
  /// What labels owe to each labeling function, in the functions' order.
  ///
  /// - Parameters:
  ///   - votes: The votes that the model was fitted on, or others of the same functions.
  ///   - decision: How labels are chosen.
  /// - Throws: What going through the votes throws.
  /// - Complexity: One pass; a posterior for each pattern and each of its votes. Memory for 65,536
  ///   votes and probabilities at a time, and for a few of each function and class.
  package func leavingOutFunctions(
    in votes: CountedVotes, decision: DecisionRule = .mostProbable
  ) throws -> [LeftOutFunction] {
    var pass = LeftOutPass(self, decision, functionCount: votes.functionCount)
    try votes.forEachCovered { block, pattern in
      pass.add(block.patterns, pattern, documents: block.counts[pattern])
    }
    pass.flush()
    return pass.functions
  }
}

/// Patterns without one of their votes, collected until they are many enough to be labeled.
private struct LeftOutPass {
  private(set) var functions: [LeftOutFunction]

  private let model: FittedLabelModel
  private let decision: DecisionRule
  /// The patterns without a vote.
  private var kept: VotePatterns
  /// What is known of each of them.
  private var origins: [Origin] = []
  /// The posteriors with all votes, origins' patterns × classes.
  private var complete: [Double] = []
  private var row: [Double]

  private struct Origin {
    /// The function that is left out.
    let function: Int
    let documents: Int
    /// The label with all votes, and where its pattern's posterior begins.
    let label: Int
    let place: Int
  }

  /// Patterns are labeled when there are so many of their votes and posteriors.
  private static let mostEntries = 1 << 16

  init(_ model: FittedLabelModel, _ decision: DecisionRule, functionCount: Int) {
    self.model = model
    self.decision = decision
    functions = [LeftOutFunction](repeating: LeftOutFunction(), count: functionCount)
    kept = VotePatterns(functionCount: functionCount, classCount: model.classCount)
    row = model.classBalance
  }

  mutating func add(_ patterns: VotePatterns, _ pattern: Int, documents: Int) {
    model.posterior(of: pattern, in: patterns, into: &row)
    let label = decision.label(row)
    var place = complete.count
    complete.append(contentsOf: row)
    let entries = patterns.entries(of: pattern)
    for left in entries {
      for entry in entries where entry != left {
        kept.append(patterns.functions[entry], patterns.votes[entry])
      }
      kept.endPattern()
      origins.append(
        Origin(
          function: Int(patterns.functions[left]), documents: documents, label: label,
          place: place))
      if kept.functions.count + origins.count + complete.count >= Self.mostEntries {
        let posterior = Array(complete[place..<place + model.classCount])
        flush()
        place = 0
        complete = posterior
      }
    }
  }

  /// Labels what was collected.
  mutating func flush() {
    for (pattern, origin) in origins.enumerated() {
      model.posterior(of: pattern, in: kept, into: &row)
      var change = functions[origin.function].largestChange
      for label in row.indices {
        change = max(change, abs(row[label] - complete[origin.place + label]))
      }
      functions[origin.function].largestChange = change
      if !kept.isCovered(pattern) {
        functions[origin.function].coverageLost += origin.documents
      } else if decision.label(row) != origin.label {
        functions[origin.function].changedLabels += origin.documents
      }
    }
    kept.removeAll()
    origins.removeAll(keepingCapacity: true)
    complete.removeAll(keepingCapacity: true)
  }
}
