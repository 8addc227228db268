/// What the text of a document says of its class beside the votes, as far as a classifier that was
/// trained on the labels of other documents can tell.
///
/// Raykar et al., "Learning from Crowds" (2010), let a classifier and the estimate of the true
/// labels inform each other. Here the votes come first and the text once:
///
///     P(y | votes, text) ∝ P(y | votes) · (q(y | text) / q̄(y))^t
///
/// with the label model's posterior P(y | votes), the classifier's probabilities q, their mean q̄
/// over the training documents, and the strength t. The classifier sees ``LatentSemantics``, not
/// words: a function votes where its own words stand, so what words say is much what the function
/// said already. Three things keep the label model from confirming itself:
///
/// - q comes from a classifier that has not seen the document, nor any with the same n-grams: the
///   documents fall into ``UnseenFolds`` by the hash of their features.
/// - Dividing by q̄ leaves the class balance to the label model, so rare classes do not die out.
/// - t is learned, between 0 and Bayes' rule at 1, from functions that a classifier has not learned
///   from (see ``FunctionFolds``): it is trained where no function of a fold votes, and t is what
///   makes the labels of the other documents most likely. A classifier that repeats the words of its
///   rules does not carry over to others, and has no say then. No gold label is needed. Where
///   functions vote nearly everywhere, so that none can be left out, documents are.
package struct TextEvidence: Sendable {
  /// The vectors that the classifiers see.
  package let semantics: LatentSemantics

  /// By fold; none where there were too few documents.
  package let classifiers: [VectorClassifier]

  /// ln q̄ of each class.
  package let logShares: [Double]

  /// What makes the probabilities of documents that a classifier has not seen as certain as the labels,
  /// and gives each class as often; nil without classifiers.
  package let adjustment: ScoreAdjustment?

  package let documents: Int

  /// The share of what the votes say of the training documents, beyond the class balance, that the
  /// text of other documents predicts; see ``UnseenScores/explained``.
  package let explained: Double

  /// t: how much the text counts, 0 to 1.
  package let strength: Double

  /// Whether there are no classifiers, since there were too few documents.
  package var isEmpty: Bool { classifiers.isEmpty }

  /// What hashes texts.
  package var hasher: FeatureHasher { semantics.hasher }

  init(
    semantics: LatentSemantics, classifiers: [VectorClassifier], logShares: [Double],
    adjustment: ScoreAdjustment?, documents: Int, explained: Double, strength: Double
  ) {
    self.semantics = semantics
    self.adjustment = adjustment
    self.classifiers = classifiers
    self.logShares = logShares
    self.documents = documents
    self.explained = explained
    self.strength = strength
  }

  /// t · ln(q / q̄) for each text and class, flat, texts × classes: what to add to the logarithms of
  /// the posteriors. Empty where the strength is 0.
  ///
  /// - Parameter rows: Texts that ``hasher`` has hashed.
  /// - Complexity: O((words + classes) × dimensions).
  package func logEvidence(_ rows: HashedRows) -> [Double] {
    guard strength > 0 else { return [] }
    var evidence = logProbabilities(rows)
    for index in evidence.indices {
      evidence[index] = strength * (evidence[index] - logShares[index % logShares.count])
    }
    return evidence
  }

  /// The probabilities that a classifier gives to each text without having seen it, after the
  /// ``adjustment``; flat, texts × classes.
  ///
  /// - Parameter rows: Texts that ``hasher`` has hashed.
  /// - Precondition: There are classifiers; see ``isEmpty``.
  /// - Complexity: O((words + classes) × dimensions).
  package func unseenProbabilities(_ rows: HashedRows) -> [Double] {
    var values = logProbabilities(rows)
    let classes = logShares.count
    for begin in stride(from: 0, to: values.count, by: max(1, classes)) {
      var row = Array(values[begin..<begin + classes])
      if let adjustment {
        for label in 0..<classes {
          row[label] = (row[label] + adjustment.classShift[label]) / adjustment.temperature
        }
      }
      normalizeLogWeights(&row)
      values.replaceSubrange(begin..<begin + classes, with: row)
    }
    return values
  }

  /// ln q for each text and class, flat.
  private func logProbabilities(_ rows: HashedRows) -> [Double] {
    precondition(!isEmpty, "there are classifiers")
    return VectorClassifier.logProbabilities(
      semantics.vectors(rows), by: classifiers, (0..<rows.count).map { rows.fold(of: $0) })
  }

  /// Multiplies a posterior by e to the power of some evidence, and scales it to sum to 1.
  ///
  /// - Parameters:
  ///   - posterior: Changed in place.
  ///   - evidence: As from ``logEvidence(_:)``, one value for each class.
  package static func add(_ evidence: ArraySlice<Double>, to posterior: inout [Double]) {
    for (label, value) in evidence.enumerated() {
      posterior[label] = naturalLog(max(posterior[label], 1e-300)) + value
    }
    normalizeLogWeights(&posterior)
  }
}
