import Foundation
import GRDB
import Hunch
import HunchLabeling
import HunchModels
import ProjectSupport
import TestSupport

/// The loop that suggestions are for, with the corpus's own gold labels as the person who answers:
/// label the suggested documents, paste the suggested functions, look again.
///
/// The corpus is a copy in which gold labels are hidden. Those given so far stand there as repair
/// gold; those of the test split only measure.
final class SuggestionRounds {
  /// Who chooses what.
  enum Way: Equatable {
    /// Suggested documents are labelled and suggested functions added.
    case suggested
    /// Random documents are labelled, no functions added.
    case randomDocuments(seed: UInt64)
    /// Random documents are labelled, suggested functions added.
    case randomAndFunctions(seed: UInt64)
    /// Suggested documents are labelled, no functions added.
    case documentsOnly
    /// Nothing is labelled, suggested functions added.
    case functionsOnly
  }

  struct Figures {
    var macroF1: Double
    var coverage: Double
  }

  let project: TestProject
  let pack: RulePack
  private(set) var functions: [RuleDefinition]
  /// What was added, with what was said of it.
  private(set) var added: [FunctionSuggestions.Function] = []
  /// By document id: the hidden gold label, where it may be asked for.
  private let oracle: [String: String]
  /// How many labels were given.
  private(set) var labelled = 0
  private let askedSplit: Split?
  var documentsPerRound = 10
  var functionsPerRound = 3
  var choice = DocumentChoice.value
  var tuning = FunctionFinder.Tuning()

  /// - Parameters:
  ///   - project: With `corpus.sqlite` and a table `documents` of columns id, text, gold, split,
  ///     use and hidden, and a `hunch.yaml` that names a rule pack.
  ///   - pack: The pack with the functions to begin with.
  ///   - askedSplit: The only split that may be labelled; nil for train and valid.
  init(_ project: TestProject, _ pack: RulePack, askedSplit: Split?) throws {
    self.project = project
    self.pack = pack
    self.askedSplit = askedSplit
    functions = []
    oracle = try project.inDatabase { db in
      var answers: [String: String] = [:]
      for row in try Row.fetchAll(
        db,
        sql: """
          SELECT id, hidden FROM documents WHERE hidden IS NOT NULL AND split <> 'test'
            AND split = coalesce(?, split)
          """, arguments: [askedSplit?.name])
      {
        let id: DatabaseValue = row["id"]
        answers[id.storage.value.map { "\($0)" } ?? ""] = row["hidden"]
      }
      return answers
    }
  }

  var current: ProjectSteps {
    get throws {
      var opened = try Project(directory: project.directory, packs: [pack.adding(functions)])
      opened.configuration.seed = 0
      return try ProjectSteps(opened, options: SessionOptions(threads: 2))
    }
  }

  /// Does some rounds, and measures before the first and after each.
  func run(_ rounds: Int, _ way: Way, measured: (Int) -> Bool = { _ in true }) throws -> [Figures] {
    var figures: [Figures] = []
    var random: [String] = []
    switch way {
    case .randomDocuments(let seed), .randomAndFunctions(let seed):
      var generator = SplitMix64(seed: seed)
      random = oracle.keys.sorted()
      for index in random.indices.reversed() where index > 0 {
        random.swapAt(index, generator.below(index + 1))
      }
    case .suggested, .documentsOnly, .functionsOnly: break
    }
    if measured(0) { figures.append(try measure()) }
    for round in 0..<rounds {
      switch way {
      case .randomDocuments, .randomAndFunctions:
        try label(Array(random.dropFirst(round * documentsPerRound).prefix(documentsPerRound)))
      case .functionsOnly: break
      case .suggested, .documentsOnly:
        let list = try current.suggestDocuments(
          choice, count: documentsPerRound, split: askedSplit)
        try label(list.documents.map(\.id))
      }
      switch way {
      case .suggested, .randomAndFunctions, .functionsOnly: try addFunctions()
      case .randomDocuments, .documentsOnly: break
      }
      if measured(round + 1) { figures.append(try measure()) }
    }
    return figures
  }

  private func addFunctions() throws {
    let suggestions = try current.suggestFunctions(
      count: functionsPerRound, for: nil, tuning: tuning)
    added += suggestions.functions
    functions += suggestions.functions.map(\.definition)
  }

  /// Writes the hidden labels of some documents into the corpus.
  private func label(_ ids: [String]) throws {
    for id in ids {
      guard oracle[id] != nil else { continue }
      labelled += 1
      try project.execute(
        "UPDATE documents SET gold = hidden, use = 'repair' WHERE CAST(id AS TEXT) = ?", [id])
    }
  }

  private func measure() throws -> Figures {
    let pipeline = try current
    let report = try pipeline.evaluate(split: .test)
    return Figures(
      macroF1: report.classifier?.metrics.macroF1 ?? 0,
      coverage: try pipeline.analyze(split: nil).coverage)
  }
}
