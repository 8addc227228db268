import Benchmark
import Foundation
import Hunch
import HunchLabeling

/// A project in a temporary folder, removed with the object.
final class TemporaryProject {
  /// A CSV file in a folder of its own, removed with the object.
  final class File {
    let folder: URL
    var path: String { folder.appendingPathComponent("documents.csv").path }

    init() throws {
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("hunch-benchmark-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
  }

  private let file: File
  private let project: Project

  /// - Parameter names: The keys of a knowledge base `names`; empty for none.
  init(
    _ pack: RulePack, _ documents: (texts: [String], classes: [Int]), names: [String] = []
  ) throws {
    file = try Self.csv(documents)
    let database = file.folder.appendingPathComponent("corpus.sqlite").path
    _ = try Importer(ImportRequest(files: [file.path], database: database, text: "text")).run()
    var configuration = """
      pack: \(pack.name)
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text }

      """
    if !names.isEmpty {
      configuration += "knowledge: { names: { path: names.csv, key: name } }\n"
      let writer = try TableWriter(
        path: file.folder.appendingPathComponent("names.csv").path, columns: ["name"])
      for name in names { try writer.write([.text(name)]) }
      try writer.finish()
    }
    try configuration.write(
      to: file.folder.appendingPathComponent("hunch.yaml"), atomically: true, encoding: .utf8)
    project = try Project(directory: file.folder.path, packs: [pack])
  }

  /// Removes the workspace and what is compiled beside it.
  func forget() {
    for suffix in ["", "-wal", "-shm", ".knowledge"] {
      try? FileManager.default.removeItem(atPath: project.workspacePath + suffix)
    }
  }

  /// Opens the project, which compiles its knowledge base where that is not compiled yet.
  func open() throws { blackHole(try Session(project)) }

  func apply() throws -> ApplyReport { try AppliedVotes(Session(project)).report }

  /// Writes documents as a CSV file with an id, a text and two further columns.
  static func csv(_ documents: (texts: [String], classes: [Int])) throws -> File {
    let file = try File()
    try writeCSV(documents, to: file.path)
    return file
  }

  static func writeCSV(
    _ documents: (texts: [String], classes: [Int]), to path: String
  ) throws {
    let writer = try TableWriter(path: path, columns: ["id", "text", "class", "score"])
    for (index, text) in documents.texts.enumerated() {
      try writer.write([
        .integer(index), .text(text), .text("class \(documents.classes[index])"),
        .real(Double(index % 97) / 8),
      ])
    }
    try writer.finish()
  }
}
