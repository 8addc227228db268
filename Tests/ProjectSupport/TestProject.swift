import Foundation
package import GRDB
package import Hunch
package import HunchLabeling

/// A project in a folder of its own, which goes away with it: the corpus `corpus.sqlite` with a table
/// `documents`, and `hunch.yaml`.
///
///     let project = try TestProject(
///       TestProject.configuration(labels: ["a", "b"], columns: [.gold, .split], votes: ["votes.csv"]),
///       documents: [TestDocument(1, "ripe plum", split: "test", gold: "a", votes: ["a", nil])],
///       functions: ["first", "second"])
///     let report = try project.pipeline().evaluate(split: .test)
///
/// A test of what a corpus may look like (types, views, names) writes its tables itself, with
/// ``execute(_:_:in:)``.
package final class TestProject: Folder, @unchecked Sendable {
  /// - Parameters:
  ///   - yaml: The text of `hunch.yaml`.
  ///   - documents: The documents of the corpus; there is none where this is empty.
  ///   - functions: The names of the functions whose votes go from the documents to `votes.csv`.
  package init(
    _ yaml: String = TestProject.yaml, documents: [TestDocument] = [], functions: [String] = []
  ) throws {
    try super.init()
    try write("hunch.yaml", yaml)
    if !documents.isEmpty { try makeCorpus(documents) }
    if !functions.isEmpty {
      let table = try TableWriter(path: path("votes.csv"), columns: ["id"] + functions)
      for document in documents {
        try table.write(([document.id] + document.votes).map { $0.map { .text($0) } ?? .null })
      }
      try table.finish()
    }
  }

  // MARK: - Configuration

  /// A column of the corpus that the configuration may name.
  package enum Column: String { case gold, split, use }

  /// The configuration that suits most tests: a pack and texts.
  package static let yaml = configuration()

  /// The text of a configuration.
  ///
  /// - Parameters:
  ///   - source: Where there are no `labels`, the line that names the rules.
  ///   - columns: The columns that the corpus has beside `id` and `text`.
  ///   - votes: Files with votes, or entries in braces.
  ///   - more: Further lines.
  package static func configuration(
    _ source: String = "pack: sample", labels: [String] = [], columns: [Column] = [],
    votes: [String] = [], more: String = ""
  ) -> String {
    var lines = [
      labels.isEmpty ? source : "labels: [\(labels.map(quoted).joined(separator: ", "))]",
      "corpus:", "  path: corpus.sqlite", "  table: documents", "  id: id", "  text: text",
    ]
    for column in columns {
      lines.append("  \(column == .use ? "gold_use" : column.rawValue): \(column.rawValue)")
    }
    if !votes.isEmpty {
      let entries = votes.map { $0.hasPrefix("{") ? $0 : "{ path: \($0) }" }
      lines.append("votes: [\(entries.joined(separator: ", "))]")
    }
    return (more.isEmpty ? lines : lines + [more]).joined(separator: "\n")
  }

  private static func quoted(_ label: String) -> String {
    label.wholeMatch(of: /\w+/) == nil ? "'\(label.replacing("'", with: "''"))'" : label
  }

  // MARK: - Corpus

  /// Makes a table `documents` with all columns of ``TestDocument`` and those that the first document
  /// has more; its id says whether ids are whole numbers.
  package func makeCorpus(_ documents: some Collection<TestDocument>) throws {
    guard let first = documents.first else { return }
    let more = first.more.keys.sorted().map { ", \"\($0)\"" }.joined()
    try execute(
      """
      CREATE TABLE documents(id \(Int(first.id) == nil ? "TEXT" : "INTEGER") PRIMARY KEY, text TEXT,
        gold TEXT, split TEXT, use TEXT\(more))
      """)
    try append(documents)
  }

  /// Adds documents to the table.
  package func append(_ documents: some Collection<TestDocument>) throws {
    let names = documents.first?.more.keys.sorted() ?? []
    let marks = String(repeating: ", ?", count: names.count)
    try inDatabase { db in
      let insert = try db.makeStatement(
        sql: "INSERT INTO documents VALUES (?, ?, ?, ?, ?\(marks))")
      for document in documents {
        let values: [(any DatabaseValueConvertible)?] = [
          document.id, document.text, document.gold, document.split, document.use,
        ]
        try insert.execute(
          arguments: StatementArguments(values + names.map { document.more[$0] ?? nil }))
      }
    }
  }

  /// Makes a table `documents` with ids from 1, these texts and no other column.
  package func makeCorpus(_ texts: some Sequence<String>) throws {
    try execute("CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT)")
    try append(texts)
  }

  /// Adds texts to the table `documents`.
  package func append(_ texts: some Sequence<String>) throws {
    try inDatabase { db in
      let insert = try db.makeStatement(sql: "INSERT INTO documents(text) VALUES (?)")
      for text in texts { try insert.execute(arguments: [text]) }
    }
  }

  /// Runs statements on a database of the folder.
  package func execute(
    _ sql: String, _ arguments: StatementArguments = [], in file: String = "corpus.sqlite"
  ) throws {
    let queue = try DatabaseQueue(path: path(file))
    try queue.writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  /// The single value that a query gives.
  package func value<Value: DatabaseValueConvertible & Sendable>(
    _ sql: String, in file: String = "corpus.sqlite"
  ) throws -> Value? {
    let queue = try DatabaseQueue(path: path(file))
    defer { try? queue.close() }
    return try queue.read { try Value.fetchOne($0, sql: sql) }
  }

  /// Does something with a database of the folder, in one transaction.
  package func inDatabase<Result>(
    _ file: String = "corpus.sqlite", _ body: (Database) throws -> Result
  ) throws -> Result {
    let queue = try DatabaseQueue(path: path(file))
    defer { try? queue.close() }
    return try queue.write(body)
  }

  // MARK: - Work

  /// The project with a pack, or with the packs given.
  package func project(_ packs: RulePack..., workspace: String? = nil) throws -> Project {
    try Project(directory: directory, packs: packs, workspace: workspace)
  }

  /// The project at work.
  ///
  /// - Parameters:
  ///   - workspace: The name of another workspace file in the folder.
  ///   - secondsLater: Lets the corpus look as if nobody had written it for so long.
  ///   - change: Changes the configuration.
  ///   - configure: Changes the options of the session.
  package func pipeline(
    _ pack: RulePack? = nil, workspace: String? = nil, threads: Int = 2,
    cancellation: Cancellation = Cancellation(), progress: StepProgress = .silent,
    secondsLater: Double = 0, change: (inout Project) -> Void = { _ in },
    configure: (inout SessionOptions) -> Void = { _ in }
  ) throws -> ProjectSteps {
    var project = try Project(
      directory: directory, packs: pack.map { [$0] } ?? [], workspace: workspace.map(path))
    change(&project)
    var options = SessionOptions(
      threads: threads, cancellation: cancellation, progress: progress)
    options.now = { Date(timeIntervalSinceNow: secondsLater) }
    configure(&options)
    return try ProjectSteps(project, options: options)
  }

  /// Applies the functions and gives the report with the votes, one row per document.
  package func apply(
    _ pack: RulePack? = nil, threads: Int = 2
  ) throws -> (report: ApplyReport, votes: [[String]]) {
    let pipeline = try pipeline(pack, threads: threads)
    let report = try pipeline.apply()
    _ = try pipeline.export(.votes, to: path("exported.csv"))
    return (report, try rows("exported.csv"))
  }

  /// The rows of a plain CSV file, header first.
  package func rows(_ name: String) throws -> [[String]] {
    try text(name).split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// How a user sees the failure of some work, `nil` where it succeeds.
  package func failure(_ work: () throws -> Void) -> Shown? {
    do {
      try work()
      return nil
    } catch let error as any ReportableError {
      func plain(_ text: String) -> String { text.replacing(directory, with: "DIR") }
      return Shown(plain(error.description), hint: error.hint.map(plain), error.status)
    } catch {
      return Shown("not reportable: \(error)", .internalError)
    }
  }
}

/// A failure as a user meets it; paths of the test's own folder stand as `DIR`.
package struct Shown: Equatable, CustomStringConvertible {
  package var message: String
  package var hint: String?
  package var status: ExitStatus

  package init(_ message: String, hint: String? = nil, _ status: ExitStatus) {
    (self.message, self.hint, self.status) = (message, hint, status)
  }

  package var description: String { "\(status): \(message)\(hint.map { " (\($0))" } ?? "")" }
}
