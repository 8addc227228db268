import Foundation

/// A figure that a project holds its rules to, from `checks:` of `hunch.yaml`.
public struct Check: Sendable, Equatable {
  /// The keys of the figure in the JSON of `analyze` and `evaluate`, such as `label_model`,
  /// `macro_f1`; in a list, the name or label of an entry.
  public var keys: [String]
  /// The bound: the least, or, where less is better, the most.
  public var required: Double
  /// The line of `hunch.yaml`.
  public var line: Int

  /// The keys with dots between them.
  public var name: String { keys.joined(separator: ".") }

  /// Figures of which less is better.
  static let smallIsGood: Set<String> = [
    "rules_that_never_vote", "log_loss", "brier", "ece", "conflicts", "incorrect",
  ]

  /// Whether a figure is good enough.
  func holds(_ actual: Double) -> Bool {
    Self.smallIsGood.contains(keys[keys.count - 1]) ? actual <= required : actual >= required
  }

  /// Whether models have to be trained to know the figure.
  var needsEvaluation: Bool {
    ["label_model", "label_model_all", "classifier", "gold_only", "slices"].contains(keys[0])
  }
}

/// The checks of a project.
public struct Checks: Sendable, Equatable {
  /// The split that is measured; nil for development labels, those of the valid split or, where it has
  /// none, the train split.
  public var split: Split?
  /// The checks, in the order written.
  public var all: [Check] = []
}

/// What `analyze` and `evaluate` know of a split, by the keys of their JSON.
struct CheckedFigures {
  /// What a path of keys leads to.
  enum Figure {
    case number(Double)
    /// There is such a figure, but not for these documents.
    case none
    case unknown(key: String, known: [String])
  }

  private var root: [String: Any]

  /// Merges reports; a later one wins.
  init(_ reports: [any Encodable]) throws {
    root = [:]
    for report in reports {
      let object = try JSONSerialization.jsonObject(with: ReportJSON.encode(report))
      root.merge(object as? [String: Any] ?? [:]) { _, later in later }
    }
  }

  func figure(_ keys: [String]) -> Figure {
    var value: Any = root
    for key in keys {
      switch value {
      case let object as [String: Any]:
        guard let next = object[key] else {
          return .unknown(key: key, known: object.filter { Self.leads($0.value) }.keys.sorted())
        }
        value = next
      case let list as [[String: Any]]:
        func name(_ entry: [String: Any]) -> String? {
          entry["name"] as? String ?? entry["label"] as? String
        }
        guard let next = list.first(where: { name($0) == key }) else {
          return .unknown(key: key, known: list.compactMap(name))
        }
        value = next
      case is NSNull: return .none
      default: return .unknown(key: key, known: [])
      }
    }
    switch value {
    case let number as NSNumber: return .number(number.doubleValue)
    case is NSNull: return .none
    case let object as [String: Any]: return .unknown(key: "", known: object.keys.sorted())
    default: return .unknown(key: keys[keys.count - 1], known: [])
    }
  }

  /// Whether there may be a number behind a value.
  private static func leads(_ value: Any) -> Bool {
    !(value is String) && !(value is [Any] && !(value is [[String: Any]]))
  }
}
