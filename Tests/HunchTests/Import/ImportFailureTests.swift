import Foundation
import GRDB
import Hunch
import ProjectSupport
import Synchronization
import Testing

@Suite struct ImportFailureTests {
  /// A folder with a database that has a table `documents`.
  private func filled() throws -> (folder: Folder, bytes: [UInt8]) {
    let folder = try Folder()
    try folder.run([try folder.write("old.csv", "id,t\n1,a\n")])
    return (folder, try folder.bytes("corpus.sqlite"))
  }

  @Test func anExistingTableIsKept() throws {
    let (folder, bytes) = try filled()
    let path = try folder.write("a.csv", "id,t\n2,b\n")
    let failure = folder.failure([path]) { $0.table = "Documents" }
    #expect(failure == .tableExists(path: folder.database, table: "Documents"))
    #expect(failure?.status == .cannotCreate)
    #expect(try folder.bytes("corpus.sqlite") == bytes)
  }

  @Test func aViewIsNeverReplaced() throws {
    let (folder, _) = try filled()
    try DatabaseQueue(path: folder.database).write { db in
      try db.execute(sql: "CREATE VIEW v AS SELECT * FROM documents")
    }
    let bytes = try folder.bytes("corpus.sqlite")
    let failure = folder.failure([folder.path("old.csv")]) {
      $0.table = "v"
      $0.replace = true
    }
    #expect(failure == .viewExists(path: folder.database, view: "v"))
    #expect(try folder.bytes("corpus.sqlite") == bytes)
  }

  /// Progress that asks to stop as soon as a step of that name has begun.
  private func stopping(at name: String) -> (StepProgress, @Sendable () -> Bool) {
    let isStopped = Flag()
    let progress = StepProgress(
      onBegin: { step, _, _ in if step.contains(name) { isStopped.value.withLock { $0 = true } } },
      onAdvance: { _ in }, onEnd: {})
    return (progress, { isStopped.value.withLock { $0 } })
  }

  private final class Flag: Sendable {
    let value = Mutex(false)
  }

