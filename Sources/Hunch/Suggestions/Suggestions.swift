import HunchLabeling
package import HunchModels

extension DocumentSuggestions {
  /// Suggests documents to label.
  ///
  /// A label is worth most where many documents have the same votes, the models are unsure of them
  /// and few of them are labelled; the choices spread over the patterns of votes, and of documents
  /// without a vote over the classes that the classifier takes them for and over their words.
  /// Documents of the test split and documents with a gold label are never suggested.
  ///
  /// - Parameters:
  ///   - choice: What to look for.
  ///   - count: The most documents.
  ///   - split: Train or valid; `nil` for both.
  ///   - texts: Whether the report may contain the beginnings of texts.
  /// - Complexity: One pass over the corpus; memory for 50,000 documents and those with labels.
  package init(
    _ labels: FittedLabels, _ choice: DocumentChoice = .value, count: Int = 10,
    split: Split? = nil, texts: Bool = false
  ) throws {
    let pool = try SuggestionPool(
      labels, .documents(split), excerptLength: texts ? Excerpt.length : nil)
    let chooser = DocumentChooser(pool.evidence, isEligible: pool.isEligible)
    let chosen = chooser.choose(choice, count: count)
    let describing = DescribedDocuments(session: labels.session, pool: pool)
    self.init(
      choice: choice,
      candidates: pool.isEligible.indices.count {
        pool.isEligible[$0] && chooser.looks(at: $0, for: choice)
      },
      sampledOneIn: pool.stride, documents: chosen.map { describing.document($0) })
  }
}

/// Says what is known of suggested documents.
private struct DescribedDocuments: InSession {
  let session: Session
  let pool: SuggestionPool

  func document(_ chosen: DocumentChooser.Chosen) -> DocumentSuggestions.Document {
    let document = chosen.document
    let evidence = pool.evidence
    let isCovered = evidence.isCovered(document)
    let row = evidence.soft(document).map(Double.init)
    let named = Dictionary(uniqueKeysWithValues: zip(project.labels, row))
    let patterns = evidence.patterns
    let votes = patterns.entries(of: Int(evidence.patternOf[document])).map { entry in
      WorstReport.Vote(
        function: catalog.functions[Int(patterns.functions[entry])].name,
        vote: project.labels[Int(patterns.votes[entry])])
    }
    return DocumentSuggestions.Document(
      id: pool.ids[document].description, split: pool.splits[document].name, votes: votes,
      posterior: isCovered ? named : nil,
      classifier: isCovered || !pool.hasClassifier ? nil : named,
      similar: chosen.bucketDocuments, similarLabelled: chosen.bucketLabelled,
      uncertainty: evidence.uncertainty(document), value: chosen.value,
      reason: reason(
        chosen, row, isConflicted: evidence.isConflicted(document),
        hasClassifier: pool.hasClassifier),
      text: pool.excerpts.isEmpty ? nil : pool.excerpts[document])
  }

  private func reason(
    _ chosen: DocumentChooser.Chosen, _ row: [Double], isConflicted: Bool, hasClassifier: Bool
  ) -> String {
    let labelled = chosen.bucketLabelled == 0 ? "none" : Figures.count(chosen.bucketLabelled)
    let all = Figures.count(chosen.bucketDocuments + chosen.bucketLabelled)
    if chosen.predicted != nil, !hasClassifier { return "\(labelled) of \(all) labelled; no vote" }
    if let predicted = chosen.predicted {
      return "\(labelled) of \(all) labelled; classifier: \(project.labels[predicted])"
    }
    let best = DecisionRule.mostProbable.label(row)
    let sure = "\(project.labels[best]) \(Figures.fixed(row[best] * 100, 0)) %"
    return "\(labelled) of \(all) labelled; \(isConflicted ? "conflict, " : "")\(sure)"
  }
}

extension FunctionSuggestions {
  /// Suggests labeling functions: groups of keywords, and two words with a gap, that would cover documents without a vote, or
  /// decide documents of which the label model is unsure or which it gets wrong by a gold label.
  ///
  /// Words are looked for in documents that are learned from, and precision is estimated from gold
  /// labels for learning (repair gold) and from what the models say of the other documents. Gold
  /// labels that measure and documents of the test split play no part in it.
  ///
  /// - Parameters:
  ///   - count: The most functions.
  ///   - label: The only class to suggest functions for; `nil` for all.
  /// - Throws: ``HunchError/unknownClass(_:known:)`` for a class that is none.
  /// - Complexity: Two passes over the corpus; memory for 50,000 documents and those with labels.
  package init(_ labels: FittedLabels, count: Int = 10, for label: String? = nil) throws {
    try self.init(labels, count: count, for: label, tuning: FunctionFinder.Tuning())
  }

