/// What to press for each class.
///
/// Up to 32 classes have one key: the first free letter of their name, else a free digit or letter.
/// More classes have numbers of two digits, and beyond a hundred of them codes of as many keys as it
/// takes. All codes are of one length, so no code begins another.
package struct LabelKeys: Sendable {
  /// Keys that mean something else: skip, undo, quit, votes.
  static let reserved: Set<Character> = ["s", "u", "q", "v"]

  private static let digits = Array("1234567890")
  private static let letters = Array("abcdefghijklmnopqrstuvwxyz").filter { !reserved.contains($0) }

  /// The code of each class, in their order.
  package let codes: [String]
  /// The keys of each code.
  package let length: Int

  /// Chooses the keys of some classes.
  package init(classes: [String]) {
    let alphabet = Self.digits + Self.letters
    if classes.count <= alphabet.count {
      length = 1
      var free = alphabet
      codes = classes.map { name in
        let own = name.lowercased().first { Self.letters.contains($0) && free.contains($0) }
        let key = own ?? free[0]
        free.removeAll { $0 == key }
        return String(key)
      }
      return
    }
    let symbols = classes.count <= 100 ? Array("0123456789") : alphabet
    var (length, reach) = (1, symbols.count)
    while reach < classes.count { (length, reach) = (length + 1, reach * symbols.count) }
    self.length = length
    codes = classes.indices.map { index in
      var (rest, code) = (index, "")
      for _ in 0..<length {
        code = String(symbols[rest % symbols.count]) + code
        rest /= symbols.count
      }
      return code
    }
  }

  /// The class of a code.
  func index(of code: String) -> Int? { codes.firstIndex(of: code) }

  /// Whether some code begins so.
  func isBeginning(_ keys: String) -> Bool { codes.contains { $0.hasPrefix(keys) } }
}