  @Test(arguments: ["a.csv", "b.csv", "write"])
  func anInterruptedImportChangesNothing(step: String) throws {
    let (folder, bytes) = try filled()
    let rows = (0..<20_000).map { "\($0),some text that takes room \($0)\n" }.joined()
    let main = try folder.write("a.csv", "id,t\n" + rows)
    let joined = try folder.write("b.csv", "id,u\n" + rows)
    let names = try folder.names
    let (progress, isCancelled) = stopping(at: step)
    for database in [folder.database, folder.path("new.sqlite")] {
      var request = ImportRequest(files: [main], database: database)
      request.joins = [.init(file: joined, key: "id")]
      request.replace = true
      request.rejected = folder.path("bad.csv")
      request.batchSize = 100
      #expect(throws: ImportError.interrupted) {
        try Importer(request).run(progress: progress, isCancelled: isCancelled)
      }
      #expect(try folder.names == names)
    }
    #expect(try folder.bytes("corpus.sqlite") == bytes)
  }

  @Test func aFailureInTheMiddleOfWritingRollsBack() throws {
    let (folder, _) = try filled()
    // Rows beyond SQLite's cache, so that changed pages reach the file before the import stops.
    let text = String(repeating: "x", count: 600)
    let rows = (0..<10_000).map { "\($0),\(text)\n" }.joined()
    let path = try folder.write("a.csv", "id,t\n" + rows)
    let bytes = try folder.bytes("corpus.sqlite")
    let names = try folder.names
    let calls = Mutex(0)
    var request = ImportRequest(files: [path], database: folder.database)
    request.replace = true
    request.batchSize = 100
    #expect(throws: ImportError.interrupted) {
      try Importer(request).run(isCancelled: {
        calls.withLock {
          $0 += 1
          return $0 > 190
        }
      })
    }
    #expect(try folder.bytes("corpus.sqlite") == bytes)
    #expect(try folder.names == names)
    #expect(try folder.rows() == [["1", "'a'"]])
  }

  @Test func aBusyDatabaseIsNamed() throws {
    let (folder, _) = try filled()
    var settings = GRDB.Configuration()
    settings.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.database, configuration: settings)
    try other.inDatabase { db in try db.execute(sql: "BEGIN EXCLUSIVE") }
    let failure = folder.failure([folder.path("old.csv")]) { $0.table = "t" }
    #expect(failure == .busy(path: folder.database))
    #expect(failure?.status == .busy)
    try other.inDatabase { db in try db.execute(sql: "ROLLBACK") }
  }

  @Test func inputsAreCheckedBeforeAnythingIsMade() throws {
    let folder = try Folder()
    let path = try folder.write("a.csv", "id,title,Title2\n1,x,y\n")
    let missing = folder.failure([path]) { $0.text = "titel" }
    #expect(
      missing
        == .table(.missingColumn(path: path, column: "titel", known: ["id", "title", "Title2"])))
    #expect(missing?.hint == "did you mean 'title'?")
    #expect(folder.failure([path]) { $0.id = "key" }?.status == .badData)
    #expect(folder.failure([]) == .noFiles)
    let none = folder.path("none.csv")
    #expect(folder.failure([none]) == .table(.missing(path: none)))
    #expect(folder.failure([none])?.status == .inputMissing)
    #expect(folder.failure([path]) { $0.table = "sqlite_x" }?.status == .usage)
    #expect(folder.failure([path]) { $0.table = "" }?.status == .usage)
    #expect(folder.failure([path]) { $0.rejected = path } == .samePath(path, path))
    #expect(folder.failure([path]) { $0.database = path } == .samePath(path, path))
    #expect(
      folder.failure([path]) { $0.database = folder.path("none/c.sqlite") }?.status
        == .cannotCreate)
    #expect(folder.failure([path]) { $0.database = folder.directory }?.status == .cannotCreate)
    let text = try folder.write("text.sqlite", String(repeating: "not a database ", count: 100))
    #expect(folder.failure([path]) { $0.database = text } == .notADatabase(path: text))
    #expect(try folder.names == ["a.csv", "text.sqlite"])
  }

  @Test func filesWithOtherColumnsAreRefused() throws {
    let folder = try Folder()
    let first = try folder.write("a.csv", "id,text\n1,x\n")
    let less = try folder.write("b.csv", "id,txt\n1,x\n")
    let failure = folder.failure([first, less])
    #expect(
      failure == .columnsDiffer(path: first, column: "txt", other: less, known: ["id", "text"]))
    #expect(failure?.hint == "did you mean 'text'?")
    let upper = try folder.write("c.csv", "id,Text\n1,x\n")
    #expect(
      folder.failure([first, upper])
        == .columnsDiffer(path: upper, column: "text", other: first, known: ["id", "Text"]))
    let clash = try folder.write("d.csv", "id,a,A\n1,x,y\n")
    #expect(folder.failure([clash]) == .columnsClash(path: clash, first: "a", second: "A"))
    let nul = try folder.write("e.jsonl", "{\"a\\u0000b\": 1}\n")
    #expect(folder.failure([nul])?.status == .usage)
    let wide = try folder.write(
      "f.csv", (0..<2_500).map { "c\($0)" }.joined(separator: ",") + "\n")
    #expect(folder.failure([wide]) == .tooManyColumns(count: 2_501, limit: 1_990))
  }

  @Test func invalidUTF8IsCounted() throws {
    let folder = try Folder()
    var bytes = Array("\u{FEFF}id,t\n1,ok\n2,".utf8)
    bytes += [0xE4, 0x0A]
    let report = try folder.run([try folder.write("a.csv", bytes)]) { $0.keepGoing = true }
    #expect(report.files.map(\.summary) == ["2 1 1, invalid UTF-8 1"])
    #expect(try folder.rows() == [["1", "'ok'"]])
  }

  @Test func wideTablesFit() throws {
    let folder = try Folder()
    let columns = (0..<1_900).map { "c\($0)" }.joined(separator: ",")
    let values = (0..<1_900).map { "\($0)" }.joined(separator: ",")
    let report = try folder.run([try folder.write("a.csv", "\(columns)\n\(values)\n")])
    #expect(report.columns.count == 1_901)
    #expect(try folder.query("SELECT c1899 FROM documents") == [["1899"]])
  }
}
