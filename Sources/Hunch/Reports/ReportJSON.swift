public import Foundation
import HunchModels

/// Writes reports as the JSON of `docs/interface.md`.
public enum ReportJSON {
  /// The report as indented JSON with a final line break; keys in alphabetical order.
  public static func encode(_ report: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Data(escaped(String(decoding: try encoder.encode(report), as: UTF8.self)).utf8)
      + Data("\n".utf8)
  }

  /// JSON in which the characters are escaped that would drive a terminal and that JSON lets pass:
  /// such as stand in strings alone.
  private static func escaped(_ json: String) -> String {
    func drives(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value >= 0x7F && Excerpt.visible(String(scalar)) != String(scalar)
    }
    if json.utf8.allSatisfy({ $0 < 0x7F }) { return json }
    var text = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      guard drives(scalar) else {
        text.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      text.append(
        contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
    }
    return String(text)
  }
}

/// A value that is written as null where there is none, and not left out.
@propertyWrapper
package struct OrNull<Value: Encodable & Equatable & Sendable>: Encodable, Equatable, Sendable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

/// A key that is written as it stands.
private struct Key: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

extension Interval {
  var bounds: [Double] { [lower, upper] }
}

extension AnalyzeReport.Function: Encodable {
  /// Writes the report with the keys of `docs/interface.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: Key("name"))
    try container.encode(kind, forKey: Key("kind"))
    try container.encodeIfPresent(summary, forKey: Key("summary"))
    try container.encode(polarity, forKey: Key("polarity"))
    try container.encode(votes, forKey: Key("votes"))
    try container.encode(coverage, forKey: Key("coverage"))
    try container.encode(overlaps, forKey: Key("overlaps"))
    try container.encode(conflicts, forKey: Key("conflicts"))
    try gold?.encode(to: &container)
  }
}

extension AnalyzeReport.GoldFigures {
  fileprivate func encode(to container: inout KeyedEncodingContainer<Key>) throws {
    try container.encode(correct, forKey: Key("correct"))
    try container.encode(incorrect, forKey: Key("incorrect"))
    try container.encode(empiricalAccuracy, forKey: Key("empirical_accuracy"))
    try container.encode(
      empiricalAccuracyInterval?.bounds, forKey: Key("empirical_accuracy_interval"))
  }
}

extension FitReport.Function: Encodable {
  /// Writes the report with the keys of `docs/interface.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: Key("name"))
    try container.encode(votes, forKey: Key("votes"))
    try container.encode(accuracy, forKey: Key("accuracy"))
    try container.encode(accuracyInterval?.bounds, forKey: Key("accuracy_interval"))
    try container.encode(changedLabels, forKey: Key("changed_labels"))
    try container.encode(largestChange, forKey: Key("largest_change"))
    try container.encode(coverageLost, forKey: Key("coverage_lost"))
    try gold?.encode(to: &container)
  }
}

extension FitReport: Encodable {
  /// Writes the report with the keys of `docs/interface.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(labelModel, forKey: Key("label_model"))
    try container.encode(isAutomatic, forKey: Key("automatic"))
    try container.encodeIfPresent(chosenModel, forKey: Key("chosen_model"))
    try container.encode(
      Dictionary(uniqueKeysWithValues: zip(labels, classBalance)), forKey: Key("class_balance"))
    try container.encode(
      Dictionary(uniqueKeysWithValues: zip(labels, decisionBalance)),
      forKey: Key("decision_balance"))
    if !crowds.isEmpty { try container.encode(crowds, forKey: Key("crowds")) }
    if let learnedPrior {
      try container.encode(learnedPrior.accuracy, forKey: Key("prior_accuracy"))
      try container.encode(learnedPrior.overdispersion, forKey: Key("overdispersion"))
      try container.encode(learnedPrior.isBalanceLearned, forKey: Key("class_balance_learned"))
      try container.encode(learnedPrior.goldDocuments, forKey: Key("gold_documents"))
    }
    try container.encodeIfPresent(text, forKey: Key("text"))
    try container.encode(CalibrationJSON(calibration), forKey: Key("calibration"))
    try container.encode(modelChoice, forKey: Key("model_choice"))
    try container.encode(logLikelihood, forKey: Key("log_likelihood"))
    try container.encode(iterations, forKey: Key("iterations"))
    try container.encode(documents, forKey: Key("documents"))
    try container.encode(covered, forKey: Key("covered"))
    try container.encode(patterns, forKey: Key("patterns"))
    try container.encode(functions, forKey: Key("functions"))
    try container.encode(dependencies, forKey: Key("dependencies"))
    try container.encode(goodnessOfFit, forKey: Key("goodness_of_fit"))
    try container.encode(majorityDifference, forKey: Key("majority_difference"))
    try container.encode(warnings, forKey: Key("warnings"))
  }
}

