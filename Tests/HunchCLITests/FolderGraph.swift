import Foundation

/// Which folder of a module uses types of which other, by the names that files mention.
struct FolderGraph {
  /// The folders that each uses.
  private(set) var uses: [String: Set<String>] = [:]
  /// The folders in which a type is declared or extended, where there is more than one.
  private(set) var homes: [String: Set<String>] = [:]

  /// - Parameter files: Paths within the module, with their text.
  init(_ files: [(path: String, text: String)]) {
    let bare = files.map { file in
      (
        folder: file.path.contains("/") ? String(file.path.prefix { $0 != "/" }) : ".",
        text: Self.withoutTextAndComments(file.text)
      )
    }
    var home: [Substring: String] = [:]
    for (folder, text) in bare {
      for match in text.matches(of: Self.declaration) { home[match.2] = folder }
    }
    for (folder, text) in bare {
      for match in text.matches(of: Self.extended) {
        if let own = home[match.1] { homes[String(match.1), default: [own]].insert(folder) }
      }
      let own = Set(text.matches(of: Self.declaration).map(\.2))
        .union(text.matches(of: Self.hidden).map(\.1))
      uses[folder, default: []].formUnion(
        text.matches(of: /\b[A-Z]\w*/).map(\.output).filter { !own.contains($0) }
          .compactMap { home[$0] }.filter { $0 != folder })
    }
    homes = homes.filter { $0.value.count > 1 }
  }

  /// The folders that lead to each other, in groups of two or more.
  var circles: [Set<String>] {
    let reached = uses.keys.reduce(into: [:]) { $0[$1] = reachable(from: $1) }
    return Set(
      uses.keys.map { folder in
        reached[folder, default: []].filter { reached[$0, default: []].contains(folder) }
      }
    ).filter { $0.count > 1 }
  }

  private func reachable(from folder: String) -> Set<String> {
    var found: Set<String> = []
    var open = [folder]
    while let next = open.popLast() {
      for other in uses[next, default: []] where found.insert(other).inserted { open.append(other) }
    }
    return found
  }

  private static var declaration: Regex<(Substring, Substring?, Substring)> {
    /^(?:@\w+(?:\([^)]*\))? )*(public |package )?(?:final |indirect )*(?:struct|class|enum|actor|protocol|typealias) ([A-Z]\w*)/
      .anchorsMatchLineEndings()
  }
  private static var hidden: Regex<(Substring, Substring)> {
    /^ *(?:private|fileprivate) (?:final )?(?:struct|class|enum|actor|protocol|typealias) ([A-Z]\w*)/
      .anchorsMatchLineEndings()
  }
  private static var extended: Regex<(Substring, Substring)> {
    /^(?:public |package )?extension ([A-Z]\w*)/.anchorsMatchLineEndings()
  }

  private static func withoutTextAndComments(_ text: String) -> String {
    text.replacing(/"""(?:.|\n)*?"""/, with: "").replacing(/\/\/[^\n]*/, with: "")
  }
}
