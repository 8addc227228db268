import HunchModels

extension EvaluateReport {
  /// The models that were scored, by the names that reports give them.
  package var models: [(name: String, scored: Scored)] {
    let goldOnlyName = "gold labels only (\(Figures.count(goldOnly?.goldDocuments ?? 0)))"
    return [
      (Self.allName, labelModelAll), (Self.coveredName, labelModel), ("classifier", classifier),
      (goldOnlyName, goldOnly?.scored),
    ].compactMap { name, scored in scored.map { (name, $0) } }
  }

  /// A classifier that learned from gold labels alone: what labeling functions have to beat.
  public struct GoldOnly: Sendable {
    /// The gold labels that it learned from.
    public var goldDocuments: Int
    /// Its figures.
    public var scored: Scored
  }

  /// The figures on the documents of a slice.
  public struct Slice: Sendable {
    /// The slice's name.
    public var name: String
    /// The line that the author wrote on it.
    public var summary: String?
    /// Its documents with gold in the split.
    public var documents: Int
    /// On covered documents; `nil` where none is covered.
    public var labelModel: Scored?
    /// On all documents; `nil` where there is none, as below.
    public var labelModelAll: Scored?
    /// On all documents.
    public var classifier: Scored?

    /// Whether the classifier is worse here than it is on the whole split, by more than chance.
    package func isWorse(than report: EvaluateReport) -> Bool {
      let upper = classifier?.metrics.accuracyInterval?.upper ?? 1
      return upper < report.classifier?.metrics.accuracy ?? 0
    }
  }
}

/// What gold labels taught the classifier after its training on probabilistic labels.
public struct GoldLearningReport: Encodable, Sendable {
  /// The documents with a gold label that it learned from.
  public var goldDocuments: Int
  /// The mean of −log p(gold) before that, natural, on at most 1,000 of them; `nil` where none could be
  /// held back, and in old model files.
  public var logLossBefore: Double?
  /// The same after it, cross-validated.
  public var logLossAfter: Double?

  init(_ learning: GoldLearning) {
    goldDocuments = learning.documents
    logLossBefore = learning.logLossBefore
    logLossAfter = learning.logLossAfter
  }

  /// "100 gold labels: log-loss on those held back 0.975 → 0.809", or without the figures.
  package var words: String {
    let count = Figures.count(goldDocuments, "gold label")
    guard let logLossBefore, let logLossAfter else { return count }
    return count + ": log-loss on those held back \(Figures.fixed(logLossBefore, 3)) → "
      + Figures.fixed(logLossAfter, 3)
  }
}

/// ``Calibration`` as JSON: what was not measured is null.
struct CalibrationJSON: Encodable {
  private let temperature: Double
  private let goldDocuments: Int
  @OrNull private var logLossBefore: Double?
  @OrNull private var logLossAfter: Double?

  init(_ calibration: Calibration) {
    (temperature, goldDocuments) = (calibration.temperature, calibration.goldDocuments)
    (logLossBefore, logLossAfter) = (calibration.logLossBefore, calibration.logLossAfter)
  }
}

extension FitReport {
  /// What gold labels did beside the priors, in sentences for people.
  package var goldSentences: [String] {
    var sentences: [String] = []
    let count = Figures.count(calibration.goldDocuments)
    if let taken = modelChoice.first {
      let others = modelChoice.filter { $0.gain == 0 && $0.labelModel != taken.labelModel }
      let start = others.first.map { " (\($0.labelModel) \(Figures.fixed($0.logLoss, 3)))" }
      sentences.append(
        "auto took \(taken.labelModel): cross-validated log-loss "
          + "\(Figures.fixed(taken.logLoss, 3)) on \(count) gold labels"
          + (start ?? ", and no other is clearly better"))
    }
    if let before = calibration.logLossBefore, let after = calibration.logLossAfter {
      if text != nil { return sentences + ["no temperature is taken where texts join the votes"] }
      sentences.append(
        calibration.temperature == 1
          ? "no temperature makes the log-loss on gold labels clearly smaller"
          : "posteriors are taken to the power of 1/\(Figures.fixed(calibration.temperature, 2)): "
            + "cross-validated log-loss \(Figures.fixed(before, 3)) to \(Figures.fixed(after, 3))")
    }
    return sentences
  }
}
