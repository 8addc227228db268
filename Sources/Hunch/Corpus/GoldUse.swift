/// What a gold label is for. A label that enters the model cannot also measure it, and labels that
/// were chosen, say because a posterior was unsure, measure nothing.
package enum GoldUse: UInt8, Sendable, CaseIterable {
  /// It measures: accuracies, intervals and scores.
  case audit
  /// It goes to the label model and the classifier.
  case repair

  /// The name in corpora and files.
  package var name: String {
    switch self {
    case .audit: "audit"
    case .repair: "repair"
    }
  }

  /// The use that a word means.
  package init?(named name: String) {
    guard let use = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = use
  }
}

/// Who gets which gold label.
struct GoldRoles: Sendable, Equatable {
  /// Whether unmarked labels of the valid split are repair gold.
  let takesValid: Bool
  /// Whether there may be repair gold at all.
  let mayRepair: Bool

  /// - Parameter labels: The labels of the workspace.
  init(_ configuration: ProjectConfiguration, _ labels: HandLabels) {
    takesValid = configuration.labelModelGold == .valid
    mayRepair = takesValid || configuration.corpus.goldUse != nil || labels.hasRepair
  }

  /// Whether a document has repair gold.
  func isRepair(_ document: Int, in chunk: CorpusChunk) -> Bool {
    guard mayRepair, chunk.gold[document] >= 0 else { return false }
    switch chunk.goldUses.isEmpty ? nil : chunk.goldUses[document] {
    case .repair: return true
    case .audit: return false
    case nil: return takesValid && chunk.splits[document] == .valid
    }
  }

  /// Whether a document has a gold label that measures.
  func isAudit(_ document: Int, in chunk: CorpusChunk) -> Bool {
    chunk.gold[document] >= 0 && !isRepair(document, in: chunk)
  }
}

extension CorpusChunk {
  /// Splits, gold labels and their uses as bytes, for hashes.
  var annotationBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * count)
    for document in 0..<count {
      bytes.append(splits[document].rawValue)
      bytes.append(UInt8(truncatingIfNeeded: gold[document]))
      bytes.append(UInt8(truncatingIfNeeded: gold[document] >> 8))
    }
    // 255 is for a label that is not marked.
    for use in goldUses { bytes.append(use?.rawValue ?? .max) }
    return bytes
  }
}
