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
    let counts = table.counts(of: nil)
    let gold = table.goldCounts(of: nil)
    let hasGold = gold.contains { $0 > 0 }
    let analysis = LabelingAnalysis(
      patterns: table.patterns, counts: counts, goldCounts: hasGold ? gold : nil)
    let votes = analysis.functions.map(\.covered)
    let fit = try fit()
    let classes = htmlClasses(table, counts, gold, analysis, fit)
    let (functions, exampleFunctions) = try htmlFunctions(analysis, fit, classes, texts: texts)
    let (training, problem) = try trainingOrProblem()
    let isEvaluated = hasGold && training != nil
    return HTMLReportFacts(
      name: htmlName, pack: project.pack?.name, packSummary: project.pack?.summary,
      corpus: "\(project.configuration.corpus.path), "
        + project.configuration.corpus.source.description,
      splits: Split.allCases.map { htmlSize(of: $0, table) }, applied: try apply(),
      analysis: analysis, functions: functions, classes: classes,
      pairs: HTMLPairTable(
        patterns: table.patterns, counts: counts, votes: votes, limit: Self.htmlPairFunctions),
      conflicts: htmlConflicts(table, counts, gold), fit: fit, training: training,
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
    let counts = table.counts(of: split)
    let covered = counts.indices.reduce(0) {
      $0 + (table.patterns.isCovered($1) ? counts[$1] : 0)
    }
    let size = table.size(of: split)
    return .init(
      name: split.name, documents: size.documents, gold: size.gold, covered: covered)
  }

  private func htmlConflicts(
    _ table: VoteTable, _ counts: [Int], _ gold: [Int]
  ) -> [HTMLReportFacts.Conflict] {
    let conflicts = LabelingAnalysis.conflicts(patterns: table.patterns, counts: counts)
    return conflicts.enumerated().map { place, conflict in
      .init(
        first: conflict.first, second: conflict.second, disagreements: conflict.disagreements,
        agreements: conflict.agreements,
        examples: Array(conflict.patterns.lazy.flatMap { table.examples[$0] }.prefix(5)),
        gold: place < HTMLPage.listedPairs ? verdict(conflict, table.patterns, gold) : nil)
    }
  }

  /// With which of two functions gold sides where they disagree.
  private func verdict(
    _ conflict: FunctionConflict, _ patterns: VotePatterns, _ gold: [Int]
  ) -> (first: Int, second: Int, neither: Int) {
    var sides = (first: 0, second: 0, neither: 0)
    for pattern in conflict.patterns {
      var votes = (first: -1, second: -1)
      for entry in patterns.entries(of: pattern) {
        let function = Int(patterns.functions[entry])
        if function == conflict.first { votes.first = Int(patterns.votes[entry]) }
        if function == conflict.second { votes.second = Int(patterns.votes[entry]) }
      }
      for label in 0..<patterns.classCount {
        let count = gold[pattern * patterns.classCount + label]
        if label == votes.first {
          sides.first += count
        } else if label == votes.second {
          sides.second += count
        } else {
          sides.neither += count
        }
      }
    }
    return sides
  }

  private func htmlClasses(
    _ table: VoteTable, _ counts: [Int], _ gold: [Int], _ analysis: LabelingAnalysis,
    _ fit: FitReport
  ) -> [HTMLReportFacts.Class] {
    var classes = project.labels.enumerated().map { index, name in
      HTMLReportFacts.Class(
        name: name, functions: analysis.functions.count { $0.votesByClass[index] > 0 },
        documents: 0, gold: 0, goldCovered: 0, goldReached: 0, balance: fit.classBalance[index])
    }
    let patterns = table.patterns
    for pattern in 0..<patterns.count {
      let votes = Set(patterns.entries(of: pattern).map { Int(patterns.votes[$0]) })
      for label in classes.indices {
        let onGold = gold[pattern * classes.count + label]
        classes[label].gold += onGold
        if !votes.isEmpty { classes[label].goldCovered += onGold }
        if votes.contains(label) {
          classes[label].documents += counts[pattern]
          classes[label].goldReached += onGold
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
    var table = try voteTable()
    let fit = try labelFit()
    let winners = (0..<table.patterns.count).map { pattern in
      let posterior = fit.posterior(pattern)
      let winner = Self.winner(posterior)
      return (winner, posterior[posterior.startIndex + winner])
    }
    var sampler = HTMLExampleSampler(
      functions: functions, of: catalog.functions.count, seed: project.configuration.seed,
      wantsTexts: texts)
    try votePass().run(wantsTexts: texts, cancellation: options.cancellation) { chunk, block in
      let patterns = table.patternIDs(of: block)
      sampler.add(chunk, block) { winners[Int(patterns[$0])] }
    }
    return sampler
  }
}
