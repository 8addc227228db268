/// Finds keywords and patterns that would make useful labeling functions.
///
/// A candidate is a word, a pair, or two words with a gap, with a class. It is worth what it would
/// settle: over the documents with it, the sum of what is still open in each (1 without a vote or
/// where the models contradict its label, else how unsure the label model is) to the power of 0.4,
/// times what a vote tells of the class: the relative entropy of its precision, one standard
/// deviation below the estimate, to the share of the class. The best candidate becomes a function,
/// with further words of the same class that are nearly as good, unless it has a gap. What it
/// settles is open no longer; and so on.
///
/// What the models say is corrected by the labels before anything is counted, see
/// ``SuggestionEvidence/mixed()`` and ``SuggestionEvidence/corrected(inertia:)``. Models that were
/// made from a few rules are sure of much that is wrong, in the same words each time.
package struct FunctionFinder: Sendable {
  /// What a user cannot set; measured in docs/suggestions.md.
  package struct Tuning: Sendable, Equatable {
    package var weights = PrecisionEstimate.Weights()
    /// The estimate must lie so far from the share of the class to 1.
    package var floor = 0.6
    /// Standard deviations below the estimate that count.
    package var caution = 1.0
    /// The most words of a function.
    package var mostWords = 8
    /// A further word is worth at least this share of the first one.
    package var leastShare = 0.2
    /// How far below the first word's precision that of a further one may be.
    package var slack = 0.05
    /// How much of a document stays open once a function votes on it.
    package var rest = 0.25
    /// What is open in a document with a label that the models know already.
    package var known = 0.1
    /// How much the second function of a class is worth less than the first, and so on.
    package var spread = 0.5
    /// Whether a word must occur in a labelled document of the class, once there are labels.
    package var asksGold = true
    /// What is open in a document with votes for one class, as a share of how unsure the model is.
    package var agreed = 0.3
    /// A function has to settle this share of all documents.
    package var leastGain = 0.004
    /// How many documents a correction by labels counts as.
    package var correction = 8.0
    /// The power of what is open that counts: below 1, many documents do not make up for precision.
    package var power = 0.4
    /// Whether the models are mixed with the class shares as far as labels contradict them.
    package var mixes = true
    /// A word is left out if one function votes for the class on this share of its documents.
    package var repetition = 0.9
    /// The least labelled documents of the class with a word, once there are so many labels.
    package var leastRight = 1
    /// Whether to look for two words with others between them.
    package var gaps = true
    /// The same for words with a gap: there are many more of them.
    package var leastRightOfGaps = 3
    package init() {}
  }

  /// A function that was found.
  package struct Found: Sendable, Equatable {
    package var label: Int
    /// The keywords, best first; of a pattern its first word.
    package var words: [String]
    /// The second word of a pattern.
    package var second: String?
    /// The documents with one of them, ascending.
    package var documents: [Int]
    package var estimate: PrecisionEstimate
    /// What it settles, in documents.
    package var gain: Double
  }

  private let evidence: SuggestionEvidence
  private let tuning: Tuning
  /// The share of each class by gold labels and models.
  private let shares: [Double]
  /// What is open in each document.
  private var open: [Double]

  package init(_ uncorrected: SuggestionEvidence, tuning: Tuning = Tuning()) {
    var evidence = uncorrected
    if tuning.mixes { evidence = evidence.mixed() }
    if tuning.correction > 0 { evidence = evidence.corrected(inertia: tuning.correction) }
    self.evidence = evidence
    self.tuning = tuning
    var shares = [Double](repeating: 1, count: evidence.classCount)
    open = []
    open.reserveCapacity(evidence.count)
    for document in 0..<evidence.count {
      let soft = evidence.soft(document)
      let gold = evidence.gold[document]
      for label in shares.indices {
        shares[label] += gold >= 0 ? (gold == label ? 1 : 0) : Double(soft[soft.startIndex + label])
      }
      let isCovered = evidence.isCovered(document)
      if gold >= 0 {
        let isRight = isCovered && DecisionRule.mostProbable.label(soft) == gold
        open.append(isRight ? tuning.known : 1)
      } else {
        let trust = evidence.isConflicted(document) ? 1 : tuning.agreed
        open.append(isCovered ? trust * evidence.uncertainty(document) : 1)
      }
    }
    self.shares = normalized(shares)
  }

  /// The best functions, best first.
  ///
  /// - Parameters:
  ///   - count: The most functions.
  ///   - wanted: The only class to look at; nil for all.
  /// - Complexity: O(occurrences × classes + functions × (grams + occurrences of their words)).
  package func find(count: Int, wanted: Int? = nil) -> [Found] {
    var search = Search(self, wanted)
    var found: [Found] = []
    while found.count < count, let next = search.next() { found.append(next) }
    return found
  }

  /// The estimate for a vote for a class on some documents.
  package func estimate(_ documents: some Sequence<Int>, label: Int) -> PrecisionEstimate {
    var (gold, right, soft, sum) = (0, 0, 0, 0.0)
    for document in documents {
      if evidence.gold[document] >= 0 {
        gold += 1
        if evidence.gold[document] == label { right += 1 }
      } else {
        soft += 1
        sum += Double(evidence.soft[document * evidence.classCount + label])
      }
    }
    return PrecisionEstimate(
      goldDocuments: gold, goldRight: right, softDocuments: soft, softSum: sum,
      share: shares[label], weights: tuning.weights)
  }

  /// What a vote tells of the class, of 1: the relative entropy of a precision to the share of the
  /// class, in units of what certainty would tell. A class that most documents have is told by no
  /// word that occurs everywhere.
  private func worth(_ estimate: PrecisionEstimate, _ label: Int) -> Double {
    let low = estimate.mean - tuning.caution * estimate.deviation
    let share = shares[label]
    guard estimate.mean >= share + tuning.floor * (1 - share), low > share, share < 1 else {
      return 0
    }
    let told =
      low * naturalLog(low / share)
      + (1 - low) * naturalLog(max(1 - low, 1e-12) / (1 - share))
    return told / naturalLog(1 / share)
  }
}

