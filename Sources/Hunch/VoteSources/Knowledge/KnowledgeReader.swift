import Foundation
import GRDB
import HunchLabeling

/// Reads the tables of a knowledge base, row by row.
struct KnowledgeReader {
  private let configuration: KnowledgeConfiguration
  private let project: Project
  private let options: SessionOptions

  init(_ configuration: KnowledgeConfiguration, _ project: Project, _ options: SessionOptions) {
    (self.configuration, self.project, self.options) = (configuration, project, options)
  }

  /// The files, each once.
  var paths: [String] {
    var paths: [String] = []
    for path in configuration.paths.map(project.resolve) where !paths.contains(path) {
      paths.append(path)
    }
    return paths
  }

  /// The first table, for messages.
  var source: String { Self.title(configuration.source) }

  /// All that the configuration says of the base, apart from its name.
  var description: String {
    var hash = ContentHash("knowledge-configuration-1")
    func add(_ texts: [String?]) {
      hash.add(texts.count)
      for text in texts {
        hash.add(text == nil ? 0 : 1)
        hash.add(text ?? "")
      }
    }
    func add(_ source: KnowledgeConfiguration.Source) {
      switch source {
      case .file(let path): add(["file", path])
      case .sqlite(let path, let table): add(["sqlite", path, table])
      }
    }
    func add(_ names: [KnowledgeConfiguration.Names]) {
      add(names.flatMap { [$0.column, $0.separator] })
    }
    add(configuration.source)
    add([configuration.key])
    add(names)
    hash.add(configuration.joins.count)
    for join in configuration.joins {
      add(join.source)
      add([join.key, join.on, join.prefix])
      add(join.names)
      add(join.columns.map { ["columns"] + $0 } ?? [])
    }
    return hash.finish()
  }

  private var names: [KnowledgeConfiguration.Names] {
    configuration.names ?? [.init(column: configuration.key)]
  }

  /// Reads and joins the tables.
  ///
  /// - Parameter isHeard: Whether to tell of every few thousand rows.
  /// - Complexity: O(bytes); holds one row beside the base.
  func read(isHeard: Bool = false) throws -> KnowledgeBase {
    do {
      var builder: KnowledgeBuilder?
      let first = TableLayout(
        source: source, key: configuration.key, names: names.map(Self.column))
      try readTable(configuration.source, isHeard) { columns in
        builder = try KnowledgeBuilder(name: configuration.name, columns: columns, layout: first)
      } row: {
        try builder?.add($0)
      }
      for join in configuration.joins {
        let layout = TableLayout(
          source: Self.title(join.source), key: join.key, names: join.names.map(Self.column),
          on: join.on, columns: join.columns, prefix: join.prefix)
        try readTable(join.source, isHeard) { columns in
          try builder?.beginJoin(columns: columns, layout: layout)
        } row: {
          try builder?.add($0)
        }
      }
      guard let base = try builder?.finish() else { throw HunchError.noFunctions }
      return base
    } catch let error as KnowledgeError {
      // Both kinds of error begin with the base's name.
      let problem = "\(error)".trimmingPrefix("knowledge base '\(configuration.name)': ")
      throw HunchError.knowledge(name: configuration.name, problem: String(problem))
    }
  }

  private static func column(_ names: KnowledgeConfiguration.Names) -> NameColumn {
    NameColumn(names.column, separator: names.separator)
  }

  private static func title(_ source: KnowledgeConfiguration.Source) -> String {
    switch source {
    case .file(let path): (path as NSString).lastPathComponent
    case .sqlite(let path, let table): (path as NSString).lastPathComponent + ", table " + table
    }
  }

  private func readTable(
    _ source: KnowledgeConfiguration.Source, _ isHeard: Bool,
    columns: ([String]) throws -> Void, row: ([String?]) throws -> Void
  ) throws {
    var count = 0
    func take(_ cells: [String?]) throws {
      try row(cells)
      count += 1
      if count & 0xFFF == 0 {
        if isHeard { options.progress.advance(0x1000) }
        try options.cancellation.check()
      }
    }
    switch source {
    case .file(let path):
      let reader = try TableReader(path: project.resolve(path))
      try columns(reader.columns)
      while let row = try reader.next() { try take(row.values) }
    case .sqlite(let path, let table):
      try readSQLite(project.resolve(path), table, columns: columns, row: take)
    }
  }

  private func readSQLite(
    _ path: String, _ table: String, columns: ([String]) throws -> Void,
    row: ([String?]) throws -> Void
  ) throws {
    var settings = GRDB.Configuration()
    settings.readonly = true
    settings.busyMode = .timeout(5)
    do {
      try DatabaseQueue(path: path, configuration: settings).read { db in
        let statement = try db.makeStatement(sql: "SELECT * FROM \(SQLName.quoted(table))")
        let names = Array(statement.columnNames)
        try columns(names)
        let cursor = try Row.fetchCursor(statement)
        while let cells = try cursor.next() { try row(names.indices.map { Self.text(cells[$0]) }) }
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw HunchError.knowledgeBusy(path: path)
    } catch let error as DatabaseError {
      throw HunchError.knowledge(
        name: configuration.name, problem: "\(path): \(Corpus.problem(error))")
    }
  }

  private static func text(_ value: DatabaseValue) -> String? {
    switch value.storage {
    case .null, .blob: nil
    case .int64(let value): String(value)
    case .double(let value): String(value)
    case .string(let value): value
    }
  }
}
