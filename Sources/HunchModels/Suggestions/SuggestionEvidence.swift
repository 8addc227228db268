/// What is known of some documents, to find out which label or which labeling function would help.
package struct SuggestionEvidence: Sendable {
  package let classCount: Int
  /// The words of the documents.
  package let grams: GramIndex
  /// The class of each document whose gold label may be learned from; -1 for the others.
  package let gold: [Int]
  /// What the models say of each document without looking at its gold label; flat, documents ×
  /// classes: the label model's posterior where a function votes, else the classifier's
  /// probabilities.
  package private(set) var soft: [Float]
  /// The vote pattern of each document.
  package let patternOf: [Int32]
  /// The distinct vote patterns.
  package let patterns: VotePatterns

  /// - Precondition: All arrays are of the same documents.
  package init(
    classCount: Int, grams: GramIndex, gold: [Int], soft: [Float], patternOf: [Int32],
    patterns: VotePatterns
  ) {
    precondition(grams.starts.count == gold.count + 1 && patternOf.count == gold.count)
    precondition(soft.count == gold.count * classCount)
    self.classCount = classCount
    self.grams = grams
    self.gold = gold
    self.soft = soft
    self.patternOf = patternOf
    self.patterns = patterns
  }

  package var count: Int { gold.count }

  /// Whether a function votes on a document.
  package func isCovered(_ document: Int) -> Bool {
    patterns.isCovered(Int(patternOf[document]))
  }

  /// Whether functions vote for different classes on a document.
  package func isConflicted(_ document: Int) -> Bool {
    let entries = patterns.entries(of: Int(patternOf[document]))
    guard let first = entries.first else { return false }
    return entries.contains { patterns.votes[$0] != patterns.votes[first] }
  }

  /// What the models say of a document.
  package func soft(_ document: Int) -> ArraySlice<Float> {
    soft[document * classCount..<(document + 1) * classCount]
  }

  /// How unsure the models are of a document: 0 for certain, 1 for equally probable classes.
  package func uncertainty(_ document: Int) -> Double {
    let most = Double(soft(document).max() ?? 1)
    return max(0, 1 - most) * Double(classCount) / Double(max(1, classCount - 1))
  }

  /// The same with what the models say corrected by the labels: of documents with a vote and of those
  /// without one, and of each class that the models take documents for, the mean of the probabilities
  /// becomes what labels and models say together, the latter counting as `inertia` documents.
  package func corrected(inertia: Double) -> SuggestionEvidence {
    var groups: [Int] = []
    let groupCount = 2 * classCount
    var sums = [Double](repeating: 0, count: groupCount * classCount)
    var labels = sums
    var documents = [Double](repeating: 0, count: groupCount)
    var labelled = documents
    for document in 0..<count {
      let row = soft(document).map(Double.init)
      let group = DecisionRule.mostProbable.label(row) + (isCovered(document) ? classCount : 0)
      groups.append(group)
      documents[group] += 1
      for label in 0..<classCount { sums[group * classCount + label] += row[label] }
      if gold[document] >= 0 {
        labelled[group] += 1
        labels[group * classCount + gold[document]] += 1
      }
    }
    var factors = sums
    for group in 0..<groupCount {
      for label in 0..<classCount {
        let place = group * classCount + label
        let mean = max(sums[place] / max(1, documents[group]), 1e-6)
        factors[place] =
          (labels[place] + inertia * mean) / (labelled[group] + inertia) / mean
      }
    }
    var corrected: [Float] = []
    corrected.reserveCapacity(soft.count)
    for document in 0..<count {
      var row = soft(document).map(Double.init)
      for label in 0..<classCount { row[label] *= factors[groups[document] * classCount + label] }
      let total = max(row.reduce(0, +), 1e-12)
      for value in row { corrected.append(Float(value / total)) }
    }
    return saying(corrected)
  }

  /// The same with what the models say mixed with the class shares, as far as the labels ask for it:
  /// t q + (1 − t) q̄, where t is the most probable share of documents of which the models know
  /// something, by EM, if 4 of 6 documents seen before were such. Documents with a vote and without
  /// one have a t each.
  package func mixed() -> SuggestionEvidence {
    var shares = [Double](repeating: 1e-6, count: classCount)
    for document in 0..<count {
      for (label, value) in soft(document).enumerated() { shares[label] += Double(value) }
    }
    shares = normalized(shares)
    let strengths = [true, false].map { wanted -> Float in
      let labelled = (0..<count).filter { gold[$0] >= 0 && isCovered($0) == wanted }
      var strength = 4.0 / 6
      for _ in 0..<100 where !labelled.isEmpty {
        let known = labelled.reduce(0.0) { sum, document in
          let own = strength * Double(soft[document * classCount + gold[document]])
          return sum + own / (own + (1 - strength) * shares[gold[document]])
        }
        strength = (4 + known) / (6 + Double(labelled.count))
      }
      return labelled.isEmpty ? 1 : Float(strength)
    }
    var mixed = soft
    for document in 0..<count {
      let strength = strengths[isCovered(document) ? 0 : 1]
      for label in 0..<classCount {
        let place = document * classCount + label
        mixed[place] = strength * soft[place] + (1 - strength) * Float(shares[label])
      }
    }
    return saying(mixed)
  }

  private func saying(_ soft: [Float]) -> SuggestionEvidence {
    var evidence = self
    evidence.soft = soft
    return evidence
  }
}
