import HunchLabeling

/// The source file that is compiled with rule files: it hands their packs and texts to the program.
enum RuleGlue {
  /// The function of the library that does so.
  static let symbol = "hunch_compiled_rules"

  /// The name of the file, which no other has.
  static func fileName(beside names: some Sequence<String>) -> String {
    var name = "HunchPacks.swift"
    while names.contains(where: { $0.lowercased() == name.lowercased() }) { name = "_" + name }
    return name
  }

  /// The source.
  ///
  /// - Parameters:
  ///   - packs: The constants that are rule packs.
  ///   - sources: Names and texts of the rule files.
  static func source(packs: [String], sources: [(name: String, text: String)]) -> String {
    // SAFETY: ``RuleLoader`` calls the function with memory for one `CompiledRules` and takes the
    // value from it.
    """
    import HunchLabeling

    @_cdecl("\(symbol)")
    public func hunchCompiledRules(_ place: UnsafeMutableRawPointer) {
      place.initializeMemory(
        as: CompiledRules.self,
        to: CompiledRules(
          [\(packs.joined(separator: ", "))],
          sources: [
    \(sources.map { "        (\(literal($0.name)), \(literal($0.text)))" }.joined(separator: ",\n"))
          ]))
    }

    """
  }

  /// A literal of the same scalars: everything but printable ASCII is escaped.
  private static func literal(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case " "..."~": result.unicodeScalars.append(scalar)
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result + "\""
  }
}
