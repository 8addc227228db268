import Foundation
import HunchModels
import TestSupport

/// The figures of all sets, for the terminal, a Markdown page and other programs.
struct QualityReport {
  let corpora: [CorpusResult]
  let settings: [SettingResult]

  /// How far below majority vote a macro-F1 may be before it is listed.
  static let tolerance = 0.005

  var measured: [CorpusResult] { corpora.filter { $0.skipped == nil } }

  // MARK: - Terminal

  var consoleLines: [String] {
    let models = LabelModel.compared.map(\.name)
    let header = Self.padded("macro-F1", 24) + models.map { Self.leading($0, 17) }.joined()
    var lines = [header]
    for set in measured as [any ResultSet] + settings {
      let figures = set.models.filter(\.isLabelModel).map {
        $0.figures.map { Self.text($0.macroF1) }
      }
      lines.append(
        Self.padded(set.name, 24) + figures.map { Self.leading($0 ?? "failed", 17) }.joined())
    }
    for set in measured as [any ResultSet] + settings {
      guard let score = set.gold else { continue }
      lines.append(
        Self.padded(set.name, 24) + "with \(GoldScore.labels) gold labels "
          + "\(Self.text(score.with.macroF1)), without \(Self.text(score.without.macroF1))")
    }
    for set in corpora {
      if let reason = set.skipped { lines.append("\(set.name): skipped: \(reason)") }
    }
    for (set, model) in failures { lines.append("\(set), \(model.model): \(model.failure ?? "")") }
    lines.append("more than \(Self.text(Self.tolerance)) below majority vote:")
    lines += shortfalls.map { "  \($0.set), \($0.model.model): \(Self.signed($0.difference))" }
    return lines
  }

  // MARK: - What is conspicuous

  /// Where a model's macro-F1 is clearly below that of majority vote.
  var shortfalls: [(set: String, model: ModelResult, difference: Double)] {
    (measured as [any ResultSet] + settings).flatMap { set in
      set.models.filter(\.isLabelModel).compactMap { model in
        set.difference(model).flatMap { $0 < -Self.tolerance ? (set.name, model, $0) : nil }
      }
    }
  }

  var failures: [(set: String, model: ModelResult)] {
    (measured as [any ResultSet] + settings).flatMap { set in
      set.models.filter { $0.failure != nil }.map { (set.name, $0) }
    }
  }

  // MARK: - JSON

  private struct Document: Encodable {
    struct Shortfall: Encodable {
      var set: String
      var model: String
      var difference: Double
    }
    var automatic: String
    var tolerance: Double
    var corpora: [CorpusResult]
    var settings: [SettingResult]
    var belowMajority: [Shortfall]
    var peers: [String: [Peer]]
  }

  func write(toJSON url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = Document(
      automatic: LabelModel.auto.name, tolerance: Self.tolerance, corpora: corpora,
      settings: settings,
      belowMajority: shortfalls.map {
        .init(set: $0.set, model: $0.model.model, difference: $0.difference)
      }, peers: Peer.figures)
    try encoder.encode(document).write(to: url, options: .atomic)
  }

  // MARK: - Numbers

  static func text(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "–"
  }

  static func signed(_ value: Double?) -> String {
    value.map { String(format: "%+.3f", $0) } ?? "–"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func leading(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
