import HunchModels

/// Sorts documents with gold into buckets by gold class, prediction and votes.
///
/// Memory is that of the distinct vote patterns of documents with gold.
struct ErrorBuckets {
  /// The most documents that a pattern names.
  private static let examples = 5

  private struct Vote: Hashable {
    var function: Int32
    var label: Int32
  }

  private struct Entry {
    var count = 0
    /// The place in the corpus of the first document, which orders patterns of equal counts.
    var first: Int
    var ids: [String] = []
  }

  private let labels: [String]
  private let functions: [String]
  /// For each gold class and predicted class the vote patterns.
  private var entries: [[[Vote]: Entry]]
  private var seen = 0

  init(labels: [String], functions: [String]) {
    (self.labels, self.functions) = (labels, functions)
    entries = [[[Vote]: Entry]](repeating: [:], count: labels.count * labels.count)
  }

  /// Looks at the next documents of the corpus; those without gold that measures are passed over.
  mutating func add(_ rows: ModelRows) {
    let patterns = rows.posteriors.patterns
    for (place, document) in rows.documents.enumerated() where rows.gold[place] >= 0 {
      let row = rows.probabilities[place * labels.count..<(place + 1) * labels.count]
      let predicted = DecisionRule.mostProbable.label(row)
      let votes = patterns.entries(of: Int(rows.posteriors.ids[document])).map {
        Vote(function: patterns.functions[$0], label: Int32(patterns.votes[$0]))
      }
      let bucket = rows.gold[place] * labels.count + predicted
      var entry = entries[bucket][votes] ?? Entry(first: seen)
      entry.count += 1
      if entry.ids.count < Self.examples {
        entry.ids.append(rows.chunk.ids[document].description)
      }
      entries[bucket][votes] = entry
      seen += 1
    }
  }

  /// The buckets that hold a document.
  func report(split: String) -> BucketReport {
    var overall: [Vote: Int] = [:]
    for patterns in entries {
      for (votes, entry) in patterns {
        for vote in votes { overall[vote, default: 0] += entry.count }
      }
    }
    let filled = entries.indices.filter { !entries[$0].isEmpty }
    let sorted = filled.map { (place: $0, bucket: bucket($0, overall)) }.sorted { one, other in
      func rank(_ place: Int) -> Int { place / labels.count == place % labels.count ? 1 : 0 }
      return (rank(one.place), other.bucket.documents, one.place)
        < (rank(other.place), one.bucket.documents, other.place)
    }
    return BucketReport(split: split, documents: seen, buckets: sorted.map(\.bucket))
  }

  private func bucket(_ index: Int, _ overall: [Vote: Int]) -> BucketReport.Bucket {
    let patterns = entries[index].sorted {
      ($1.value.count, $0.value.first) < ($0.value.count, $1.value.first)
    }
    var counts: [Vote: Int] = [:]
    for (votes, entry) in patterns { for vote in votes { counts[vote, default: 0] += entry.count } }
    let fired = counts.sorted {
      ($1.value, $0.key.function, $0.key.label) < ($0.value, $1.key.function, $1.key.label)
    }
    return BucketReport.Bucket(
      gold: labels[index / labels.count], predicted: labels[index % labels.count],
      documents: patterns.reduce(0) { $0 + $1.value.count },
      functions: fired.map { vote, count in
        .init(
          function: functions[Int(vote.function)], vote: labels[Int(vote.label)],
          documents: count, documentsOverall: overall[vote] ?? 0)
      },
      withoutVotes: entries[index][[]]?.count ?? 0,
      patterns: patterns.map { votes, entry in
        .init(
          votes: votes.map {
            .init(function: functions[Int($0.function)], vote: labels[Int($0.label)])
          }, documents: entry.count, exampleIds: entry.ids)
      })
  }
}
