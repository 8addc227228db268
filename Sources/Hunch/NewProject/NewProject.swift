import Foundation
import GRDB

/// Makes a project: `hunch.yaml`, a file with rules and their examples, a corpus, a README.
package struct NewProject: Sendable {
  /// Where the documents of a new project come from.
  package struct Source: Sendable {
    /// The file to import: CSV, TSV or JSONL.
    package var file: String
    /// The column with the text.
    package var text: String
    /// The column with the ids; nil for `id`, or the rows' numbers.
    package var id: String?
    /// The column with class names where they are known.
    package var label: String?
    /// The column with `train`, `valid` or `test`.
    package var split: String?
    /// The classes, in order; empty for those of the label column.
    package var labels: [String]

    package init(
      file: String, text: String, id: String? = nil, label: String? = nil, split: String? = nil,
      labels: [String] = []
    ) {
      (self.file, self.text, self.id) = (file, text, id)
      (self.label, self.split, self.labels) = (label, split, labels)
    }
  }

  /// What was made.
  package struct Made: Sendable {
    /// The number of documents in the corpus.
    package var documents: Int
    /// The classes, in order.
    package var labels: [String]
    /// The import; nil for the corpus that comes with Hunch.
    package var report: ImportReport?
  }

  /// More different values than that are no classes.
  static let mostLabels = 500

  /// The folder to make.
  package let directory: String

  /// Describes a project; ``create(from:progress:isCancelled:)`` makes it.
  package init(directory: String) { self.directory = directory }

  /// The name of the rule pack: the folder's.
  package var name: String {
    let name = URL(fileURLWithPath: directory).standardizedFileURL.lastPathComponent
    return name.isEmpty || name == "/" ? "rules" : name
  }

  /// Writes the files, all of them or none.
  ///
  /// - Parameter source: A file with documents; nil for a small corpus that comes with Hunch.
  /// - Throws: ``HunchError`` when the folder exists and is not empty or cannot be written, or the
  ///   classes cannot be used; ``ImportError``.
  package func create(
    from source: Source? = nil, progress: StepProgress = .silent,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> Made {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    let exists = manager.fileExists(atPath: directory, isDirectory: &isFolder)
    let contents = (try? manager.contentsOfDirectory(atPath: directory)) ?? []
    if exists, !isFolder.boolValue || !contents.isEmpty { throw HunchError.exists(path: directory) }
    do {
      try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw HunchError.cannotCreate(path: directory, problem: error.localizedDescription)
    }
    do {
      return try fill(source, progress, isCancelled)
    } catch {
      // As it was before: the folder was not there, or empty.
      for name in (try? manager.contentsOfDirectory(atPath: directory)) ?? [] {
        try? manager.removeItem(atPath: "\(directory)/\(name)")
      }
      if !exists { try? manager.removeItem(atPath: directory) }
      throw error
    }
  }

  private func fill(
    _ source: Source?, _ progress: StepProgress, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Made {
    let corpus = "\(directory)/corpus.sqlite"
    guard let source else {
      try write(NewProjectFiles(name: name).texts)
      do { try NewProjectCorpus.write(to: corpus) } catch {
        throw HunchError.cannotCreate(path: corpus, problem: error.localizedDescription)
      }
      return Made(
        documents: NewProjectCorpus.documents.count, labels: NewProjectCorpus.labels, report: nil)
    }
    let report = try Importer(
      ImportRequest(files: [source.file], database: corpus, id: source.id, text: source.text)
    ).run(progress: progress, isCancelled: isCancelled)
    let labels = try self.labels(source, corpus, report)
    try write(NewProjectFiles(name: name, labels: labels, source: source).texts)
    return Made(documents: report.rows, labels: labels, report: report)
  }

  private func write(_ files: [(path: String, text: String)]) throws {
    for (path, text) in files {
      try ReplacedFile.write(Array(text.utf8), to: "\(directory)/\(path)", links: .refused)
    }
  }

  /// The classes: those that are given, or those of the label column in byte order.
  private func labels(
    _ source: Source, _ corpus: String, _ report: ImportReport
  ) throws -> [String] {
    func check(_ column: String?) throws(HunchError) {
      let names = report.columns.map(\.name)
      if let column, !names.contains(column) {
        throw .importedColumn(path: source.file, column: column, known: names)
      }
    }
    try check(source.label)
    try check(source.split)
    let found = try source.label.map { column in
      let database = try DatabaseQueue(path: corpus)
      defer { try? database.close() }
      let name = column.replacing("\"", with: "\"\"")
      return try database.read { db in
        try String.fetchAll(
          db,
          sql: """
            SELECT DISTINCT CAST("\(name)" AS TEXT) FROM documents
            WHERE "\(name)" IS NOT NULL AND "\(name)" <> '' LIMIT \(Self.mostLabels + 1)
            """)
      }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    let labels = source.labels.isEmpty ? found ?? [] : source.labels
    if labels.count > Self.mostLabels {
      throw HunchError.newLabels(
        "column '\(source.label ?? "")' of \(source.file) has more than \(Self.mostLabels) different "
          + "values, so they are no classes")
    }
    if Set(labels).count < labels.count || labels.count < 2 || labels.contains("") {
      throw HunchError.newLabels(
        "a task has two or more different classes"
          + (source.label.map { ", and column '\($0)' of \(source.file) has \(labels.count)" } ?? "")
      )
    }
    if let found, !Set(labels).isSuperset(of: found) {
      throw HunchError.newLabels(
        "column '\(source.label ?? "")' of \(source.file) has a value that is none of the classes "
          + labels.joined(separator: ", "))
    }
    return labels
  }
}
