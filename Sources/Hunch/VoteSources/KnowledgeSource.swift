import Foundation
import GRDB
import HunchLabeling

/// Loads the external knowledge bases that rules look into.
struct KnowledgeSource: Sendable {
  let project: Project

  /// The bases that a pack uses, loaded, by name.
  ///
  /// - Throws: ``HunchError/knowledge(name:problem:)`` when a base is not configured or cannot be
  ///   read.
  func load() throws -> [String: KnowledgeBase] {
    guard let pack = project.pack else { return [:] }
    let used = Set(pack.definitions.indices.flatMap { pack.knowledgeBases(of: $0) })
    var bases: [String: KnowledgeBase] = [:]
    for configuration in project.configuration.knowledge where used.contains(configuration.name) {
      bases[configuration.name] = try load(configuration)
    }
    return bases
  }

  private func load(_ configuration: KnowledgeConfiguration) throws -> KnowledgeBase {
    do {
      let (source, columns, rows) =
        switch configuration.source {
        case .file(let path): try readFile(project.resolve(path), configuration.name)
        case .sqlite(let path, let table):
          try readTable(project.resolve(path), table, configuration.name)
        }
      return try KnowledgeBase(
        name: configuration.name, source: source, columns: columns, key: configuration.key,
        rows: rows)
    } catch let error as KnowledgeError {
      // Both kinds of error begin with the base's name.
      let problem = "\(error)".trimmingPrefix("knowledge base '\(configuration.name)': ")
      throw HunchError.knowledge(name: configuration.name, problem: String(problem))
    }
  }

  private typealias Content = (source: String, columns: [String], rows: [[String]])

  private func readFile(_ path: String, _ name: String) throws -> Content {
    let reader = try TableReader(path: path)
    var rows: [[String]] = []
    while let row = try reader.next() { rows.append(row.values.map { $0 ?? "" }) }
    return ((path as NSString).lastPathComponent, reader.columns, rows)
  }

  private func readTable(_ path: String, _ table: String, _ name: String) throws -> Content {
    guard FileManager.default.fileExists(atPath: path) else {
      throw HunchError.inputMissing(path: path)
    }
    var settings = GRDB.Configuration()
    settings.readonly = true
    do {
      return try DatabaseQueue(path: path, configuration: settings).read { db in
        let statement = try db.makeStatement(sql: "SELECT * FROM \(SQLName.quoted(table))")
        let columns = Array(statement.columnNames)
        let cursor = try Row.fetchCursor(statement)
        var rows: [[String]] = []
        while let row = try cursor.next() {
          rows.append(columns.indices.map { Self.text(row[$0]) })
        }
        return ((path as NSString).lastPathComponent + ", table " + table, columns, rows)
      }
    } catch let error as DatabaseError {
      throw HunchError.knowledge(name: name, problem: "\(path): \(Corpus.problem(error))")
    }
  }

  private static func text(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .null, .blob: ""
    case .int64(let value): String(value)
    case .double(let value): String(value)
    case .string(let value): value
    }
  }
}
