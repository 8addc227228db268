import HunchModels

/// Which documents the classifier learns from, and what it is told of each.
struct EndModelDocuments: Sendable {
  let configuration: EndModelConfiguration
  let classBalance: [Double]
  let roles: GoldRoles
  /// What tells how far a document's label can be trusted; nil where nobody asks.
  let evidence: TextEvidence?
  /// What documents bring beside their texts.
  let values: DocumentValues
  /// The least agreement with which a document is kept, by class; empty for none.
  private let leastAgreement: [Double]

  /// - Parameter evidence: Needed for a cut and for self-training.
  init(
    _ configuration: EndModelConfiguration, _ documents: TrainingDocuments,
    _ labeling: DocumentLabeling, _ values: DocumentValues, evidence: TextEvidence?
  ) throws {
    self.values = values
    self.configuration = configuration
    // Of very few documents there are no classifiers, and nothing is cut or taught.
    let evidence = evidence.flatMap { $0.isEmpty ? nil : $0 }
    self.evidence = evidence
    classBalance = documents.fit.model.classBalance
    roles = documents.table.roles
    leastAgreement =
      if let evidence, configuration.cut < 1 {
        try Self.leastAgreement(configuration.cut, documents, labeling, evidence)
      } else { [] }
  }

  /// Whether a project's settings need classifiers of the other documents.
  static func needsEvidence(_ configuration: EndModelConfiguration) -> Bool {
    configuration.cut < 1 || configuration.documents == .selfTraining
  }

  /// Whether documents without a vote are learned from.
  var takesUncovered: Bool {
    configuration.documents == .all || configuration.documents == .selfTraining && evidence != nil
  }

  /// What is learned from a chunk.
  ///
  /// - Parameters:
  ///   - chunk: Read with texts, or features, and the columns of the classifier.
  ///   - hasher: What hashes the texts; nil where that is not wanted yet.
  ///   - isCandidate: Whether a document's votes may be learned from.
  func examples(
    _ chunk: CorpusChunk, _ posteriors: ChunkPosteriors, _ hasher: FeatureHasher?,
    isCandidate: (Int) -> Bool
  ) throws -> LabeledTexts {
    let classes = classBalance.count
    let chosen = (0..<chunk.count).filter { document in
      roles.isRepair(document, in: chunk)
        || isCandidate(document)
          && (posteriors.isCovered(document) || takesUncovered)
    }
    let unseen = evidence.map { $0.unseenProbabilities(chunk, chosen) } ?? []
    let weighs = configuration.weighsConfidence || configuration.documents == .selfTraining
    var (shares, weights, gold) = ([Float](), [Float](), [Int32]())
    var learned: [Int] = []
    for (index, document) in chosen.enumerated() {
      let prediction = unseen.isEmpty ? [] : unseen[index * classes..<(index + 1) * classes]
      let isGold = roles.isRepair(document, in: chunk)
      let isCovered = posteriors.isCovered(document)
      let row = isCovered ? posteriors.posterior(document) : classBalance[...]
      var weight = 1.0
      if !isGold, isCovered {
        if isCut(row, prediction) { continue }
        if configuration.weighsConfidence { weight = row.max() ?? 1 }
      } else if !isGold, configuration.documents == .selfTraining {
        weight = max(1e-3, certainty(prediction))
      }
      let isSelfTaught = !isGold && !isCovered && configuration.documents == .selfTraining
      learned.append(document)
      shares.append(contentsOf: (isSelfTaught ? prediction : row).lazy.map(Float.init))
      if weighs { weights.append(Float(weight)) }
      gold.append(isGold ? Int32(chunk.gold[document]) : -1)
    }
    var examples = LabeledTexts(chunk, learned, hasher, posteriors: shares)
    (examples.weights, examples.gold) = (weights, gold)
    examples.values = try values.values(chunk, of: learned)
    return examples
  }

  /// 1 less the entropy in units of its greatest value: 0 for no idea, 1 for no doubt.
  private func certainty(_ probabilities: ArraySlice<Double>) -> Double {
    let entropy = probabilities.reduce(0) { $0 - ($1 > 0 ? $1 * naturalLog($1) : 0) }
    return 1 - entropy / naturalLog(Double(classBalance.count))
  }

  // MARK: - Cut

  private func isCut(_ label: ArraySlice<Double>, _ prediction: ArraySlice<Double>) -> Bool {
    if leastAgreement.isEmpty { return false }
    return Self.agreement(label, prediction)
      < leastAgreement[DecisionRule.mostProbable.label(label)]
  }

  /// The probability that a draw from each is the same class.
  private static func agreement(
    _ label: ArraySlice<Double>, _ prediction: ArraySlice<Double>
  ) -> Double {
    zip(label, prediction).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// By class, the agreement that the asked share of its documents reaches.
  private static func leastAgreement(
    _ share: Double, _ documents: TrainingDocuments, _ labeling: DocumentLabeling,
    _ evidence: TextEvidence
  ) throws -> [Double] {
    let classes = documents.labels.count
    var found = [[Double]](repeating: [], count: classes)
    try documents.pass.run(PassNeeds(features: documents.splits)) { chunk, block in
      let candidates = (0..<chunk.count).filter {
        documents.isCandidate($0, in: chunk) && !documents.table.roles.isRepair($0, in: chunk)
      }
      let posteriors = labeling.posteriors(chunk, block, of: candidates)
      let covered = candidates.filter { posteriors.isCovered($0) }
      let unseen = evidence.unseenProbabilities(chunk, covered)
      return covered.enumerated().map { index, document in
        let row = posteriors.posterior(document)
        return (
          label: DecisionRule.mostProbable.label(row),
          agreement: agreement(row, unseen[index * classes..<(index + 1) * classes])
        )
      }
    } take: { agreements in
      for (label, agreement) in agreements { found[label].append(agreement) }
    }
    return found.map { agreements in
      if agreements.isEmpty { return 0 }
      let kept = Int((share * Double(agreements.count)).rounded(.up))
      return agreements.sorted(by: >)[kept - 1]
    }
  }
}

extension TextEvidence {
  /// The probabilities that a classifier gives to some documents of a chunk without having seen them.
  fileprivate func unseenProbabilities(_ chunk: CorpusChunk, _ documents: [Int]) -> [Double] {
    unseenProbabilities(chunk.rows(of: documents, by: hasher))
  }
}
