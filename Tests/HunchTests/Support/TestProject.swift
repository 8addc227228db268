import Foundation
import GRDB
import Hunch
import HunchLabeling
import ProjectSupport

/// The classes of the tests.
enum Verdict: String, LabelSet { case ham, spam }

/// A failure as a user meets it; paths of the test's own folder stand as `DIR`.
struct Shown: Equatable, CustomStringConvertible {
  var message: String
  var hint: String?
  var status: ExitStatus

  init(_ message: String, hint: String? = nil, _ status: ExitStatus) {
    (self.message, self.hint, self.status) = (message, hint, status)
  }

  var description: String { "\(status): \(message)\(hint.map { " (\($0))" } ?? "")" }
}

/// A project in a folder of its own, which goes away with it.
final class TestProject {
  let directory: String

  /// The configuration that suits most tests.
  static let yaml = """
    pack: sample
    corpus:
      path: corpus.sqlite
      table: documents
      id: id
      text: text
    """

  init(_ yaml: String = TestProject.yaml) throws {
    directory =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("hunch-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    try write("hunch.yaml", yaml)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  // MARK: - Corpus

  /// Runs statements on a database of the folder.
  func execute(
    _ sql: String, _ arguments: StatementArguments = [], in file: String = "corpus.sqlite"
  )
    throws
  {
    let queue = try DatabaseQueue(path: path(file))
    try queue.writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  /// The single value that a query gives.
  func value<Value: DatabaseValueConvertible & Sendable>(
    _ sql: String, in file: String = "corpus.sqlite"
  ) throws -> Value? {
    let queue = try DatabaseQueue(path: path(file))
    defer { try? queue.close() }
    return try queue.read { try Value.fetchOne($0, sql: sql) }
  }

  /// Makes a table `documents` with ids from 1 and these texts.
  func makeCorpus(_ texts: some Sequence<String>) throws {
    let queue = try DatabaseQueue(path: path("corpus.sqlite"))
    try queue.write { db in
      try db.execute(sql: "CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT)")
      try Self.insert(texts, db)
    }
    try queue.close()
  }

  /// Adds texts to the table `documents`.
  func append(_ texts: some Sequence<String>) throws {
    let queue = try DatabaseQueue(path: path("corpus.sqlite"))
    try queue.write { try Self.insert(texts, $0) }
    try queue.close()
  }

  private static func insert(_ texts: some Sequence<String>, _ db: Database) throws {
    let insert = try db.makeStatement(sql: "INSERT INTO documents(text) VALUES (?)")
    for text in texts { try insert.execute(arguments: [text]) }
  }

  // MARK: - Work

  /// The project with a pack, or with the packs given.
  func project(_ packs: RulePack..., workspace: String? = nil) throws -> Project {
    try Project(directory: directory, packs: packs, workspace: workspace)
  }

  /// The project at work.
  ///
  /// - Parameter secondsLater: Lets the corpus look as if nobody had written it for so long.
  func pipeline(
    _ pack: RulePack? = nil, threads: Int = 2, cancellation: Cancellation = Cancellation(),
    progress: StepProgress = .silent, secondsLater: Double = 0,
    change: (inout Project) -> Void = { _ in }
  ) throws -> ProjectSteps {
    var project = try Project(directory: directory, packs: pack.map { [$0] } ?? [])
    change(&project)
    var options = SessionOptions(
      threads: threads, cancellation: cancellation, progress: progress)
    options.now = { Date(timeIntervalSinceNow: secondsLater) }
    return try ProjectSteps(project, options: options)
  }

  /// Applies the functions and gives the report with the votes, one row per document.
  func apply(
    _ pack: RulePack? = nil, threads: Int = 2
  ) throws -> (report: ApplyReport, votes: [[String]]) {
    let pipeline = try pipeline(pack, threads: threads)
    let report = try pipeline.apply()
    _ = try pipeline.export(.votes, to: path("exported.csv"))
    return (report, try rows("exported.csv"))
  }

  /// The rows of a plain CSV file, header first.
  func rows(_ name: String) throws -> [[String]] {
    try text(name).split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// How a user sees the failure of some work, `nil` where it succeeds.
  func failure(_ work: () throws -> Void) -> Shown? {
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

/// A pack of two keyword rules, for tests about everything else.
let samplePack = RulePack("sample", for: Verdict.self) {
  Keywords("offer", ["offer", "prize"], votes: .spam)
  Keywords("hello", ["hello", "thanks"], votes: .ham)
}
