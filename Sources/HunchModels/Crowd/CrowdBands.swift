/// What a crowd comes to on each document as a vote: the most probable class, by how probable it
/// is.
///
/// Each band of probability is a labeling function, so that few functions stand for thousands of
/// workers, every document with an answer has a vote of one of them, and what a vote of a band is
/// worth is known: the mean posterior of its documents.
package struct CrowdBands: Sendable, Equatable, Codable {
  /// The bands, the surest first: name and least probability.
  package static let bands: [(name: String, least: Double)] = [
    ("sure", 0.98), ("likely", 0.9), ("leaning", 0.7), ("torn", 0),
  ]

  /// The share of each class that the crowd found.
  package let classBalance: [Double]
  /// log(mean posterior / class balance), bands × classes voted for × classes.
  package let logWeights: [Double]

  /// The band and class of the document; nil where nobody answered.
  package static func vote(_ posterior: some Collection<Double>) -> (band: Int, label: Int) {
    var (label, top) = (0, -1.0)
    for (index, value) in posterior.enumerated() where value > top { (label, top) = (index, value) }
    let band = bands.firstIndex { top >= $0.least } ?? bands.count - 1
    return (band, label)
  }

  /// Sums up what votes of each band are worth.
  ///
  /// - Complexity: O(documents × classes).
  package init(_ fit: CrowdFit, _ answers: CrowdAnswers) {
    let classes = fit.classCount
    classBalance = fit.classBalance
    var sums = [Double](repeating: 0, count: Self.bands.count * classes * classes)
    var counts = [Double](repeating: 0, count: Self.bands.count * classes)
    for document in 0..<answers.documentCount where !answers.answers(of: document).isEmpty {
      let row = fit.posteriors[document * classes..<(document + 1) * classes]
      let (band, label) = Self.vote(row)
      let cell = band * classes + label
      counts[cell] += 1
      for (other, value) in row.enumerated() { sums[cell * classes + other] += value }
    }
    logWeights = sums.indices.map { index in
      let count = counts[index / classes]
      let balance = fit.classBalance[index % classes]
      if count == 0 { return 0 }
      // A hundredth of a document by the class balance keeps logarithms finite.
      return naturalLog((sums[index] + 0.01 * balance) / (count + 0.01) / balance)
    }
  }
}
