/// A column of the corpus, beside the text, that a rule reads as a typed value.
public struct Field<Value: FieldValue>: Sendable {
  /// The column's name.
  public let column: String

  /// Names a column; that it exists is checked when the rules are started.
  public init(_ column: String) { self.column = column }
}

/// What a cell of the corpus holds.
public enum FieldContent: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
}

/// A type that a field can be read as: `String`, `Int`, `Double` or `Bool`.
public protocol FieldValue: Sendable {
  /// Reads a cell; `nil` where it is NULL or of another kind.
  init?(field: FieldContent)
}

extension String: FieldValue {
  /// Any cell but NULL has a text.
  public init?(field: FieldContent) {
    switch field {
    case .null: return nil
    case .integer(let value): self = String(value)
    case .real(let value): self = String(value)
    case .text(let value): self = value
    }
  }
}

extension Int: FieldValue {
  /// Whole numbers, also when they are stored as text.
  public init?(field: FieldContent) {
    switch field {
    case .null: return nil
    case .integer(let value): self.init(exactly: value)
    case .real(let value): self.init(exactly: value)
    case .text(let value): self.init(value)
    }
  }
}

extension Double: FieldValue {
  /// Numbers, also when they are stored as text.
  public init?(field: FieldContent) {
    switch field {
    case .null: return nil
    case .integer(let value): self.init(value)
    case .real(let value): self = value
    case .text(let value): self.init(value)
    }
  }
}

extension Bool: FieldValue {
  /// 0 and 1, and the words true, false, yes and no.
  public init?(field: FieldContent) {
    switch field {
    case .integer(0): self = false
    case .integer(1): self = true
    case .text(let value):
      switch value.lowercased() {
      case "true", "yes", "1": self = true
      case "false", "no", "0": self = false
      default: return nil
      }
    default: return nil
    }
  }
}
