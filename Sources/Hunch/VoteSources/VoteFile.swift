import Foundation
import GRDB
import HunchLabeling
import Synchronization

/// A file of votes made elsewhere: header `id,<function>,…`, one row per document.
///
/// Documents that the file does not name are abstained on; rows that name no document are counted.
struct VoteFile: VoteSource {
  let path: String
  /// The functions, one per column beside `id`.
  let functions: [SourceFunction]
  /// The hash of the file's bytes.
  let content: String

  /// Reads the header and hashes the file.
  init(path: String) throws {
    self.path = path
    let reader = try TableReader(path: path)
    guard reader.columns.contains("id") else {
      throw HunchError.votesHeader(path: path, problem: "the header has no column 'id'")
    }
    functions = reader.columns.filter { $0 != "id" }.map {
      SourceFunction(name: $0, kind: "votes-file", place: $0)
    }
    if functions.isEmpty {
      throw HunchError.votesHeader(
        path: path, problem: "the header names no function beside 'id'")
    }
    content = try ContentHash.file(path)
  }
}

extension VoteFile {
  var version: String { "votes-file-1" }

  var parts: [(name: String, text: String)] { [("votes file", content)] }

  /// Reads the whole file.
  ///
  /// - Throws: ``HunchError`` for a cell that is no class or a second row for an id;
  ///   ``TableError`` for a malformed row.
  func read(
    labels: [String], models: ModelStore,
    _ take: (_ id: String, _ votes: [Int16], _ rows: Int) throws -> Bool
  ) throws {
    let reader = try TableReader(path: path)
    let idColumn = reader.columns.firstIndex(of: "id") ?? 0
    let voteColumns = reader.columns.indices.filter { $0 != idColumn }
    let parser = VoteParser(labels: labels)
    while let row = try reader.next() {
      var votes: [Int16] = []
      for column in voteColumns {
        guard let vote = parser.vote(row.values[column]) else {
          throw HunchError.badVote(
            path: path, line: row.line, column: reader.columns[column], labels: labels)
        }
        votes.append(vote)
      }
      if try !take(row.values[idColumn] ?? "", votes, 1) {
        throw HunchError.duplicateVote(path: path, line: row.line)
      }
    }
  }
}

/// The votes of a file, staged by id in a temporary database, so that chunks can be answered in
/// any order and in constant memory.
final class StagedVotes: Sendable {
  let source: any VoteSource
  private let database: DatabaseQueue
  private let rows: Int
  private let asked = Mutex((documents: 0, matched: 0))

  /// Reads the whole file.
  ///
  /// - Throws: What ``VoteSource/read(labels:models:_:)`` throws.
  init(_ source: any VoteSource, labels: [String], models: ModelStore) throws {
    self.source = source
    database = try DatabaseQueue(path: "")
    rows = try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE votes(id TEXT PRIMARY KEY, votes BLOB NOT NULL, rows INTEGER NOT NULL)
          WITHOUT ROWID
          """)
      let insert = try db.makeStatement(sql: "INSERT OR IGNORE INTO votes VALUES (?, ?, ?)")
      var count = 0
      try source.read(labels: labels, models: models) { id, votes, rows in
        var bytes: [UInt8] = []
        for vote in votes {
          bytes.append(UInt8(truncatingIfNeeded: vote))
          bytes.append(UInt8(truncatingIfNeeded: vote >> 8))
        }
        try insert.execute(arguments: [id, bytes.databaseBytes, rows])
        count += rows
        return db.changesCount > 0
      }
      return count
    }
  }

  /// The votes on a run of documents: one column per function of the file.
  func columns(for ids: DocumentIDs) throws -> [[Int16]] {
    var columns = [[Int16]](
      repeating: [Int16](repeating: -1, count: ids.count), count: source.functions.count)
    let found = try database.read { db in
      let select = try db.cachedStatement(sql: "SELECT votes, rows FROM votes WHERE id = ?")
      var found = 0
      for (document, id) in ids.enumerated() {
        guard let row = try Row.fetchOne(select, arguments: [id.description]),
          let bytes = DatabaseBytes.fromDatabaseValue(row[0])?.bytes
        else { continue }
        found += row[1]
        for column in columns.indices {
          let low = UInt16(bytes[2 * column])
          let high = UInt16(bytes[2 * column + 1])
          columns[column][document] = Int16(bitPattern: low | high << 8)
        }
      }
      return found
    }
    asked.withLock { $0 = ($0.documents + ids.count, $0.matched + found) }
    return columns
  }

  /// The rows that name no document of the corpus.
  ///
  /// - Parameter corpus: Read again where some of its documents were not asked for, since their
  ///   votes were stored already.
  func unmatchedRows(in corpus: Corpus, documents: Int) throws -> Int {
    if asked.withLock({ $0.documents }) != documents {
      asked.withLock { $0 = (0, 0) }
      try corpus.withChunks(wantsTexts: false) { reader in
        while let chunk = try reader.next() { _ = try columns(for: chunk.ids) }
      }
    }
    return rows - asked.withLock { $0.matched }
  }
}

/// Reads the cells of vote files.
struct VoteParser {
  private let indices: [String: Int16]
  private let classCount: Int

  init(labels: [String]) {
    var indices: [String: Int16] = [:]
    for (index, label) in labels.enumerated() { indices[label] = Int16(index) }
    self.indices = indices
    classCount = labels.count
  }

  /// The class index, -1 for an empty cell or `-1`, `nil` for anything else that is no class.
  func vote(_ cell: String?) -> Int16? {
    guard let cell, !cell.isEmpty else { return -1 }
    if let index = indices[cell] { return index }
    guard let number = Int16(cell), number >= -1, number < classCount else { return nil }
    return number
  }
}

extension ContentHash {
  /// The hash of a file's bytes, read in blocks.
  static func file(_ path: String) throws(HunchError) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      guard FileManager.default.fileExists(atPath: path) else { throw .inputMissing(path: path) }
      throw .unreadable(path: path, problem: "it cannot be opened for reading")
    }
    defer { try? handle.close() }
    var digest = SHA256Digest()
    do {
      while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
        digest.update(block)
      }
    } catch {
      throw .unreadable(path: path, problem: error.localizedDescription)
    }
    return digest.finish().map { String($0, radix: 16) }.joined(separator: ".")
  }
}
