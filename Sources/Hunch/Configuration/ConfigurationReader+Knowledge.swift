import Yams

extension ConfigurationReader {
  func knowledge(_ node: Node) throws(HunchError) -> [KnowledgeConfiguration] {
    guard case .mapping(let mapping) = node else {
      throw invalid(node, "knowledge", "names with '{ path: FILE, key: COLUMN }'")
    }
    var bases: [KnowledgeConfiguration] = []
    for (nameNode, value) in mapping {
      let name = try string(nameNode, "knowledge")
      bases.append(try base(name, value))
    }
    return bases
  }

  private func base(_ name: String, _ node: Node) throws(HunchError) -> KnowledgeConfiguration {
    let section = "knowledge: \(name)"
    let keys = try self.section(node, section, ["path", "sqlite", "table", "key", "names", "join"])
    var base = KnowledgeConfiguration(
      name: name, source: try source(keys, node, section), key: try key(keys, node, section))
    base.names = try keys["names"].map { node throws(HunchError) in try names(node) }
    if let joins = keys["join"] {
      guard case .sequence(let items) = joins else {
        throw invalid(joins, "join", "a list of '{ path: FILE, key: COLUMN }'")
      }
      for item in items { base.joins.append(try join(item, "\(section): join")) }
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
    join.on = try keys["on"].map { node throws(HunchError) in try string(node, "on") }
    if let node = keys["names"] { join.names = try names(node) }
    if let node = keys["columns"] {
      guard case .sequence(let items) = node else {
        throw invalid(node, "columns", "a list of columns")
      }
      join.columns = []
      for item in items { join.columns?.append(try string(item, "columns")) }
    }
    if let node = keys["prefix"] { join.prefix = try string(node, "prefix") }
    return join
  }

  private func key(
    _ keys: [String: Node], _ node: Node, _ section: String
  ) throws(HunchError) -> String {
    guard let key = keys["key"] else { throw invalid(node, section, "given a 'key' column") }
    return try string(key, "key")
  }

  private func source(
    _ keys: [String: Node], _ node: Node, _ section: String
  ) throws(HunchError) -> KnowledgeConfiguration.Source {
    var texts: [String: String] = [:]
    for key in ["path", "sqlite", "table"] {
      if let value = keys[key] { texts[key] = try string(value, key) }
    }
    switch (texts["path"], texts["sqlite"], texts["table"]) {
    case (let file?, nil, nil): return .file(file)
    case (nil, let path?, let table?): return .sqlite(path: path, table: table)
    default: throw invalid(node, section, "given a 'path', or 'sqlite' and 'table'")
    }
  }

  private func names(_ node: Node) throws(HunchError) -> [KnowledgeConfiguration.Names] {
    let expected = "a list of columns or of '{ column: COLUMN, separator: TEXT }'"
    guard case .sequence(let items) = node, !items.isEmpty else {
      throw invalid(node, "names", expected)
    }
    var names: [KnowledgeConfiguration.Names] = []
    for item in items {
      guard case .mapping = item else {
        names.append(.init(column: try string(item, "names")))
        continue
      }
      let keys = try section(item, "names", ["column", "separator"])
      guard let column = keys["column"] else { throw invalid(item, "names", expected) }
      let separator = try keys["separator"].map { node throws(HunchError) in
        try string(node, "separator")
      }
      if let node = keys["separator"], separator == "" {
        throw invalid(node, "separator", "what stands between names, such as '|'")
      }
      names.append(.init(column: try string(column, "column"), separator: separator))
    }
    return names
  }
}
