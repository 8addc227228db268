/// The exit status that a failure ends the command with (`sysexits.h`, see `docs/interface.md`).
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// A check of `hunch test` does not hold; no failure of the program.
  case checkFailed = 1
  case usage = 64
  case badData = 65
  case inputMissing = 66
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74
  case busy = 75
  case badConfiguration = 78
  case interrupted = 130
}

/// A failure that can be shown to a user as it stands.
///
/// `description` says what went wrong and where, never with the text of a document; `hint` says
/// what to do next.
public protocol ReportableError: Error, CustomStringConvertible, Sendable {
  /// How a command that meets this failure ends.
  var status: ExitStatus { get }

  /// What to do about it, as one sentence or command; `nil` where the description says it all.
  var hint: String? { get }

  /// Whether the description is several lines; of all others a line break is part of some name.
  var hasLines: Bool { get }
}

extension ReportableError {
  /// Nothing to add by default.
  public var hint: String? { nil }

  /// One line by default.
  public var hasLines: Bool { false }
}
