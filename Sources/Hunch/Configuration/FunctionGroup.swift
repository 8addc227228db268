/// Labeling functions that their author knows look for the same thing: together they count as one.
package struct FunctionGroup: Sendable, Equatable {
  /// The names of the functions, two or more.
  package var functions: [String]

  /// The line of `hunch.yaml`, for messages.
  package var line: Int

  package init(_ functions: [String], line: Int = 1) {
    self.functions = functions
    self.line = line
  }
}
