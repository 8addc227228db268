/// The classes of a labeling task, as an enum.
///
/// For example:
///
///     public enum Verdict: String, LabelSet { case ham, spam }
///
/// The order of the cases is the order of the classes everywhere: in tables, in probabilities and
/// in ties, which go to the class that stands first. The raw value is the class's name in files.
public protocol LabelSet: CaseIterable, RawRepresentable, Hashable, Sendable
where RawValue == String {}

extension LabelSet {
  /// The names of all classes, in order.
  public static var names: [String] { allCases.map(\.rawValue) }
}

/// Turns the labels of an enum into class indices.
struct LabelIndex<Label: LabelSet>: Sendable {
  private let indices: [Label: Int16]

  init() {
    var indices: [Label: Int16] = [:]
    for (index, label) in Label.allCases.enumerated() {
      // A pack of more classes than votes can tell apart is refused before anything votes.
      indices[label] = Int16(truncatingIfNeeded: index)
    }
    self.indices = indices
  }

  /// The class index of a label; ``Vote/abstain`` for `nil`.
  func callAsFunction(_ label: Label?) -> Int16 {
    guard let label, let index = indices[label] else { return Vote.abstain }
    return index
  }
}

/// The codes of votes inside the engine.
package enum Vote {
  /// The most classes: their indices are votes, too.
  package static let mostClasses = Int(Int16.max)

  /// The function says nothing of the document.
  package static let abstain: Int16 = -1

  /// A part of a combined rule applies and has no class of its own.
  package static let fires: Int16 = -2
}
