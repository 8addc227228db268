/// Finds the rule packs that a source file declares.
package enum PackNames {
  /// The names of the constants at the top level that are rule packs by their type or by the call
  /// that makes them, in the order written: `let pack = RulePack(…) { … }`, `let pack: RulePack = …`.
  ///
  /// What is `private` cannot be seen by others and is passed over. Swift's grammar is only
  /// approximated; of a file whose brackets do not match, nothing is found.
  ///
  /// - Complexity: O(bytes).
  package static func all(in source: String) -> [String] {
    var lexer = SwiftLexer(source)
    guard let tokens = lexer.allTokens() else { return [] }
    func text(_ index: Int) -> String {
      guard tokens.indices.contains(index) else { return "" }
      return String(decoding: lexer.bytes[tokens[index].start..<tokens[index].end], as: UTF8.self)
    }
    /// Whether a type or a call begins with the name of the type.
    func isPack(_ index: Int) -> Bool {
      text(index) == "RulePack"
        || text(index) == "HunchLabeling" && text(index + 1) == "." && text(index + 2) == "RulePack"
    }
    var names: [String] = []
    var isHidden = false
    var index = 0
    while index < tokens.count {
      switch text(index) {
      case "private", "fileprivate": isHidden = true
      case "let", "var":
        let value = text(index + 2)
        if !isHidden, value == ":" || value == "=", isPack(index + 3) {
          names.append(text(index + 1))
        }
        isHidden = false
      case "func", "struct", "enum", "class", "actor", "extension", "typealias", "protocol":
        isHidden = false
      default: break
      }
      index = tokens[index].kind == .open ? tokens[index].partner + 1 : index + 1
    }
    return names
  }
}
