import HunchModels
import HunchText

/// Which documents an evaluation lists beside its figures.
package struct WorstRequest: Sendable, Equatable {
  /// The most documents of each list.
  package var count: Int
  /// Whether the lists may contain the beginnings of texts.
  package var texts: Bool
  /// Whether texts are passages for a page instead of lines for a terminal.
  package var passages = false

  /// Asks for two lists of this length.
  package init(count: Int, texts: Bool = false) {
    self.count = count
    self.texts = texts
  }
}

/// What both models say of some documents of a chunk.
struct ModelRows {
  let chunk: CorpusChunk
  /// Their places in the chunk, in corpus order.
  let documents: [Int]
  /// For each of them its gold label where that measures, else -1.
  let gold: [Int]
  /// The label model's probabilities.
  let posteriors: ChunkPosteriors
  /// What they bring beside their texts.
  let values: DenseValues?
  /// The classifier's, flat, documents × classes.
  let probabilities: [Float]
  /// For documents whose gold label measures those of the classifier that learned from gold labels
  /// alone; nil where there is none.
  let goldOnly: [Float]?

  init(
    _ chunk: CorpusChunk, _ documents: [Int], _ roles: GoldRoles, _ posteriors: ChunkPosteriors,
    _ classifier: TextClassifier, _ values: DocumentValues, goldOnly: TextClassifier?
  ) throws {
    self.chunk = chunk
    self.documents = documents
    self.posteriors = posteriors
    gold = documents.map { roles.isAudit($0, in: chunk) ? Int(chunk.gold[$0]) : -1 }
    self.values = try values.values(chunk, of: documents)
    let rows = chunk.rows(of: documents, by: classifier.hasher)
    probabilities = classifier.probabilities(rows, values: self.values)
    guard let goldOnly else {
      self.goldOnly = nil
      return
    }
    let measured = gold.indices.filter { [gold] in gold[$0] >= 0 }
    var measuredValues = self.values.map { DenseValues($0.columns) }
    if let all = self.values { measuredValues?.append(all, measured) }
    // Both classifiers of a project hash alike.
    self.goldOnly = goldOnly.probabilities(rows.picked(measured), values: measuredValues)
  }
}

/// Finds, in one pass over the corpus, the documents on which the classifier is most wrong and
/// those on which it and the label model differ most.
///
/// Memory is bounded by the length of the lists; of equal documents the first of the corpus is
/// listed first.
struct WorstDocuments {
  private let request: WorstRequest
  private let labels: [String]
  private let functions: [String]
  private let decision: DecisionRule
  private var losses: Largest<WorstReport.Document>
  private var divergences: Largest<WorstReport.Document>

  init(
    _ request: WorstRequest, labels: [String], functions: [String], decision: DecisionRule
  ) {
    self.request = request
    self.labels = labels
    self.functions = functions
    self.decision = decision
    losses = Largest(limit: request.count)
    divergences = losses
  }

  /// Looks at the next documents of the corpus.
  ///
  /// - Complexity: O(documents × classes), and O(log count) for those that are taken.
  mutating func add(_ rows: ModelRows) {
    for (place, document) in rows.documents.enumerated() {
      let row = rows.probabilities[place * labels.count..<(place + 1) * labels.count]
        .map(Double.init)
      let gold = rows.gold[place]
      if gold >= 0 {
        let loss = RowComparison.loss(row[gold])
        if losses.wants(loss) { losses.add(loss, described(document, row, rows)) }
      }
      if rows.posteriors.isCovered(document) {
        let divergence = RowComparison.divergence(rows.posteriors.posterior(document), row)
        if divergences.wants(divergence) {
          divergences.add(divergence, described(document, row, rows))
        }
      }
    }
  }

  /// The two lists.
  ///
  /// - Parameter hasGold: Whether the split has gold labels that measure; without, there is no
  ///   list of losses.
  func report(hasGold: Bool) -> WorstReport {
    WorstReport(
      worst: hasGold
        ? losses.sorted().map { .init(document: $0.element, loss: $0.value) } : nil,
      disagreements: divergences.sorted().map {
        .init(document: $0.element, divergence: $0.value)
      })
  }

  private func described(
    _ document: Int, _ row: [Double], _ rows: ModelRows
  ) -> WorstReport.Document {
    let chunk = rows.chunk
    let posterior = rows.posteriors.posterior(document)
    let label = decision.label(posterior)
    let predicted = DecisionRule.mostProbable.label(row)
    let patterns = rows.posteriors.patterns
    return WorstReport.Document(
      id: chunk.ids[document].description, split: chunk.splits[document].name,
      gold: chunk.gold[document] < 0 ? nil : labels[Int(chunk.gold[document])],
      labelModel: rows.posteriors.isCovered(document)
        ? .init(label: labels[label], probability: posterior[posterior.startIndex + label]) : nil,
      classifier: .init(label: labels[predicted], probability: row[predicted]),
      votes: patterns.entries(of: Int(rows.posteriors.ids[document])).map { entry in
        .init(
          function: functions[Int(patterns.functions[entry])],
          vote: labels[Int(patterns.votes[entry])])
      },
      text: request.texts ? text(chunk.texts, document) : nil)
  }

  private func text(_ texts: TextBatch, _ document: Int) -> String {
    request.passages
      ? Passage(Passage.source(texts, document), matches: []).text
      : Excerpt.beginning(of: texts, document)
  }
}
