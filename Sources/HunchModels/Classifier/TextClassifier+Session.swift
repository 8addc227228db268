import HunchText

extension TextClassifier {
  /// A classifier with memory of its own, for one text after the other.
  ///
  /// The first texts make the memory as large as they need it; later ones that are not longer
  /// take none, unless the classifier looks at more than texts; what it does counts as missing here.
  /// A session is for one thread at a time; each thread has its own.
  ///
  /// For example:
  ///
  ///     var session = TextClassifier.Session(classifier)
  ///     let label = session.classify("where is my card")
  ///     print(classifier.labels[label], session.probabilities[label])
  public struct Session: Sendable {
    /// The classifier at work.
    public let classifier: TextClassifier

    /// The probabilities of the classes for the text classified last, in the order of
    /// ``TextClassifier/labels``: the same bits as from ``TextClassifier/probabilities(_:)``.
    /// Before the first text all are 0.
    public private(set) var probabilities: [Float]

    private var text = TextBatch()
    private var scratch = HashingScratch()
    private var hashed = HashedRows()
    private var weighed: WeighedRows
    private var matrix = SparseRows.none
    private var sums: [Float] = []
    private var row: [Double]

    /// Creates a session; its memory grows with the first texts.
    public init(_ classifier: TextClassifier) {
      self.classifier = classifier
      let classCount = classifier.labels.count
      probabilities = [Float](repeating: 0, count: classCount)
      row = [Double](repeating: 0, count: classCount)
      weighed = WeighedRows(idf: classifier.featurizer.idf)
    }

    /// The bytes of memory that the session has beside the classifier's, used or not.
    ///
    /// It stays the same from one text to the next unless that is longer, in bytes or in words,
    /// than all before it.
    public var memory: Int {
      text.memory + scratch.memory + hashed.memory + weighed.memory + matrix.memory
        + sums.memory + probabilities.memory + row.memory
    }

    /// Classifies a text and leaves its ``probabilities``.
    ///
    /// - Returns: The index of the most probable class; of several, the first.
    /// - Complexity: O(bytes × lengths of n-grams + features × classes).
    public mutating func classify(_ text: String) -> Int {
      self.text.removeAll()
      self.text.append(text)
      return classify()
    }

    /// Classifies a text given as UTF-8 and leaves its ``probabilities``.
    ///
    /// - Parameter utf8: Each maximal ill-formed part is read as U+FFFD, which takes memory for
    ///   the time of the call.
    /// - Returns: The index of the most probable class; of several, the first.
    /// - Complexity: O(bytes × lengths of n-grams + features × classes).
    public mutating func classify(utf8: some Collection<UInt8>) -> Int {
      text.removeAll()
      text.append(repairing: utf8)
      return classify()
    }

    private mutating func classify() -> Int {
      hashed.removeAll()
      hashed.append(text, classifier.featurizer.hasher, &scratch)
      score(0, of: hashed, nil)
      writeProbabilities()
      return DecisionRule.mostProbable.label(probabilities[...])
    }

    /// The probabilities of the classes for each hashed text, flat, texts × classes.
    mutating func probabilities(_ rows: HashedRows, _ values: DenseValues?) -> [Float] {
      var output: [Float] = []
      output.reserveCapacity(rows.count * row.count)
      for document in 0..<rows.count {
        score(document, of: rows, values)
        writeProbabilities()
        output.append(contentsOf: probabilities)
      }
      return output
    }

    /// The natural logarithms of the probabilities of the classes for one of some hashed texts.
    mutating func logProbabilities(of document: Int, in rows: HashedRows) -> [Double] {
      score(document, of: rows, nil)
      let scores = row
      let sum = normalizeLogWeights(&row)
      return scores.map { $0 - sum }
    }

    /// Writes the log weights of the classes for one of some hashed texts.
    ///
    /// A row at a time, so that it stays near the processor.
    private mutating func score(_ document: Int, of rows: HashedRows, _ values: DenseValues?) {
      weighed.removeAll()
      classifier.featurizer.append(rows, document..<document + 1, to: &weighed)
      weighed.write(0, to: &matrix)
      classifier.dense?.append(document, of: values, after: weighed.columnCount, to: &matrix)
      classifier.writeScores(of: 0, in: matrix, to: &row, &sums)
    }

    /// Computes the probabilities for the text that was scored last.
    private mutating func writeProbabilities() {
      normalizeLogWeights(&row)
      for label in row.indices { probabilities[label] = Float(row[label]) }
    }
  }
}
