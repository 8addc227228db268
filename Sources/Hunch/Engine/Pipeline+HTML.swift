import Foundation
import HunchModels

extension Pipeline {
  /// The most functions of which pairs are counted; those with the most votes are taken.
  static let htmlPairFunctions = 400
  /// The most functions for which example documents are drawn.
  static let htmlExampleFunctions = 200

  /// The whole project as one self-contained HTML page: findings, functions, pairs, classes, label
  /// model and evaluation.
  ///
  /// The page needs no network and no script. The same project and corpus give the same bytes.
  ///
  /// - Parameter texts: Whether the page may contain the beginnings of a few documents of each
  ///   function; ids are always shown.
  /// - Complexity: Two passes over the corpus and one over its texts, beyond what is not stored yet.
  public func htmlReport(texts: Bool = true) throws -> String {
    try HTMLPage(facts: htmlFacts(texts: texts)).render()
  }

  /// Writes ``htmlReport(texts:)`` to a file.
  ///
  /// The page goes to a temporary file that takes the name when it is complete. A path that is a
  /// device or a pipe is written directly.
  ///
  /// - Returns: The number of bytes.
  /// - Throws: ``HunchError/cannotCreate(path:problem:)`` besides what the steps throw.
  public func writeHTMLReport(to path: String, texts: Bool = true) throws -> Int {
    let bytes = Data(try htmlReport(texts: texts).utf8)
    do {
      let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
      let kind = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
      switch kind as? FileAttributeType {
      case nil, .typeRegular?: try bytes.write(to: url, options: .atomic)
      case .typeDirectory?: throw HunchError.cannotCreate(path: path, problem: "is a directory")
      default: try FileHandle(forWritingTo: url).write(contentsOf: bytes)
      }
    } catch let error as HunchError {
      throw error
    } catch {
      throw HunchError.cannotCreate(path: path, problem: Self.problem(of: error))
    }
    return bytes.count
  }

  /// The system's own words for a failure to write.
  private static func problem(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    if let system = (underlying ?? error) as? POSIXError {
      return String(cString: strerror(system.code.rawValue))
    }
    return error.localizedDescription
  }

  // MARK: - Facts

  func htmlFacts(texts: Bool) throws -> HTMLReportFacts {
    let table = try voteTable()
    let hasGold = table.size(of: nil).gold > 0
    let analysis = try LabelingAnalysis(table.votes(of: nil), hasGold: hasGold)
    let votes = analysis.functions.map(\.covered)
    let fit = try fit()
    let classes = try htmlClasses(table, analysis, fit)
    let (functions, exampleFunctions) = try htmlFunctions(analysis, fit, classes, texts: texts)
    let (conflicts, conflictPairs) = try htmlConflicts(table)
    let (training, problem) = try trainingOrProblem()
    let isEvaluated = hasGold && training != nil
    return HTMLReportFacts(
      name: htmlName, pack: project.pack?.name, packSummary: project.pack?.summary,
      corpus: "\(project.configuration.corpus.path), "
        + project.configuration.corpus.source.description,
      splits: Split.allCases.map { htmlSize(of: $0, table) }, applied: try apply(),
      analysis: analysis, functions: functions, classes: classes,
      pairs: try HTMLPairTable(
        table.votes(of: nil), votes: votes, limit: Self.htmlPairFunctions),
      conflicts: conflicts, conflictPairs: conflictPairs, fit: fit, training: training,
      trainingProblem: problem, evaluation: isEvaluated ? try evaluate(split: nil) : nil,
      showsTexts: texts, exampleFunctions: exampleFunctions)
  }

  /// The name of the project's folder, wherever it was called from.
  private var htmlName: String {
    URL(fileURLWithPath: project.directory).standardizedFileURL.lastPathComponent
  }

  private func trainingOrProblem() throws -> (TrainReport?, String?) {
    do {
      return (try train(), nil)
    } catch HunchError.nothingToLearn(let reason) {
      return (nil, reason)
    }
  }

  private func htmlSize(of split: Split, _ table: VoteTable) -> HTMLReportFacts.SplitSize {
    let totals = table.totals(of: split)
    return .init(
      name: split.name, documents: totals.documents, gold: totals.gold.reduce(0, +),
      covered: totals.covered)
  }

  /// The pairs that disagree most, and how many pairs disagree.
  private func htmlConflicts(
    _ table: VoteTable
  ) throws -> (listed: [HTMLReportFacts.Conflict], total: Int) {
    let conflicts = try LabelingAnalysis.conflicts(table.votes(of: nil))
    let examples = try conflictExamples(of: conflicts.pairs, limit: 5)
    let gold = try verdicts(Array(conflicts.pairs.prefix(HTMLPage.listedPairs)), table)
    let listed = conflicts.pairs.enumerated().map { place, conflict in
      HTMLReportFacts.Conflict(
        first: conflict.first, second: conflict.second, disagreements: conflict.disagreements,
        agreements: conflict.agreements, examples: examples[place],
        gold: place < gold.count ? gold[place] : nil)
    }
    return (listed, conflicts.total)
  }

