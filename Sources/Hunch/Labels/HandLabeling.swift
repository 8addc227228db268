import Foundation
import HunchLabeling
import HunchModels

/// A document that somebody is asked to label.
package struct LabelTask: Sendable, Equatable {
  /// A labeling function's vote.
  package struct Vote: Sendable, Equatable {
    /// The function's name.
    package var function: String
    /// The class that it votes for.
    package var label: String
  }

  /// The document's id.
  package var id: String
  /// The split that it is in.
  package var split: Split
  /// The whole text.
  package var text: String
  /// The votes on it, in the order of the functions.
  package var votes: [Vote]
  /// The gold label that it has already.
  package var gold: String?

  package init(id: String, split: Split, text: String, votes: [Vote], gold: String?) {
    (self.id, self.split, self.text, self.votes, self.gold) = (id, split, text, votes, gold)
  }
}

/// The labels of the workspace.
package struct LabelsReport: Encodable, Sendable {
  /// A label.
  package struct Label: Encodable, Sendable, Equatable {
    /// The document's id.
    package var id: String
    /// The class.
    package var label: String
    /// `audit` or `repair`.
    package var use: String
    /// When it was given.
    package var time: String
    /// Whether the project has the class.
    package var known: Bool
  }

  /// The labels, in the order in which they were given.
  package var labels: [Label]
  /// The ids of labels that are not as they were stored, and so not used.
  package var damaged: [String]
}

/// What an import of labels did.
package struct LabelImportReport: Encodable, Sendable, Equatable {
  /// Rows of the file.
  package var rows: Int
  /// Documents that had no label in the workspace.
  package var added: Int
  /// Documents whose label in the workspace was another.
  package var replaced: Int
  /// Documents with this label already.
  package var unchanged: Int

  package init(rows: Int, added: Int = 0, replaced: Int = 0, unchanged: Int = 0) {
    (self.rows, self.added, self.replaced, self.unchanged) = (rows, added, replaced, unchanged)
  }
}

/// The labels that somebody gives documents by hand.
package struct HandLabeling: InSession, Sendable {
  let session: Session

  /// Works on the labels of a session's workspace. The session itself stays as it was opened.
  package init(_ session: Session) { self.session = session }

  // MARK: - Giving labels

  /// The documents to label, in order, with their texts.
  ///
  /// - Parameter request: Without documents named, some are chosen that have no gold label: for audit at
  ///   random, for repair as ``DocumentSuggestions`` does.
  /// - Throws: ``HunchError/unknownDocument(id:)``.
  /// - Complexity: What the choice takes, and one pass that ends with the last of the documents.
  package func tasks(_ request: LabelRequest) throws -> [LabelTask] {
    let votes = try AppliedVotes(session)
    var wanted = request.documents
    if wanted.isEmpty {
      let chosen =
        request.use == .audit
        ? try request.auditDocuments(votes) : try request.repairDocuments(votes)
      wanted = chosen.map(\.description)
    }
    var places: [[UInt8]: Int] = [:]
    wanted = wanted.filter { id in
      if places[Array(id.utf8)] != nil { return false }
      places[Array(id.utf8)] = places.count
      return true
    }
    var found = [LabelTask?](repeating: nil, count: wanted.count)
    var missing = wanted.count
    try votes.pass.run(.texts, until: { missing == 0 }) { chunk, block in
      for document in 0..<chunk.count {
        guard let place = places[Array(chunk.ids[document].description.utf8)] else { continue }
        found[place] = task(chunk, document, block)
        missing -= 1
      }
    }
    for (id, task) in zip(wanted, found) where task == nil {
      throw HunchError.unknownDocument(id: id)
    }
    return found.compactMap(\.self)
  }

  private func task(_ chunk: CorpusChunk, _ document: Int, _ block: VoteBlock) -> LabelTask {
    let votes = zip(catalog.functions, block.columns).compactMap { function, column in
      column.isEmpty || column[document] < 0
        ? nil
        : LabelTask.Vote(function: function.name, label: project.labels[Int(column[document])])
    }
    return LabelTask(
      id: chunk.ids[document].description, split: chunk.splits[document],
      text: chunk.texts.text(at: document), votes: votes,
      gold: chunk.gold[document] < 0 ? nil : project.labels[Int(chunk.gold[document])])
  }

  /// Stores a label; it is on the disk when this returns.
  ///
  /// - Precondition: `label` is one of the project's classes.
  /// - Returns: The label that it replaces in the workspace.
  package func give(_ label: String, to id: String, for use: GoldUse) throws -> HandLabel? {
    precondition(project.labels.contains(label), "a label is a class of the project")
    return try put(HandLabel(id: id, label: label, use: use, time: timestamp()))
  }

  /// Stores a label as it stands, as when an answer is taken back that replaced it.
  package func put(_ label: HandLabel) throws -> HandLabel? {
    try LabelStore(workspace: workspace).save([label])[0]
  }

  /// Takes labels out of the workspace, all or none.
  ///
  /// - Throws: ``LabelError/noLabel(id:)``.
  package func remove(_ ids: [String]) throws {
    try LabelStore(workspace: workspace).remove(ids)
  }

  /// The labels of the workspace.
  package func labels() throws -> LabelsReport {
    let (labels, damaged) = try LabelStore(workspace: workspace).all()
    return LabelsReport(
      labels: labels.map { label in
        .init(
          id: label.id, label: label.label, use: label.use.name, time: label.time,
          known: project.labels.contains(label.label))
      }, damaged: damaged)
  }

  // MARK: - Files

  /// Stores the labels of a file with the columns `id`, `label` and, if it has them, `use` and
  /// `time`; all or, where anything is wrong, none.
  ///
  /// - Parameter use: The use of rows that name none; without it such a row is an error.
  /// - Throws: ``LabelError/row(path:line:column:problem:)``, ``TableError``.
  /// - Complexity: O(rows), and one pass over the ids of the corpus.
  package func importFile(
    _ path: String, format: TableFormat? = nil, use: GoldUse? = nil
  ) throws -> LabelImportReport {
    var rows = try LabelFile.read(
      path, format: format, classes: project.labels, use: use, now: timestamp())
    try findDocuments(of: &rows, path)
    let former = try LabelStore(workspace: workspace).save(rows.map(\.label))
    var report = LabelImportReport(rows: rows.count)
    for (row, former) in zip(rows, former) {
      switch former {
      case nil: report.added += 1
      case let former? where former.label == row.label.label && former.use == row.label.use:
        report.unchanged += 1
      default: report.replaced += 1
      }
    }
    return report
  }

  /// Gives the rows of a file the ids that the corpus has: those of the file, or these without blanks
  /// and a fraction of zero.
  private func findDocuments(
    of rows: inout [(label: HandLabel, line: Int)], _ path: String
  ) throws {
    func bad(_ row: Int, _ problem: String) -> LabelError {
      .row(path: path, line: rows[row].line, column: "id", problem: problem)
    }
    var missing: [[UInt8]: Int] = [:]
    var respelt: [[UInt8]: Int] = [:]
    for (row, item) in rows.enumerated() {
      missing[Array(item.label.id.utf8)] = row
      if let plain = DocumentID.plain(item.label.id) { respelt[Array(plain.utf8)] = row }
    }
    var found: [(row: Int, id: String)] = []
    try corpus.withChunks(wantsTexts: false) { reader in
      while !missing.isEmpty, let chunk = try reader.next() {
        try options.cancellation.check()
        for id in chunk.ids {
          let name = id.description
          if missing.removeValue(forKey: Array(name.utf8)) != nil { continue }
          if let row = respelt[Array(name.utf8)] { found.append((row, name)) }
        }
      }
    }
    for (row, id) in found where missing.removeValue(forKey: Array(rows[row].label.id.utf8)) != nil
    {
      rows[row].label.id = id
    }
    if let row = missing.values.min() { throw bad(row, "no document of the corpus has this id") }
    var lines: [[UInt8]: Int] = [:]
    for (row, item) in rows.enumerated() {
      if let first = lines.updateValue(item.line, forKey: Array(item.label.id.utf8)) {
        throw bad(row, "a second row of the document of line \(first)")
      }
    }
  }

  private func timestamp() -> String { options.now().formatted(.iso8601) }
}

