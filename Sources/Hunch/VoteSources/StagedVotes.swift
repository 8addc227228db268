import GRDB
import HunchLabeling
import Synchronization

/// The votes of a file, staged by id in a temporary database, so that chunks can be answered in
/// any order and in constant memory.
final class StagedVotes: Sendable {
  let source: any VoteSource
  private let database: DatabaseQueue
  private let rows: Int
  private let asked = Mutex((documents: 0, matched: 0))

  /// Reads the whole file and compares its ids with those of the corpus.
  ///
  /// - Throws: What ``VoteSource/read(labels:models:_:)`` throws;
  ///   ``HunchError/voteIDs(path:problem:)`` where no row names a document, or where it is not clear
  ///   which.
  init(
    _ source: any VoteSource, labels: [String], models: ModelStore, corpus: Corpus
  ) throws {
    self.source = source
    database = try DatabaseQueue(path: "")
    let staged = try database.write { db in
      try db.execute(
        sql: """
          CREATE TABLE votes(
            id TEXT PRIMARY KEY, plain TEXT, votes BLOB NOT NULL, rows INTEGER NOT NULL)
          WITHOUT ROWID
          """)
      let insert = try db.makeStatement(sql: "INSERT OR IGNORE INTO votes VALUES (?, ?, ?, ?)")
      var (count, first, isRespelt) = (0, String?.none, false)
      try source.read(labels: labels, models: models) { id, votes, rows in
        var bytes: [UInt8] = []
        for vote in votes {
          bytes.append(UInt8(truncatingIfNeeded: vote))
          bytes.append(UInt8(truncatingIfNeeded: vote >> 8))
        }
        // Another spelling that the corpus may have in its place.
        let plain = DocumentID.plain(id)
        isRespelt = isRespelt || plain != nil
        first = first ?? id
        try insert.execute(arguments: [id, plain, bytes.databaseBytes, rows])
        count += rows
        return db.changesCount > 0
      }
      return (count, first, isRespelt)
    }
    rows = staged.0
    if let first = staged.1 { try match(corpus, first: first, isRespelt: staged.2) }
  }

  /// Finds out whether the file's ids are the corpus's, as they are written or without a fraction
  /// of zero and blanks.
  private func match(_ corpus: Corpus, first: String, isRespelt: Bool) throws {
    var (known, exact, plain) = (String?.none, String?.none, String?.none)
    var isFound = false
    try database.write { db in
      if isRespelt { try db.execute(sql: "CREATE INDEX spellings ON votes(plain)") }
      let same = try db.makeStatement(sql: "SELECT plain IS NOT NULL FROM votes WHERE id = ?")
      let respelt = try db.makeStatement(sql: "SELECT id FROM votes WHERE plain = ?")
      try corpus.forEachID { id in
        known = known ?? id
        if let hasPlain = try Bool.fetchOne(same, arguments: [id]) {
          isFound = true
          if hasPlain { exact = id }
        }
        // Nearly always the first document tells all that there is to know.
        guard isRespelt else { return !isFound }
        plain = try String.fetchOne(respelt, arguments: [id]) ?? plain
        return exact == nil || plain == nil
      }
      guard let plain else { return }
      if let exact {
        throw HunchError.voteIDs(
          path: source.path,
          problem: "the ids '\(exact)' and '\(plain)' cannot be told from '\(plain.trimmed)' of "
            + "the corpus: it has ids written with and without a fraction")
      }
      if let twice = try Row.fetchOne(
        db,
        sql: """
          SELECT min(id), max(id) FROM votes GROUP BY ifnull(plain, id) HAVING count(*) > 1
          """)
      {
        let (one, other): (String, String) = (twice[0], twice[1])
        throw HunchError.voteIDs(
          path: source.path, problem: "the ids '\(one)' and '\(other)' are the same document")
      }
      try db.execute(sql: "UPDATE votes SET id = plain WHERE plain NOT NULL")
      isFound = true
    }
    guard let known, !isFound else { return }
    throw HunchError.voteIDs(
      path: source.path,
      problem: "no row names a document of the corpus: the first id is "
        + "\(ClassNames.shown(first)), and ids of the corpus are such as "
        + ClassNames.shown(known))
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
