/// Chooses the documents whose labels would tell most.
///
/// Documents with the same votes are one bucket; documents without a vote are one for each class that
/// the classifier takes them for. A bucket is worth the sum of how unsure the models are of its
/// documents, divided by 1 + the number of its documents that are labelled or chosen already, so the
/// labels spread over the patterns (Sainte-Laguë would divide by odd numbers; this is d'Hondt's
/// rule). Of a bucket, the document comes first that is unsure and brings frequent words which no
/// labelled or chosen document has.
package struct DocumentChooser: Sendable {
  /// Which documents are looked at.
  package enum Choice: String, Sendable, CaseIterable, Encodable {
    /// Where a label would tell most: many documents with the same votes, of which the models are
    /// unsure and few are labelled.
    case value
    /// Documents on which functions vote for different classes.
    case conflicted
    /// Documents on which no function votes.
    case uncovered
  }

  /// A chosen document.
  package struct Chosen: Sendable, Equatable {
    package var document: Int
    /// The documents of its bucket, and those with a label.
    package var bucketDocuments: Int
    package var bucketLabelled: Int
    /// The class that the classifier takes its bucket for, where no function votes.
    package var predicted: Int?
    /// What the bucket was worth when the document was chosen.
    package var value: Double
  }

  private struct Bucket {
    var documents: [Int] = []
    var uncertainty = 0.0
    var labelled = 0
    var taken = 0
    var predicted: Int?
  }

  private let evidence: SuggestionEvidence
  private let isEligible: [Bool]

  /// - Parameter isEligible: For each document whether it may be chosen; one with a label may not.
  package init(_ evidence: SuggestionEvidence, isEligible: [Bool]) {
    self.evidence = evidence
    self.isEligible = isEligible
  }

  /// The documents, most valuable first.
  ///
  /// - Complexity: O(occurrences of words + count × (buckets + occurrences in the chosen bucket)).
  package func choose(_ choice: Choice, count: Int) -> [Chosen] {
    var buckets = buckets(choice)
    var isKnown = [Bool](repeating: false, count: evidence.grams.count)
    for document in 0..<evidence.count where evidence.gold[document] >= 0 {
      for gram in evidence.grams.grams(of: document) { isKnown[Int(gram)] = true }
    }
    var isTaken = [Bool](repeating: false, count: evidence.count)
    var chosen: [Chosen] = []
    while chosen.count < count {
      var (place, most) = (-1, 0.0)
      for (index, bucket) in buckets.enumerated() where bucket.taken < bucket.documents.count {
        let value = bucket.uncertainty / Double(1 + bucket.labelled + bucket.taken)
        if place < 0 || value > most { (place, most) = (index, value) }
      }
      guard place >= 0 else { break }
      var (best, weight) = (-1, -1.0)
      for document in buckets[place].documents where !isTaken[document] {
        let value = self.weight(document, isKnown)
        if value > weight { (best, weight) = (document, value) }
      }
      guard best >= 0 else { break }
      isTaken[best] = true
      for gram in evidence.grams.grams(of: best) { isKnown[Int(gram)] = true }
      chosen.append(
        Chosen(
          document: best, bucketDocuments: buckets[place].documents.count,
          bucketLabelled: buckets[place].labelled, predicted: buckets[place].predicted,
          value: most))
      buckets[place].taken += 1
    }
    return chosen
  }

  /// Whether a choice looks at a document.
  package func looks(at document: Int, for choice: Choice) -> Bool {
    switch choice {
    case .value: true
    case .conflicted: evidence.isConflicted(document)
    case .uncovered: !evidence.isCovered(document)
    }
  }

  private func buckets(_ choice: Choice) -> [Bucket] {
    var buckets: [Bucket] = []
    var places: [Int: Int] = [:]
    for document in 0..<evidence.count where looks(at: document, for: choice) {
      let predicted =
        evidence.isCovered(document)
        ? nil : DecisionRule.mostProbable.label(evidence.soft(document))
      // Patterns from 0, classes of documents without a vote below.
      let key = predicted.map { -1 - $0 } ?? Int(evidence.patternOf[document])
      let place = places[key] ?? buckets.count
      if place == buckets.count {
        places[key] = place
        buckets.append(Bucket(predicted: predicted))
      }
      if evidence.gold[document] >= 0 { buckets[place].labelled += 1 }
      guard isEligible[document] else { continue }
      buckets[place].documents.append(document)
      buckets[place].uncertainty += openness(document)
    }
    return buckets
  }

  /// How little is known of a document: without a vote, at least half as much as can be.
  private func openness(_ document: Int) -> Double {
    let uncertainty = evidence.uncertainty(document)
    return evidence.isCovered(document)
      ? uncertainty : (1 + uncertainty) / 2
  }

  /// How unsure a document is, times how frequent and how new its words are on average. With the sum
  /// instead of the mean, long documents came first, and labels of them taught less.
  private func weight(_ document: Int, _ isKnown: [Bool]) -> Double {
    let grams = evidence.grams.grams(of: document)
    var sum = 0.0
    for gram in grams where !isKnown[Int(gram)] {
      sum += naturalLog(Double(evidence.grams.documents(of: Int(gram)).count))
    }
    return (0.1 + openness(document)) * (1 + sum / Double(1 + grams.count))
  }
}
