import HunchModels

/// What is known of the votes of files before a label model compares functions.
struct VoteEvidence: Sendable {
  /// What votes of crowds say; nil without a crowd.
  var known: KnownVotes?
  /// How right scores say that votes are; nil without scores.
  var claims: VoteClaims?
  /// The crowds, in the order of the project.
  var crowds: [(name: String, workers: Int)] = []
  /// Whether crowds are all there is.
  var isCrowdOnly = false
  /// The functions that ask a language model which of several classes a document has.
  var annotators: [Int]
  /// The functions that vote only where no other does.
  var otherwise: [Int]
  /// The number of all functions.
  private var functionCount: Int

  /// The votes that a model's mean score counts as, beside 100 for what pairs of functions tell.
  static let claimedVotes = 100.0

  /// Gathers what was found out when the files were read, or reads them.
  ///
  /// - Throws: What reading throws.
  init(_ catalog: FunctionCatalog, labels: [String], models: ModelStore) throws {
    let classes = labels.count
    var known = (functions: [Int](), logWeights: [Double](), balances: [[Double]]())
    var claims = VoteClaims(functionCount: catalog.functions.count, classCount: classes)
    var crowds: [(name: String, workers: Int)] = []
    for (file, source) in catalog.files.enumerated() {
      let functions = catalog.functions.indices.filter {
        if case .file(file, _) = catalog.functions[$0].origin { true } else { false }
      }
      if let crowd = source as? CrowdSource {
        let study = try crowd.study(labels: labels, models: models)
        known.functions += functions
        known.logWeights += study.bands.logWeights
        known.balances.append(study.bands.classBalance)
        crowds.append((crowd.columns.name, study.workers.count))
      } else if let scores = source as? ScoreSource, scores.claims {
        let plan = try scores.plan(labels: labels, models: models)
        for (band, function) in functions.enumerated() {
          for label in 0..<classes where plan.votes[band * classes + label] > 0 {
            claims.accuracies[function * classes + label] = plan.means[band * classes + label]
            claims.weights[function * classes + label] = Self.claimedVotes
          }
        }
      }
    }
    self.crowds = crowds
    functionCount = catalog.functions.count
    annotators = catalog.functions.indices.filter { index in
      guard let prompt = catalog.functions[index].prompt else { return false }
      let votes = catalog.prompts[prompt].rule.answers.map(\.vote).filter { $0 >= 0 }
      return Set(votes).count > 1
    }
    otherwise = catalog.functions.indices.filter { catalog.functions[$0].otherwise != nil }
    isCrowdOnly = !crowds.isEmpty && known.functions.count == catalog.functions.count
    self.claims = claims.isEmpty ? nil : claims
    if !known.balances.isEmpty {
      let count = Double(known.balances.count)
      self.known = KnownVotes(
        functions: known.functions, logWeights: known.logWeights,
        classBalance: (0..<classes).map { label in
          known.balances.reduce(0) { $0 + $1[label] } / count
        })
    }
  }
}

extension VoteEvidence {
  /// What is known of some functions, numbered by their places among these.
  ///
  /// - Parameter functions: Ascending; all functions of crowds are among them.
  func selecting(_ functions: [Int]) -> VoteEvidence {
    let places = Dictionary(uniqueKeysWithValues: functions.enumerated().map { ($1, $0) })
    var selected = self
    selected.known = known.map { known in
      KnownVotes(
        functions: known.functions.compactMap { places[$0] }, logWeights: known.logWeights,
        classBalance: known.classBalance)
    }
    if let claims {
      let classes = claims.accuracies.count / max(1, functionCount)
      selected.claims?.accuracies = functions.flatMap { function in
        claims.accuracies[function * classes..<(function + 1) * classes]
      }
      selected.claims?.weights = functions.flatMap { function in
        claims.weights[function * classes..<(function + 1) * classes]
      }
    }
    selected.annotators = annotators.compactMap { places[$0] }
    selected.otherwise = otherwise.compactMap { places[$0] }
    selected.functionCount = functions.count
    return selected
  }
}

extension ThresholdGold {
  /// Gathers the gold labels that the label model may see, without those of the test split.
  ///
  /// - Throws: ``HunchError/noThresholdGold(path:)`` where there are none.
  init(
    _ corpus: Corpus, _ project: Project, _ hand: HandLabels, cancellation: Cancellation
  ) throws {
    let roles = GoldRoles(project.configuration, hand)
    var hash = ContentHash("threshold-gold-1")
    var labels: [ByteKey: Int16] = [:]
    if roles.mayRepair {
      try corpus.withChunks(wantsTexts: false) { reader in
        while var chunk = try reader.next() {
          try cancellation.check()
          hand.merge(into: &chunk)
          for document in 0..<chunk.count
          where roles.isRepair(document, in: chunk) && chunk.splits[document] != .test {
            let id = chunk.ids[document].description
            labels[ByteKey(text: id)] = chunk.gold[document]
            hash.add(id)
            hash.add(Int(chunk.gold[document]))
          }
        }
      }
    }
    if labels.isEmpty { throw HunchError.noThresholdGold(path: project.resolve("hunch.yaml")) }
    self.labels = labels
    identity = hash.finish()
  }
}
