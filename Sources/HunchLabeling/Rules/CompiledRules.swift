/// What a library that was compiled from rule files hands over: the packs, and the text that they
/// were compiled from.
///
/// Only the source that Hunch adds to such a library makes one.
public struct CompiledRules: Sendable {
  /// The packs, in the order of their files and in these as written.
  package private(set) var packs: [RulePack]

  /// Takes the packs of a library and the texts of all of its files.
  public init(_ packs: [RulePack], sources: [(name: String, text: String)]) {
    self.packs = packs
    attach(sources)
  }

  /// The packs with the places of their rules as paths of the project.
  ///
  /// - Parameter path: The path of a file by its name.
  package func located(_ path: (_ file: Substring) -> String?) -> CompiledRules {
    func locate(_ place: inout RulePlace) {
      if let found = path(place.fileName) { place.fileID = found }
    }
    var result = self
    for pack in result.packs.indices {
      for index in result.packs[pack].functions.indices {
        result.packs[pack].functions[index].forEachPlace(locate)
      }
      for index in result.packs[pack].slices.indices {
        result.packs[pack].slices[index].forEachPlace(locate)
      }
    }
    result.attach(packs.first?.sources?.files ?? [])
    return result
  }

  private mutating func attach(_ files: [(name: String, text: String)]) {
    let sources = RuleSources(
      files: files, places: Set(packs.flatMap { $0.definitions.map(\.place) }))
    for index in packs.indices { packs[index].sources = sources }
  }
}

/// The text that rules were compiled from.
package struct RuleSources: Sendable {
  /// All files of the library, by names without folders, which differ.
  package var files: [(name: String, text: String)]
  /// Where rules are declared, those of all packs.
  package var places: Set<RulePlace>
}
