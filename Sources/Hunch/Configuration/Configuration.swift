package import HunchModels

/// What `hunch.yaml` says. Paths stand as written, relative to the project's folder.
package struct ProjectConfiguration: Sendable, Equatable {
  /// The Swift files with the rules; none when all votes come from files, or the rules are part of a
  /// program that embeds Hunch.
  package var rules: [RulePath] = []

  /// The rule pack to run, where there are several, or rules are part of the program.
  package var pack: String?

  /// The classes, needed only without a rule pack.
  package var labels: [String]?

  /// What belongs to a class, by its name, for whoever reads or writes rules: people and language
  /// models.
  package var labelDescriptions: [LabelDescription] = []

  package var corpus: CorpusConfiguration

  /// Files with votes made elsewhere.
  package var votes: [VoteConfiguration] = []

  /// External knowledge bases by the name that rules use, in the order written.
  package var knowledge: [KnowledgeConfiguration] = []

  /// How the class balance is found; nil leaves it to the label model.
  package var classBalance: ClassBalance?

  /// The class balance for which labels are chosen.
  package var decisionBalance = DecisionBalance.same

  /// Labeling functions that their author knows look for the same thing.
  package var functionGroups: [FunctionGroup] = []

  /// Which gold labels the label model may see; nil for those that the corpus marks as repair gold.
  package var labelModelGold: LabelModelGold?

  package var labelModel = "auto"

  package var endModel = EndModelConfiguration()

  /// What the classifier looks at beside the texts.
  package var features = DenseColumns()

  /// What rules that ask a language model may do; nil where nothing is said.
  package var languageModel: LanguageModelConfiguration?

  /// The figures that `hunch test` holds the rules to.
  package var checks = Checks()

  /// The seed of everything that draws at random.
  package var seed: UInt64 = 0
}

/// A Swift file with rules, or a folder of them.
package struct RulePath: Sendable, Equatable {
  package var path: String
  /// The line of `hunch.yaml`, for messages.
  package var line: Int
}

/// What belongs to a class.
package struct LabelDescription: Sendable, Equatable {
  package var label: String
  /// What belongs to it, in a sentence or two.
  package var text: String
  /// The line of `hunch.yaml`, for messages.
  package var line: Int
}

/// Where the documents are and which columns mean what.
package struct CorpusConfiguration: Sendable, Equatable {
  /// A table or view by name, or a query.
  package enum Source: Sendable, Equatable {
    case table(String)
    case query(String)

    /// For messages.
    package var description: String {
      switch self {
      case .table(let name): "table '\(name)'"
      case .query: "the query"
      }
    }
  }

  /// The SQLite file.
  package var path: String
  package var source: Source
  /// The column with the document's id: an integer or a text, unique.
  package var id: String
  /// The column with the document's text.
  package var text: String
  /// The column with class names where they are known.
  package var gold: String?
  /// The column with `train`, `valid` or `test`.
  package var split: String?
  /// The column with `audit` or `repair`: what a document's gold label is for.
  package var goldUse: String?
}

/// Which gold labels a label model may see where the corpus does not say.
package enum LabelModelGold: Sendable, Equatable {
  /// None, not even those that the corpus marks as repair gold.
  case unused
  /// Those of the valid split, except what the corpus marks as audit gold, and all repair gold.
  case valid
}

/// What the classifier learns from, beside gold labels that may be learned from.
package struct EndModelConfiguration: Sendable, Equatable {
  /// Which documents of the train split.
  package enum Documents: String, Sendable, CaseIterable {
    /// Those with a vote.
    case covered
    /// All; those without a vote get the class balance.
    case all
    /// All; those without a vote get what classifiers of the others say of them, and count the more
    /// the surer that is.
    case selfTraining = "self-training"
  }

  /// Which documents of the train split.
  package var documents = Documents.covered

  /// Whether a document counts by the probability of its most probable class, not 1.
  package var weighsConfidence = false

  /// The share of the documents of each class that are kept: those on which classifiers that have
  /// not seen a document agree most with its label. From 0, exclusive, to 1.
  package var cut = 1.0

  /// Whether of more documents than memory holds all are learned from, in passes over a file, instead
  /// of an even part. They all count the same then.
  package var streams = false

  /// Whether weights are found by gradient descent that finds its own step size. All documents count
  /// the same then.
  package var isParameterFree = false

  /// Creates the default: documents with a vote, all alike.
  package init() {}
}

/// A knowledge base: a file or a table, and tables that are joined to it.
package struct KnowledgeConfiguration: Sendable, Equatable {
  /// Where the rows come from.
  package enum Source: Sendable, Equatable {
    /// CSV, TSV or JSONL by the file's ending.
    case file(String)
    case sqlite(path: String, table: String)

    /// The file, as written.
    package var path: String {
      switch self {
      case .file(let path), .sqlite(let path, _): path
      }
    }
  }

  /// A column with names of the entity.
  package struct Names: Sendable, Equatable {
    package var column: String
    /// What stands between several names of one cell; `nil` where a cell is one name.
    package var separator: String?
  }

  /// A table whose rows add to those of the base.
  package struct Join: Sendable, Equatable {
    package var source: Source
    /// Its column with the key of a row of the base.
    package var key: String
    /// The column of the base that holds that key; `nil` for the base's own key.
    package var on: String?
    /// Columns with further names of the entity.
    package var names: [Names] = []
    /// The columns to take; `nil` for all but the key.
    package var columns: [String]?
    /// What goes before the names of its columns.
    package var prefix = ""
  }

  /// The name that rules and reports use.
  package var name: String
  package var source: Source
  /// The column that names the entity or key.
  package var key: String
  /// The columns with names of the entity; `nil` for the key.
  package var names: [Names]?
  /// Tables joined to the first, in the order written.
  package var joins: [Join] = []

  /// The files that the base is made of, as written.
  package var paths: [String] { [source.path] + joins.map(\.source.path) }
}

/// How the class balance is found.
package enum ClassBalance: Sendable, Equatable {
  /// Every class is equally frequent.
  case uniform
  /// As frequent as in the gold labels of the valid split.
  case valid
  /// Learned from the votes.
  case estimate
  /// Given by class name.
  case given([String: Double])
}

/// The class balance for which labels are chosen; probabilities stay those of the class balance
/// that the label model was fitted with.
package enum DecisionBalance: Sendable, Equatable {
  /// That of the label model.
  case same
  /// Every class is equally frequent.
  case uniform
  /// Given by class name.
  case given([String: Double])
}