extension FunctionFinder {
  /// One search: what is open changes as functions are found.
  fileprivate struct Search {
    private let finder: FunctionFinder
    private let evidence: SuggestionEvidence
    private let tuning: Tuning
    /// The class of each gram, -1 for none that is of use, with its estimate and worth.
    private var labels: [Int]
    private var estimates: [PrecisionEstimate?]
    private var worths: [Double]
    private var open: [Double]
    /// What is open in the documents of each gram.
    private var sums: [Double]
    /// The same before the function under way: a further word has to bring half of its documents.
    private var before: [Double] = []
    private var functionsOf: [Int]

    init(_ finder: FunctionFinder, _ wanted: Int?) {
      self.finder = finder
      (evidence, tuning, open) = (finder.evidence, finder.tuning, finder.open)
      let count = evidence.grams.count
      labels = [Int](repeating: -1, count: count)
      estimates = [PrecisionEstimate?](repeating: nil, count: count)
      worths = [Double](repeating: 0, count: count)
      sums = worths
      functionsOf = [Int](repeating: 0, count: evidence.classCount)
      let needsGold = tuning.asksGold && evidence.gold.contains { $0 >= 0 }
      for gram in 0..<count {
        let documents = evidence.grams.documents(of: gram)
        sums[gram] = documents.reduce(0) { $0 + open[Int($1)] }
        for label in 0..<evidence.classCount where wanted == nil || wanted == label {
          let estimate = finder.estimate(documents.lazy.map { Int($0) }, label: label)
          let hasGap = evidence.grams.seconds[gram] != nil
          let leastRight = hasGap ? tuning.leastRightOfGaps : tuning.leastRight
          if needsGold, estimate.goldRight < leastRight { continue }
          let worth = finder.worth(estimate, label)
          if worth > worths[gram], !repeats(gram, label) {
            (worths[gram], labels[gram], estimates[gram]) = (worth, label, estimate)
          }
        }
      }
    }

    /// Whether one function votes for the class on nearly all documents of a word: it may well look
    /// for that word.
    private func repeats(_ gram: Int, _ label: Int) -> Bool {
      let documents = evidence.grams.documents(of: gram)
      var votes: [Int32: Int] = [:]
      for document in documents {
        for entry in evidence.patterns.entries(of: Int(evidence.patternOf[Int(document)]))
        where evidence.patterns.votes[entry] == label {
          votes[evidence.patterns.functions[entry], default: 0] += 1
        }
      }
      return votes.values.contains { Double($0) >= tuning.repetition * Double(documents.count) }
    }

    /// Finds the next function and takes what it settles as settled.
    mutating func next() -> Found? {
      guard let seed = best(nil, least: 0, precision: 0) else { return nil }
      let label = labels[seed]
      before = sums
      let precision = (estimates[seed]?.mean ?? 1) - tuning.slack
      let least = value(seed) * tuning.leastShare
      var words: [String] = []
      var documents: Set<Int32> = []
      var gain = 0.0
      var gram: Int? = seed
      while let taken = gram {
        gain += sums[taken]
        words.append(evidence.grams.texts[taken])
        documents.formUnion(evidence.grams.documents(of: taken))
        settle(taken)
        labels[taken] = -1
        gram =
          words.count < tuning.mostWords && evidence.grams.seconds[seed] == nil
          ? best(label, least: least, precision: precision) : nil
      }
      functionsOf[label] += 1
      let all = documents.map { Int($0) }.sorted()
      return Found(
        label: label, words: words, second: evidence.grams.seconds[seed], documents: all,
        estimate: finder.estimate(all, label: label), gain: gain)
    }

    private func value(_ gram: Int) -> Double {
      sums[gram] > 1e-9 ? worths[gram] * exponential(tuning.power * naturalLog(sums[gram])) : 0
    }

    private func best(_ label: Int?, least: Double, precision: Double) -> Int? {
      var (place, most) = (-1, 0.0)
      for gram in labels.indices where labels[gram] >= 0 && (label ?? labels[gram]) == labels[gram]
      {
        var value = value(gram)
        if label == nil {
          value /= 1 + tuning.spread * Double(functionsOf[labels[gram]])
        }
        if label != nil, sums[gram] < before[gram] / 2 { continue }
        if label != nil, evidence.grams.seconds[gram] != nil { continue }
        if label == nil, sums[gram] < tuning.leastGain * Double(evidence.count) { continue }
        if value > most, value >= least, (estimates[gram]?.mean ?? 0) >= precision {
          (place, most) = (gram, value)
        }
      }
      return place >= 0 ? place : nil
    }

    private mutating func settle(_ gram: Int) {
      for document in evidence.grams.documents(of: gram) {
        let change = open[Int(document)] * (1 - tuning.rest)
        open[Int(document)] -= change
        for other in evidence.grams.grams(of: Int(document)) { sums[Int(other)] -= change }
      }
    }
  }
}
