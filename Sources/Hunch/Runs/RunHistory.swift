import Foundation

/// The recorded runs of a project.
///
/// For example:
///
///     let history = try RunHistory(project)
///     let comparison = try history.compare()
///     print(comparison.documents?.flipped ?? 0)
///
/// Rules are not run and the corpus is only read where texts are asked for.
package final class RunHistory {
  private let project: Project
  private let workspace: Workspace
  private var store: RunStore { RunStore(workspace: workspace) }

  /// Opens the workspace of a project and takes its lock.
  ///
  /// - Throws: ``HunchError/noRuns`` where there is no workspace.
  package init(_ project: Project) throws(HunchError) {
    self.project = project
    if !FileManager.default.fileExists(atPath: project.workspacePath) { throw .noRuns }
    workspace = try Workspace(path: project.workspacePath)
  }

  /// The runs of a workspace that is open.
  init(_ project: Project, _ workspace: Workspace) {
    (self.project, self.workspace) = (project, workspace)
  }

  /// The runs, the oldest first; no more than the last ``RunHistory/kept`` are kept.
  ///
  /// - Parameter limit: The most runs; the last ones are given.
  package func runs(limit: Int = kept) throws(HunchError) -> [RunRecord] {
    try store.runs(limit: limit)
  }

  /// So many runs are kept.
  package static var kept: Int { RunStore.kept }

  /// The runs for a listing, each with how it differs from the one before.
  ///
  /// - Parameter limit: The most runs.
  package func listing(limit: Int) throws(HunchError) -> RunListing {
    let runs = try runs(limit: limit == Int.max ? limit : limit + 1)
    let listed = runs.indices.suffix(limit).map { index in
      RunListing.Run(runs[index], against: index > 0 ? runs[index - 1] : nil)
    }
    return RunListing(runs: listed)
  }

  /// Compares two runs.
  ///
  /// - Parameters:
  ///   - before: The earlier run's number; nil for the one before `after`.
  ///   - after: The later run's number; nil for the last run.
  /// - Throws: ``HunchError/noRuns`` or ``HunchError/oneRun`` where there are not enough runs,
  ///   ``HunchError/unknownRun(number:known:)``.
  package func compare(
    _ before: Int? = nil, _ after: Int? = nil,
    _ request: RunComparisonRequest = RunComparisonRequest()
  ) throws -> RunComparison {
    let runs = try runs()
    func find(_ number: Int) throws(HunchError) -> RunRecord {
      guard let run = runs.first(where: { $0.number == number }) else {
        throw .unknownRun(number: number, known: runs.map(\.number))
      }
      return run
    }
    guard let last = runs.last else { throw HunchError.noRuns }
    let new = try after.map(find) ?? last
    let old: RunRecord
    if let before {
      old = try find(before)
    } else {
      guard let run = runs.last(where: { $0.number < new.number }) else {
        throw HunchError.oneRun(number: new.number)
      }
      old = run
    }
    var comparison = try RunComparer(
      store: store, votes: VoteStore(workspace: workspace),
      parallel: Threads.parallelism(ProcessInfo.processInfo.activeProcessorCount)
    ).compare(old, new, request)
    if request.texts { try addTexts(&comparison) }
    return comparison
  }

  /// Reads the beginnings of the listed documents' texts.
  private func addTexts(_ comparison: inout RunComparison) throws {
    guard var flips = comparison.documents?.flips, !flips.isEmpty else { return }
    let places = Dictionary(flips.enumerated().map { (Array($1.id.utf8), $0) }) { first, _ in first
    }
    let corpus = try Corpus(
      path: project.resolve(project.configuration.corpus.path),
      configuration: project.configuration.corpus, labels: project.labels, readers: [:])
    var found = 0
    try corpus.withChunks(wantsTexts: true) { reader in
      while found < places.count, let chunk = try reader.next() {
        for (document, id) in chunk.ids.enumerated() {
          guard let place = places[Array(id.description.utf8)] else { continue }
          flips[place].text = Excerpt.beginning(of: chunk.texts, document)
          found += 1
        }
      }
    }
    comparison.documents?.flips = flips
  }
}

/// Runs as `hunch runs` lists them.
package struct RunListing: Encodable, Sendable {
  /// A run with how it differs from the one before.
  package struct Run: Encodable, Sendable {
    /// How many functions are not the same as in the run before.
    package struct Changes: Encodable, Sendable, Equatable {
      /// The names of functions that were added.
      package var added: [String]
      /// The names of functions that were removed.
      package var removed: [String]
      /// The names of functions with another fingerprint.
      package var changed: [String]
      /// The new names of functions that were renamed.
      package var renamed: [String]
      /// The settings that are not the same.
      package var settings: [String]
      /// Whether documents, splits or gold labels are not the same.
      package var corpus: Bool
    }

    /// The run's number.
    package var number: Int
    /// When it was recorded, in ISO 8601, UTC.
    package var started: String
    /// When it was done last, and how often.
    package var last: String
    /// How often the run was done.
    package var times: Int
    /// The latest earlier run with the same content.
    package var sameAs: Int?
    /// The number of documents.
    package var documents: Int
    /// The number of labeling functions.
    package var functions: Int
    /// The share of documents with a vote.
    package var coverage: Double
    /// The label model.
    package var labelModel: String
    /// The split that was evaluated.
    package var split: String?
    /// The label model's figures on documents with a vote, and the classifier's.
    package var labelModelScores: RunRecord.Scores?
    /// The classifier's figures.
    package var classifierScores: RunRecord.Scores?
    /// Nil for the first run that is known.
    package var changes: Changes?

    init(_ run: RunRecord, against previous: RunRecord? = nil) {
      (number, started, last) = (run.number, run.started, run.last)
      (times, sameAs) = (run.times, run.sameAs)
      (documents, functions) = (run.totals.documents, run.functions.count)
      (coverage, labelModel) = (run.totals.coverage, run.totals.labelModel)
      split = run.totals.split
      labelModelScores = run.totals.labelModelScores
      classifierScores = run.totals.classifierScores
      changes = previous.map { previous in
        let functions = RunComparer.functions(previous, run)
        func names(_ change: RunComparison.Change) -> [String] {
          functions.filter { $0.change == change }.map(\.name)
        }
        return Changes(
          added: names(.added), removed: names(.removed), changed: names(.changed),
          renamed: names(.renamed), settings: RunComparer.settings(previous, run).map(\.key),
          corpus: previous.pieces?.contents != run.pieces?.contents)
      }
    }
  }

  /// The oldest first.
  package var runs: [Run]
}
