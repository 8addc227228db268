import Foundation
import HunchLabeling

/// Loads the external knowledge bases that rules look into.
///
/// What was compiled stands beside the workspace and is used again as long as the sources and what
/// `hunch.yaml` says of them are the same. Sources that nobody has written since are not read to
/// find that out.
struct KnowledgeSource: Sendable {
  let project: Project
  let options: SessionOptions

  /// The bases that a pack uses, loaded, by name.
  ///
  /// - Throws: ``HunchError/knowledge(name:problem:)`` when a base is not configured or cannot be
  ///   read, ``HunchError/interrupted``.
  func load() throws -> [String: KnowledgeBase] {
    let pack = project.pack
    let used = Set(pack?.definitions.indices.flatMap { pack?.knowledgeBases(of: $0) ?? [] } ?? [])
    var bases: [String: KnowledgeBase] = [:]
    var store = try CompiledKnowledge(workspace: project.workspacePath)
    for configuration in project.configuration.knowledge where used.contains(configuration.name) {
      bases[configuration.name] = try load(configuration, &store)
    }
    store.removeOthers()
    return bases
  }

  /// A base that the configuration names, loaded.
  ///
  /// - Throws: As ``load()``.
  func load(named name: String) throws -> KnowledgeBase {
    guard let configuration = project.configuration.knowledge.first(where: { $0.name == name })
    else { throw HunchError.knowledge(name: name, problem: "hunch.yaml does not name it") }
    var store = try CompiledKnowledge(workspace: project.workspacePath)
    return try load(configuration, &store)
  }

  /// What stands for the content of a base in fingerprints.
  static func identity(of base: KnowledgeBase) -> String {
    if let identity = base.identity { return identity }
    var hash = ContentHash("knowledge-2")
    base.hash { hash.add($0) }
    return hash.finish()
  }

  private func load(
    _ configuration: KnowledgeConfiguration, _ store: inout CompiledKnowledge
  ) throws -> KnowledgeBase {
    let reader = KnowledgeReader(configuration, project, options)
    var bytes = 0
    for path in reader.paths {
      guard let status = FileStatus(path: path) else { throw HunchError.inputMissing(path: path) }
      bytes += status.size
    }
    if bytes < options.compiledKnowledgeBytes { return try reader.read() }
    let sources = SourceFiles(reader.paths, now: options.now())
    let description = reader.description
    let key = try store.key(configuration.name, description, sources)
    let (name, source) = (configuration.name, reader.source)
    if let base = store.base(key, name: name, source: source) {
      let names = base.identity.map { NamesFile(key: key, base: base, identity: $0, store) }
      if let names { return try loaded(base, names, &store) }
    }
    options.progress.begin("knowledge base '\(name)'", unit: "rows")
    let read: KnowledgeBase
    do {
      defer { options.progress.end() }
      read = try reader.read(isHeard: true)
    }
    let identity = Self.identity(of: read)
    let isStable = sources.areUnchanged
    if isStable { store.write(read, identity: identity, key: key) }
    let names = NamesFile(key: isStable ? key : nil, base: read, identity: identity, store)
    return try loaded(read, names, &store)
  }

  /// The base with the indexes of its names, compiled now if they are not there.
  private func loaded(
    _ base: KnowledgeBase, _ names: NamesFile, _ store: inout CompiledKnowledge
  ) throws -> KnowledgeBase {
    for options in project.pack?.nameOptions(of: base.name) ?? [] {
      store.uses(names.path(options))
      if names.exists(options) { continue }
      self.options.progress.begin("names of knowledge base '\(base.name)'", unit: "rows")
      defer { self.options.progress.end() }
      let cancellation = self.options.cancellation
      names.keep(try base.makeNames(for: options) { try cancellation.check() })
    }
    return base.with(identity: names.identity) { names.index($0) }
  }
}
