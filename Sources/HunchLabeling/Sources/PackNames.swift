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
    guard let source = SwiftTokens(source) else { return [] }
    /// Whether a type or a call begins with the name of the type.
    func isPack(_ index: Int) -> Bool {
      source.text(index) == "RulePack"
        || source.text(index) == "HunchLabeling" && source.text(index + 2) == "RulePack"
    }
    var names: [String] = []
    var isHidden = false
    for index in source.outer(0..<source.tokens.count) {
      switch source.text(index) {
      case "private", "fileprivate": isHidden = true
      case "let", "var":
        if !isHidden, [":", "="].contains(source.text(index + 2)), isPack(index + 3) {
          names.append(source.text(index + 1))
        }
        isHidden = false
      case "func", "struct", "enum", "class", "actor", "extension", "typealias", "protocol":
        isHidden = false
      default: break
      }
    }
    return names
  }
}
