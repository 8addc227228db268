import Yams

extension ConfigurationReader {
  func knowledge(_ node: Node) throws(HunchError) -> [KnowledgeConfiguration] {
    guard case .mapping(let mapping) = node else {
      throw invalid(node, "knowledge", "names with '{ path: FILE, key: COLUMN }'")
    }
    return try mapping.map { name, value throws(HunchError) in
      try base(try string(name, "knowledge"), value)
    }
  }

  private func base(_ name: String, _ node: Node) throws(HunchError) -> KnowledgeConfiguration {
    let section = "knowledge: \(name)"
    let keys = try self.section(node, section, ["path", "sqlite", "table", "key", "names", "join"])
    var base = KnowledgeConfiguration(
      name: name, source: try source(keys, node, section), key: try key(keys, node, section))
    if let node = keys["names"] { base.names = try names(node) }
    if let joins = keys["join"] {
      for item in try items(joins, "join", "a list of '{ path: FILE, key: COLUMN }'") {
        base.joins.append(try join(item, "\(section): join"))
      }
    }
    return base
  }

  private func join(
    _ node: Node, _ section: String
  ) throws(HunchError) -> KnowledgeConfiguration.Join {
    let keys = try self.section(
      node, section, ["path", "sqlite", "table", "key", "on", "names", "columns", "prefix"])
    var join = KnowledgeConfiguration.Join(
      source: try source(keys, node, section), key: try key(keys, node, section))
    join.on = try string(keys, "on")
    if let node = keys["names"] { join.names = try names(node) }
    if let node = keys["columns"] {
      join.columns = try items(node, "columns", "a list of columns").map {
        (item) throws(HunchError) in try string(item, "columns")
      }
    }
    if let prefix = try string(keys, "prefix") { join.prefix = prefix }
    return join
  }

  private func key(
    _ keys: [String: Node], _ node: Node, _ section: String
  ) throws(HunchError) -> String {
    if let key = try string(keys, "key") { return key }
    throw invalid(node, section, "given a 'key' column")
  }

  private func source(
    _ keys: [String: Node], _ node: Node, _ section: String
  ) throws(HunchError) -> KnowledgeConfiguration.Source {
    switch (try string(keys, "path"), try string(keys, "sqlite"), try string(keys, "table")) {
    case (let file?, nil, nil): return .file(file)
    case (nil, let path?, let table?): return .sqlite(path: path, table: table)
    default: throw invalid(node, section, "given a 'path', or 'sqlite' and 'table'")
    }
  }

  private func names(_ node: Node) throws(HunchError) -> [KnowledgeConfiguration.Names] {
    let expected = "a list of columns or of '{ column: COLUMN, separator: TEXT }'"
    return try items(node, "names", expected, atLeast: 1).map { item throws(HunchError) in
      guard case .mapping = item else { return .init(column: try string(item, "names")) }
      let keys = try section(item, "names", ["column", "separator"])
      guard let column = keys["column"] else { throw invalid(item, "names", expected) }
      let separator = try string(keys, "separator")
      if let node = keys["separator"], separator == "" {
        throw invalid(node, "separator", "what stands between names, such as '|'")
      }
      return .init(column: try string(column, "column"), separator: separator)
    }
  }
}
