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

extension Project {
  /// The functions of each declared group by index.
  ///
  /// - Parameter names: The names of the project's functions, in order.
  /// - Throws: ``HunchError/unknownFunction(path:line:name:known:)``.
  func functionGroups(among names: [String]) throws(HunchError) -> [[Int]] {
    var groups: [[Int]] = []
    for group in configuration.functionGroups {
      var indices: [Int] = []
      for name in group.functions {
        guard let index = names.firstIndex(of: name) else {
          throw .unknownFunction(
            path: resolve("hunch.yaml"), line: group.line, name: name, known: names)
        }
        indices.append(index)
      }
      groups.append(indices.sorted())
    }
    return groups
  }
}
