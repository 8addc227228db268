import Foundation
import HunchModels
import TestSupport

/// The figures of a model, or why there are none.
struct ModelResult: Encodable {
  var model: String
  /// Whether it is a label model of Hunch, not an oracle.
  var isLabelModel = true
  var figures: QualityFigures?
  /// For synthetic settings, how far agreement-implied accuracies are from the true ones.
  var accuracyError: Double?
  var failure: String?

  init(
    _ model: String, isLabelModel: Bool = true, _ score: () throws -> SyntheticScore
  ) {
    self.model = model
    self.isLabelModel = isLabelModel
    do {
      let result = try score()
      figures = result.figures
      accuracyError = result.accuracyError
    } catch {
      // One model that fails does not hide the figures of the others.
      failure = "\(error)"
    }
  }
}

/// A set of votes with the figures of every model.
protocol ResultSet {
  var name: String { get }
  var models: [ModelResult] { get }
  /// What a hundred gold labels bring; nil where there are too few to score on.
  var gold: GoldScore? { get }
}

extension ResultSet {
  /// The macro-F1 that label models are held against.
  var majorityF1: Double? {
    figures(of: LabelModel.majority.name)?.macroF1
  }

  func figures(of model: String) -> QualityFigures? {
    models.first { $0.model == model }?.figures
  }

  func difference(_ model: ModelResult) -> Double? {
    guard let majorityF1, let figures = model.figures else { return nil }
    return figures.macroF1 - majorityF1
  }
}

/// All label models on a corpus.
struct CorpusResult: ResultSet, Encodable {
  /// How large a corpus is.
  struct Size: Encodable {
    var documents: Int
    var functions: Int
    var classes: Int
    var coverage: Double
    /// Whether the scored documents are those of training; else those of all other splits.
    var scoresTraining: Bool
  }

  /// A classifier with its figures.
  struct EndModel: Encodable {
    var name: String
    var figures: QualityFigures
  }

  let name: String
  private(set) var size: Size?
  private(set) var models: [ModelResult] = []
  private(set) var gold: GoldScore?
  /// The classifiers; nil without documents to score on.
  private(set) var endModels: [EndModel]?
  /// Why the corpus was left out.
  private(set) var skipped: String?

  init(_ folder: Options.Folder) {
    name = folder.name
    guard folder.isPresent else {
      skipped = "not on this machine"
      return
    }
    do {
      let corpus = try LabeledCorpus(folder.url)
      let votes = corpus.labeledVotes
      size = Size(
        documents: votes.documents, functions: corpus.functionCount,
        classes: corpus.labels.count, coverage: votes.coverage,
        scoresTraining: corpus.train.hasGold)
      models = LabelModel.compared.map { choice in
        ModelResult(choice.name) { SyntheticScore(figures: try votes.score(choice).figures) }
      }
      gold = try GoldScore(votes)
      endModels = try EndModelScores(corpus)?.variants.map {
        EndModel(name: $0.name, figures: $0.figures)
      }
    } catch {
      skipped = "\(error)"
    }
  }
}

/// All label models and the oracles in a synthetic setting.
struct SettingResult: ResultSet, Encodable {
  let name: String
  let summary: String
  let classes: Int
  let functions: Int
  let documents: Int
  let draws: Int
  let coverage: Double
  let meanAdvantage: Double
  let models: [ModelResult]
  let gold: GoldScore?

  init(_ setting: SyntheticSetting) {
    let draws = SyntheticDraws(setting)
    name = setting.name
    summary = setting.summary
    classes = setting.classCount
    functions = setting.functions.count
    documents = setting.documents
    self.draws = draws.draws.count
    coverage = draws.draws.reduce(0) { $0 + $1.coverage } / Double(draws.draws.count)
    meanAdvantage = setting.meanAdvantage
    // Synthetic votes have no texts to be informed by.
    var models = LabelModel.compared.filter { !$0.readsTexts }.map { choice in
      ModelResult(choice.name) { try draws.score(choice) }
    }
    models.append(
      ModelResult("oracle", isLabelModel: false) { try draws.score(oracleKnowing: .functions) })
    if setting.hasDependencies {
      models.append(
        ModelResult("oracle, dependencies", isLabelModel: false) {
          try draws.score(oracleKnowing: .dependencies)
        })
    }
    self.models = models
    // What fails here fails above as well, and is named there.
    gold = try? draws.goldScore()
  }
}
