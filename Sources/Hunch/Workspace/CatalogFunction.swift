/// A labeling function of a project, wherever its votes come from.
struct CatalogFunction: Sendable {
  enum Origin: Sendable, Equatable {
    /// The rule at this place of the pack; slices count on behind the functions.
    case rule(Int)
    /// The column of a votes file: index of the file, index among its functions.
    case file(Int, column: Int)
  }

  var name: String
  var kind: String
  var summary: String?
  var origin: Origin
  var aspect: ChunkAspect
  var fingerprint: String
  /// What the fingerprint is made of.
  var parts: FunctionParts
  /// The question that it asks a language model, by its place among all of them.
  var prompt: Int?
  /// The class that it votes for where no other function votes; nil for any other kind.
  var otherwise: Int16?
}

/// What a function's votes depend on, each part by its hash, to say later which of them changed.
struct FunctionParts: Sendable, Equatable {
  /// Such as `definition` or `knowledge base 'artists'`.
  private(set) var hashes: [String: String] = [:]

  mutating func add(_ part: String, _ text: String) {
    var hash = ContentHash("part-1")
    hash.add(text)
    hashes[part] = String(hash.finish().prefix(16))
  }

  var encoded: String {
    hashes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: "\n")
  }

  /// The parts that are not the same in an encoded description, sorted.
  func differences(from encoded: String) -> [String] {
    var others: [String: String] = [:]
    for line in encoded.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2 { others[String(words[1])] = String(words[0]) }
    }
    return Set(hashes.keys).union(others.keys).filter { hashes[$0] != others[$0] }.sorted()
  }
}