extension EvaluateReport: Encodable {
  /// Writes the report with the keys of `docs/interface.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(split, forKey: Key("split"))
    try container.encode(documents, forKey: Key("documents"))
    try container.encode(policy, forKey: Key("policy"))
    func figures(_ scored: Scored?) -> Figures? { scored.map { Figures($0, labels) } }
    try container.encode(figures(labelModel), forKey: Key("label_model"))
    try container.encode(figures(labelModelAll), forKey: Key("label_model_all"))
    try container.encode(figures(classifier), forKey: Key("classifier"))
    try container.encode(
      goldOnly.map { Figures($0.scored, labels, goldDocuments: $0.goldDocuments) },
      forKey: Key("gold_only"))
    try container.encode(slices.map { Sliced($0, labels) }, forKey: Key("slices"))
    try container.encodeIfPresent(precision, forKey: Key("precision"))
    try container.encodeIfPresent(buckets, forKey: Key("buckets"))
    try container.encodeIfPresent(worst?.worst, forKey: Key("worst"))
    try container.encodeIfPresent(worst?.disagreements, forKey: Key("disagreements"))
    try container.encodeIfPresent(workspaceLabels, forKey: Key("workspace_labels"))
  }

  /// A slice with the figures of all models; null where it has no documents.
  private struct Sliced: Encodable {
    private let slice: Slice
    private let labels: [String]

    init(_ slice: Slice, _ labels: [String]) { (self.slice, self.labels) = (slice, labels) }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(slice.name, forKey: Key("name"))
      try container.encodeIfPresent(slice.summary, forKey: Key("summary"))
      try container.encode(slice.documents, forKey: Key("documents"))
      func figures(_ scored: Scored?) -> Figures? { scored.map { Figures($0, labels) } }
      try container.encode(figures(slice.labelModel), forKey: Key("label_model"))
      try container.encode(figures(slice.labelModelAll), forKey: Key("label_model_all"))
      try container.encode(figures(slice.classifier), forKey: Key("classifier"))
    }
  }

  private struct Figures: Encodable {
    struct Class: Encodable {
      var label: String
      var precision: Double
      var recall: Double
      var f1: Double
      var support: Int
    }

    /// The documents whose top probability lies in a range.
    struct Bin: Encodable {
      var lower: Double
      var upper: Double
      var count: Int
      var confidence: Double
      var accuracy: Double
    }

    var documents: Int
    var accuracy: Double
    var macroF1: Double
    var logLoss: Double
    var brier: Double
    var ece: Double
    var auc: Double?
    var coverage: Double
    var classes: [Class]
    var confusion: [[Int]]
    /// Without the bins that are empty.
    var reliability: [Bin]
    var goldDocuments: Int?

    init(_ scored: Scored, _ labels: [String], goldDocuments: Int? = nil) {
      self.goldDocuments = goldDocuments
      let metrics = scored.metrics
      documents = metrics.documents
      accuracy = metrics.accuracy
      macroF1 = metrics.macroF1
      logLoss = metrics.logLoss
      brier = metrics.brier
      ece = metrics.ece
      auc = metrics.auc
      coverage = scored.coverage
      confusion = metrics.confusion
      let bins = metrics.reliability
      reliability = bins.enumerated().compactMap { place, bin in
        guard let confidence = bin.meanConfidence, let accuracy = bin.accuracy else { return nil }
        return Bin(
          lower: Double(place) / Double(bins.count), upper: Double(place + 1) / Double(bins.count),
          count: bin.count, confidence: confidence, accuracy: accuracy)
      }
      classes = zip(labels, metrics.classes).map { label, figures in
        Class(
          label: label, precision: figures.precision, recall: figures.recall, f1: figures.f1,
          support: figures.support)
      }
    }
  }
}