/// Labels as a table.
enum LabelFile {
  static let columns = ["id", "label", "use", "time"]

  /// Reads and checks all rows.
  ///
  /// - Parameter now: The time of rows that say none.
  static func read(
    _ path: String, format: TableFormat?, classes: [String], use: GoldUse?, now: String
  ) throws -> [(label: HandLabel, line: Int)] {
    let reader = try TableReader(path: path, format: format)
    let places = columns.map { reader.columns.firstIndex(of: $0) }
    for (column, place) in zip(columns, places).prefix(2) where place == nil {
      throw TableError.missingColumn(path: path, column: column, known: reader.columns)
    }
    var labels: [(label: HandLabel, line: Int)] = []
    let names = ClassNames(classes)
    while let row = try reader.next() {
      func text(_ column: Int) -> String { places[column].flatMap { row.values[$0] } ?? "" }
      func cell(_ column: Int) -> String { text(column).trimmed }
      func bad(_ column: Int, _ problem: String) -> LabelError {
        .row(path: path, line: row.line, column: columns[column], problem: problem)
      }
      let id = text(0)
      if id.trimmed.isEmpty { throw bad(0, "no id") }
      guard let label = names.index(of: text(1)).map({ classes[Int($0)] }) else {
        throw bad(
          1,
          "none of the classes \(ClassNames.listed(classes))"
            + (names.near(text(1)).map { ": write '\($0)', case counts" } ?? ""))
      }
      guard let use = cell(2).isEmpty ? use : GoldUse(named: cell(2)) else {
        throw bad(
          2, cell(2).isEmpty ? "empty: say --audit or --repair" : "neither audit nor repair")
      }
      let time = cell(3).isEmpty ? now : cell(3)
      guard let date = try? Date(time, strategy: .iso8601), date.formatted(.iso8601) == time else {
        throw bad(3, "not a time such as 2026-11-21T18:30:00Z")
      }
      labels.append((HandLabel(id: id, label: label, use: use, time: time), row.line))
    }
    return labels
  }
}