  /// With which of two functions gold sides where they disagree, for each of some pairs.
  private func verdicts(
    _ pairs: [FunctionConflict], _ table: VoteTable
  ) throws -> [(first: Int, second: Int, neither: Int)] {
    var sides = pairs.map { _ in (first: 0, second: 0, neither: 0) }
    var votes = [Int32](repeating: -1, count: catalog.functions.count)
    try table.votes(of: nil).forEachBlock { block in
      for cell in block.gold {
        let entries = block.patterns.entries(of: Int(cell.pattern))
        for entry in entries {
          votes[Int(block.patterns.functions[entry])] = block.patterns.votes[entry]
        }
        for (place, pair) in pairs.enumerated() {
          let (first, second) = (votes[pair.first], votes[pair.second])
          if first < 0 || second < 0 || first == second { continue }
          if first == Int32(cell.label) {
            sides[place].first += cell.documents
          } else if second == Int32(cell.label) {
            sides[place].second += cell.documents
          } else {
            sides[place].neither += cell.documents
          }
        }
        for entry in entries { votes[Int(block.patterns.functions[entry])] = -1 }
      }
    }
    return sides
  }

  private func htmlClasses(
    _ table: VoteTable, _ analysis: LabelingAnalysis, _ fit: FitReport
  ) throws -> [HTMLReportFacts.Class] {
    var classes = project.labels.enumerated().map { index, name in
      HTMLReportFacts.Class(
        name: name, functions: analysis.functions.count { $0.votesByClass[index] > 0 },
        documents: 0, gold: 0, goldCovered: 0, goldReached: 0, balance: fit.classBalance[index])
    }
    try table.votes(of: nil).forEachBlock { block in
      let patterns = block.patterns
      for pattern in 0..<patterns.count {
        for label in Set(patterns.entries(of: pattern).map { Int(patterns.votes[$0]) }) {
          classes[label].documents += block.counts[pattern]
        }
      }
      for cell in block.gold {
        let label = Int(cell.label)
        let entries = patterns.entries(of: Int(cell.pattern))
        classes[label].gold += cell.documents
        if !entries.isEmpty { classes[label].goldCovered += cell.documents }
        if entries.contains(where: { patterns.votes[$0] == Int32(label) }) {
          classes[label].goldReached += cell.documents
        }
      }
    }
    return classes
  }

  private func htmlFunctions(
    _ analysis: LabelingAnalysis, _ fit: FitReport, _ classes: [HTMLReportFacts.Class],
    texts: Bool
  ) throws -> ([HTMLReportFacts.Function], examples: Int) {
    let chosen = HTMLPairTable.busiest(
      analysis.functions.map(\.covered), Self.htmlExampleFunctions)
    let sampler = try htmlExamples(of: chosen, texts: texts)
    let goldDocuments = classes.reduce(0) { $0 + $1.gold }
    let functions = catalog.functions.indices.map { index in
      let figures = analysis.functions[index]
      var blind: Double?
      if goldDocuments > 0, figures.covered > 0 {
        blind =
          zip(classes, figures.votesByClass).reduce(0) { $0 + Double($1.0.gold * $1.1) }
          / Double(goldDocuments) / Double(figures.covered)
      }
      let (hits, mistakes) = sampler.examples(of: index)
      return HTMLReportFacts.Function(
        name: catalog.functions[index].name, kind: catalog.functions[index].kind,
        summary: catalog.functions[index].summary, figures: figures, blindAccuracy: blind,
        impliedAccuracy: fit.functions[index].accuracy,
        impliedInterval: fit.functions[index].accuracyInterval, hits: hits, mistakes: mistakes)
    }
    return (functions, chosen.count)
  }

  private func htmlExamples(of functions: [Int], texts: Bool) throws -> HTMLExampleSampler {
    let fit = try labelFit()
    var sampler = HTMLExampleSampler(
      functions: functions, of: catalog.functions.count, seed: project.configuration.seed,
      wantsTexts: texts)
    let labeling = try labeling()
    try votePass().run(
      wantsTexts: texts || labeling.readsTexts, cancellation: options.cancellation
    ) { chunk, block in
      let posteriors = labeling.posteriors(chunk, block)
      sampler.add(chunk, block) { document in
        let posterior = posteriors.posterior(document)
        let label = fit.decision.label(posterior)
        return (label, posterior[posterior.startIndex + label])
      }
    }
    return sampler
  }
}
