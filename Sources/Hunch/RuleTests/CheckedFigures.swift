import Foundation

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
