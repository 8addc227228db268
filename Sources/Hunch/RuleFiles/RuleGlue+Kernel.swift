import Foundation
import HunchLabeling

/// The source file that is compiled with rule files, which hands their packs and texts to the program,
/// and the program's side of that.
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
    // SAFETY: ``load(_:)`` calls the function with memory for one `CompiledRules` and takes the value
    // from it.
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

  /// What a library hands over.
  ///
  /// - Returns: Nil where the file is no library of rules that fits this program.
  static func load(_ path: String) -> CompiledRules? {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL),
      let symbol = dlsym(handle, RuleGlue.symbol)
    else { return nil }
    // SAFETY: The symbol is the `@_cdecl` function of ``source(packs:sources:)``, which takes one
    // pointer. The library was compiled against the modules of this very program, by the name under
    // which it is stored, so both agree on the layout of `CompiledRules`. The function initialises the
    // memory, from which the value is then moved.
    let function = unsafeBitCast(
      symbol, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
    let place = UnsafeMutablePointer<CompiledRules>.allocate(capacity: 1)
    defer { place.deallocate() }
    function(UnsafeMutableRawPointer(place))
    return place.move()
  }

  /// Why the last library was not loaded.
  static var problem: String { dlerror().map { String(cString: $0) } ?? "it holds no rules" }

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
