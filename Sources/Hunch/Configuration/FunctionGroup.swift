/// Labeling functions that their author knows look for the same thing: together they count as one.
public struct FunctionGroup: Sendable, Equatable {
  /// The names of the functions, two or more.
  public var functions: [String]

  /// The line of `hunch.yaml`, for messages.
  public var line: Int

  /// Creates a group.
  public init(_ functions: [String], line: Int = 1) {
    self.functions = functions
    self.line = line
  }
}