  package init(
    _ labels: FittedLabels, count: Int, for label: String?, tuning: FunctionFinder.Tuning
  ) throws {
    let project = labels.project
    var wanted: Int?
    if let label {
      guard let index = project.labels.firstIndex(of: label) else {
        throw HunchError.unknownClass(label, known: project.labels)
      }
      wanted = index
    }
    let pool = try SuggestionPool(labels, .functions(gaps: tuning.gaps))
    let finder = FunctionFinder(pool.evidence, tuning: tuning)
    // Some are dropped as copies of functions that are there.
    let found = finder.find(count: 2 * min(count, 1_000_000), wanted: wanted)
    let writing = WrittenFunctions(session: labels.session)
    let written = writing.written(found)
    let votes = try SuggestedVotes(labels.votes.applied, written.map(\.definition))
    let functions = zip(found, written).enumerated().compactMap { place, pair in
      writing.function(pair.0, pair.1, votes, place)
    }
    self.init(
      documents: labels.table.size(of: nil).documents, searched: pool.evidence.count,
      labelled: pool.evidence.gold.count { $0 >= 0 }, functions: Array(functions.prefix(count)))
  }
}

/// Writes functions that were found as source.
private struct WrittenFunctions: InSession {
  let session: Session

  struct Written {
    var name: String
    var swift: String
    var definition: RuleDefinition
  }

  /// Names and source of what was found.
  func written(_ found: [FunctionFinder.Found]) -> [Written] {
    var taken = Set(catalog.functions.map(\.name))
    return found.map { function in
      let label = project.labels[function.label]
      let caseName = project.pack?.caseNames[function.label] ?? label
      let word = function.second.map { "\(function.words[0])_\($0)" } ?? function.words[0]
      let name = SwiftSource.name(label: label, word: word, taken: taken)
      taken.insert(name)
      let vote = Int16(function.label)
      guard let second = function.second else {
        return Written(
          name: name, swift: SwiftSource.keywords(name, function.words, caseName: caseName),
          definition: .keywords(name, function.words, vote: vote))
      }
      let source = SwiftSource.gap(function.words[0], second)
      return Written(
        name: name, swift: SwiftSource.pattern(name, source, caseName: caseName),
        definition: .pattern(name, source, vote: vote))
    }
  }

  /// The report of a function; nil for one that says what another one says already.
  func function(
    _ found: FunctionFinder.Found, _ written: Written, _ votes: SuggestedVotes, _ place: Int
  ) -> FunctionSuggestions.Function? {
    let counts = votes.counts[place]
    let overlaps = catalog.functions.indices.compactMap { index -> FunctionSuggestions.Overlap? in
      guard counts.both[index] > 0 else { return nil }
      return FunctionSuggestions.Overlap(
        function: catalog.functions[index].name, documents: counts.both[index],
        agreements: counts.agreements[index],
        jaccard: Double(counts.both[index])
          / Double(counts.documents + votes.votesOf[index] - counts.both[index]))
    }
    let isCopy =
      overlaps.contains { 2 * $0.agreements > $0.documents && $0.jaccard >= 0.6 }
      && 10 * counts.newlyCovered < counts.documents
    if isCopy { return nil }
    let ranked = overlaps.enumerated().sorted {
      ($1.element.jaccard, $0.offset) < ($0.element.jaccard, $1.offset)
    }
    let estimate = found.estimate
    return FunctionSuggestions.Function(
      name: written.name, label: project.labels[found.label],
      words: found.words + (found.second.map { [$0] } ?? []),
      kind: written.definition.kind,
      swift: written.swift, definition: written.definition, documents: counts.documents,
      coverage: Double(counts.documents) / Double(max(1, votes.documents)),
      newlyCovered: counts.newlyCovered, overlaps: counts.overlaps, conflicts: counts.conflicts,
      precision: estimate.mean, precisionInterval: estimate.interval.bounds,
      labelled: estimate.goldDocuments, labelledRight: estimate.goldRight,
      agreementImpliedPrecision: estimate.softDocuments > 0 ? estimate.softShare : nil,
      agreementImpliedDocuments: estimate.softDocuments,
      overlapping: ranked.prefix(3).map(\.element))
  }
}
