/// Which part of the work a document serves.
public enum Split: UInt8, Sendable, CaseIterable, Codable {
  case train, valid, test

  /// The splits whose gold labels may be looked at while functions are written, the one for it
  /// first: development labels.
  static let development: [Split] = [.valid, .train]

  /// The word in files and tables.
  public var name: String {
    switch self {
    case .train: "train"
    case .valid: "valid"
    case .test: "test"
    }
  }

  /// The split that a word means.
  public init?(named name: String) {
    guard let split = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = split
  }
}
