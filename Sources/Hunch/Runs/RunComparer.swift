import GRDB
import HunchModels

/// Finds out how one run differs from another, from what the workspace keeps of both.
///
/// Goes through the documents chunk by chunk. Chunks with the same ids stand for the same documents;
/// the documents of all others are found by their ids.
struct RunComparer {
  let store: RunStore
  /// Where the votes of both runs are looked up; nil where nobody asks why labels flipped.
  let votes: VoteStore?
  let parallel: Parallelism

  func compare(
    _ before: RunRecord, _ after: RunRecord, _ request: RunComparisonRequest
  ) throws -> RunComparison {
    var comparison = RunComparison(
      before: .init(before), after: .init(after),
      identical: before.identity == after.identity,
      functions: Self.functions(before, after), reordered: Self.isReordered(before, after),
      settings: Self.settings(before, after), data: [], moved: .init(before, after))
    if let old = before.pieces, let new = after.pieces {
      let pair = RunPair(
        before: try RunDocuments(before, old, store), after: try RunDocuments(after, new, store))
      if pair.before.contents.chunks.map(\.contents) != pair.after.contents.chunks.map(\.contents) {
        comparison.data.append("documents")
      }
      if pair.before.contents.chunks.map(\.annotations)
        != pair.after.contents.chunks.map(\.annotations)
      {
        comparison.data.append("gold")
      }
      try compareDocuments(pair, request, &comparison)
    }
    if before.totals.labelModel != after.totals.labelModel {
      comparison.data.append("label_model")
    }
    return comparison
  }

  // MARK: - Functions and settings

  static func functions(_ before: RunRecord, _ after: RunRecord) -> [RunComparison.Function] {
    let old = Dictionary(before.functions.map { ($0.name, $0) }) { first, _ in first }
    let new = Set(after.functions.map(\.name))
    var gone = before.functions.filter { !new.contains($0.name) }
    var changes: [RunComparison.Function] = []
    for function in after.functions {
      var change = RunComparison.Function(
        name: function.name, change: .added, kind: function.kind, after: function.figures)
      if let known = old[function.name] {
        if known.fingerprint == function.fingerprint { continue }
        (change.change, change.before) = (.changed, known.figures)
      } else if let place = gone.firstIndex(where: { $0.fingerprint == function.fingerprint }) {
        let known = gone.remove(at: place)
        (change.change, change.before) = (.renamed, known.figures)
        change.previousName = known.name
      }
      changes.append(change)
    }
    return changes
      + gone.map {
        .init(name: $0.name, change: .removed, kind: $0.kind, before: $0.figures)
      }
  }

  /// Whether the functions of both runs do not stand in the same order.
  private static func isReordered(_ before: RunRecord, _ after: RunRecord) -> Bool {
    let (old, new) = (before.functions.map(\.fingerprint), after.functions.map(\.fingerprint))
    let shared = Set(old).intersection(new)
    return old.filter(shared.contains) != new.filter(shared.contains)
  }

  static func settings(_ before: RunRecord, _ after: RunRecord) -> [RunComparison.Setting] {
    Set(before.configuration.keys).union(after.configuration.keys).sorted().compactMap { key in
      let (old, new) = (before.configuration[key], after.configuration[key])
      return old == new ? nil : .init(key: key, before: old, after: new)
    }
  }

  // MARK: - Documents

  private func compareDocuments(
    _ pair: RunPair, _ request: RunComparisonRequest, _ comparison: inout RunComparison
  ) throws {
    var documents = RunComparison.Documents()
    var causes = RunComparison.Causes()
    var transitions: [[Int16]: Int] = [:]
    var scored: [PairedScore] = []
    let matches = try DocumentMatches(pair)
    let (old, new) = (pair.before.scoresByRow(), pair.after.scoresByRow())
    var reasons = try votes.map { try FlipReasons($0, pair, comparison.functions) }
    for chunk in pair.after.contents.chunks.indices {
      let match = matches.match(chunk)
      documents.shared += match.count
      scored += pair.scores(of: chunk, match, old, new)
      for flip in try pair.flips(of: chunk, match) {
        documents.flipped += 1
        transitions[[flip.before, flip.after], default: 0] += 1
        let isListed = documents.flips.count < request.count
        if reasons == nil, !isListed { continue }
        let reason = try reasons?.reason(flip, &causes)
        if isListed {
          documents.flips.append(try pair.listed(flip, reason, old: old, new: new))
        }
      }
    }
    documents.onlyBefore = pair.before.contents.firstRows.last.map { $0 - documents.shared } ?? 0
    documents.onlyAfter = pair.after.contents.firstRows.last.map { $0 - documents.shared } ?? 0
    documents.transitions = transitions.sorted {
      ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1])
    }
    .map { key, count in
      .init(before: pair.name(key[0]), after: pair.name(key[1]), documents: count)
    }
    if let reasons {
      documents.causes = causes
      for index in comparison.functions.indices {
        comparison.functions[index].flipped = reasons.flipped(index)
      }
    }
    comparison.documents = documents
    comparison.evaluation = evaluation(scored, classCount: pair.classes.count)
  }

  private func evaluation(
    _ scored: [PairedScore], classCount: Int
  ) -> RunComparison.Evaluation? {
    func model(
      _ label: KeyPath<ScoredDocument, Int16>, _ loss: KeyPath<ScoredDocument, Float>
    ) -> PairedComparison? {
      PairedComparison(
        scored.map { pair in
          PairedLabels(
            gold: Int(pair.after.gold), before: Int(pair.before[keyPath: label]),
            after: Int(pair.after[keyPath: label]),
            lossBefore: Double(pair.before[keyPath: loss]),
            lossAfter: Double(pair.after[keyPath: loss]))
        }, classCount: classCount, parallel: parallel)
    }
    guard let labels = model(\.label, \.labelLoss),
      let classifier = model(\.predicted, \.predictedLoss)
    else { return nil }
    return .init(
      documents: scored.count, changedGold: scored.count { $0.before.gold != $0.after.gold },
      labelModel: .init(labels), classifier: .init(classifier))
  }
}

extension RunComparison.Run {
  init(_ run: RunRecord) {
    self.init(
      number: run.number, started: run.started, documents: run.totals.documents,
      coverage: run.totals.coverage, labelModel: run.totals.labelModel, split: run.totals.split)
  }
}

/// A document that both runs scored, with what each said; classes are those of a ``RunPair``.
struct PairedScore {
  var before: ScoredDocument
  var after: ScoredDocument
}
