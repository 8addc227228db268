import Foundation
import HunchModels

/// The answers of a crowd: a file with one row for each answer of a worker about a document.
///
/// Workers are no labeling functions of their own. They are compared with each other when the file is
/// read (``CrowdModel``); what they come to on each document is the vote of one of a few functions, by
/// how sure it is (``CrowdBands``).
struct CrowdSource: VoteSource {
  let path: String
  let columns: CrowdColumns
  let content: String

  let version = "crowd-2"

  init(path: String, columns: CrowdColumns) throws {
    self.path = path
    self.columns = columns
    _ = try TableReader(path: path, columns: Self.wanted(columns))
    content = try ContentHash.file(path)
  }

  private static func wanted(_ columns: CrowdColumns) -> [String] {
    [columns.document, columns.worker, columns.label]
  }

  var functions: [SourceFunction] {
    CrowdBands.bands.enumerated().map { index, band in
      let next = index == 0 ? 1 : CrowdBands.bands[index - 1].least
      func percent(_ share: Double) -> Int { Int((share * 100).rounded()) }
      return SourceFunction(
        name: "\(columns.name).\(band.name)", kind: "crowd",
        summary: "the crowd's answers make a class \(percent(band.least)) to \(percent(next)) % "
          + "probable", place: band.name)
    }
  }

  var parts: [(name: String, text: String)] {
    [
      ("answers", content),
      ("columns", "\(columns.document)\n\(columns.worker)\n\(columns.label)"),
    ]
  }

  /// The answers, with what documents and workers are called, in the order of their names.
  struct Content {
    var answers: CrowdAnswers
    var documents: [String]
    var workers: [String]
    /// The rows with an answer, by document.
    var rows: [Int]
  }

  /// Reads all answers.
  ///
  /// - Throws: ``HunchError`` for a cell that is no class or an answer without a worker;
  ///   ``TableError`` for a malformed row.
  func content(labels: [String]) throws -> Content {
    let reader = try TableReader(path: path, columns: Self.wanted(columns))
    let parser = VoteParser(labels: labels)
    var documents: [ByteKey: Int32] = [:]
    var workers: [ByteKey: Int32] = [:]
    var (ids, names): ([String], [String]) = ([], [])
    var rows: [Int] = []
    var answers: [CrowdAnswers.Answer] = []
    func index(_ text: String, _ known: inout [ByteKey: Int32], _ list: inout [String]) -> Int32 {
      if let index = known[ByteKey(text: text)] { return index }
      known[ByteKey(text: text)] = Int32(list.count)
      list.append(text)
      return Int32(list.count - 1)
    }
    while let row = try reader.next() {
      guard let vote = parser.vote(row.values[2]) else {
        throw HunchError.badCell(
          path: path, line: row.line, column: columns.label,
          parser.problem(row.values[2] ?? ""))
      }
      guard let worker = row.values[1]?.trimmed, !worker.isEmpty else {
        throw HunchError.badCell(
          path: path, line: row.line, column: columns.worker,
          CellProblem(words: "an answer needs a worker"))
      }
      if vote < 0 { continue }
      let document = index(row.values[0] ?? "", &documents, &ids)
      if document == rows.count { rows.append(0) }
      rows[Int(document)] += 1
      answers.append(
        CrowdAnswers.Answer(
          document: document, worker: index(worker, &workers, &names), label: vote))
    }
    // Workers by name, so that the order of rows changes no order of sums over workers.
    let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    var places = [Int32](repeating: 0, count: names.count)
    for (place, worker) in order.enumerated() { places[worker] = Int32(place) }
    for answer in answers.indices {
      answers[answer].worker = places[Int(answers[answer].worker)]
    }
    return Content(
      answers: CrowdAnswers(
        answers, documentCount: ids.count, workerCount: names.count, classCount: labels.count),
      documents: ids, workers: order.map { names[$0] }, rows: rows)
  }

  func read(
    labels: [String], models: ModelStore,
    _ row: (_ id: String, _ votes: [Int16], _ rows: Int) throws -> Bool
  ) throws {
    let content = try content(labels: labels)
    let fit = CrowdModel().fit(content.answers)
    try keep(CrowdStudy(content, fit, labels: labels), labels: labels, models: models)
    let silent = [Int16](repeating: -1, count: CrowdBands.bands.count)
    for (document, id) in content.documents.enumerated() {
      let posterior = fit.posteriors[document * labels.count..<(document + 1) * labels.count]
      let (band, label) = CrowdBands.vote(posterior)
      var votes = silent
      votes[band] = Int16(label)
      _ = try row(id, votes, content.rows[document])
    }
  }

  /// What is known of the crowd, from the workspace where it was found out before.
  func study(labels: [String], models: ModelStore) throws -> CrowdStudy {
    try kept(labels: labels, models: models) {
      let content = try content(labels: labels)
      return CrowdStudy(content, CrowdModel().fit(content.answers), labels: labels)
    }
  }
}

/// What was found out about a crowd, as it is kept in the workspace.
struct CrowdStudy: Codable, Sendable {
  struct Worker: Codable, Sendable {
    var name: String
    var answers: Int
    var agreement: Double?
    var accuracy: Double?
    var accuracyInterval: [Double]?
    var skill: Double
    var skillInterval: [Double]
    var information: Double
    var answered: [Int]
    var verdict: String
    var confusion: [Double]
  }

  var documents: Int
  var answers: Int
  var repeated: Int
  var alpha: Double?
  var alphaInterval: [Double]?
  var comparable: Int
  var priorAnswers: Double
  var rounds: Int
  var converged: Bool
  var bands: CrowdBands
  var workers: [Worker]

  init(_ content: CrowdSource.Content, _ fit: CrowdFit, labels: [String]) {
    let answers = content.answers
    let alpha = KrippendorffAlpha(tallies: answers.tallies(), classCount: labels.count)
    documents = answers.documentCount
    self.answers = answers.count
    repeated = answers.repeated
    self.alpha = alpha?.value
    alphaInterval = alpha?.interval.map { [$0.lower, $0.upper] }
    comparable = alpha?.documents ?? 0
    priorAnswers = fit.priorAnswers
    rounds = fit.rounds
    converged = fit.converged
    bands = CrowdBands(fit, answers)
    workers = fit.workers(answers).enumerated().map { index, quality in
      Worker(
        name: content.workers[index], answers: quality.answers, agreement: quality.agreement,
        accuracy: quality.accuracy,
        accuracyInterval: quality.accuracyInterval.map { [$0.lower, $0.upper] },
        skill: quality.skill,
        skillInterval: [quality.skillInterval.lower, quality.skillInterval.upper],
        information: quality.information, answered: quality.answered,
        verdict: quality.verdict.rawValue, confusion: fit.confusion(of: index))
    }
  }
}
