/// A file of votes made elsewhere, and what its columns mean.
package struct VoteConfiguration: Sendable, Equatable {
  /// How votes stand in the file.
  package enum Form: Sendable, Equatable {
    /// One row for each document, one column for each function.
    case wide
    /// One row for each answer of a worker.
    case crowd(CrowdColumns)
    /// One row for each document with what one model says.
    case model(ModelColumns)
  }

  /// The file: CSV, TSV or JSONL by its ending.
  package var path: String
  package var form: Form

  package init(path: String, form: Form = .wide) {
    self.path = path
    self.form = form
  }
}

package struct CrowdColumns: Sendable, Equatable {
  /// What functions and reports call the crowd.
  package var name: String
  /// The column with the document's id.
  package var document: String
  package var worker: String
  package var label: String

  package init(name: String, document: String, worker: String, label: String) {
    self.name = name
    self.document = document
    self.worker = worker
    self.label = label
  }
}

package struct ModelColumns: Sendable, Equatable {
  package enum Votes: Sendable, Equatable {
    /// A column with the class and, if there is one, a column with its probability.
    case label(String, score: String?)
    /// For each class by name the column with its probability.
    case probabilities([String: String])
  }

  /// What functions and reports call the model.
  package var name: String
  /// The column with the document's id.
  package var document: String
  package var votes: Votes
  /// Below which score it abstains.
  package var thresholds: ScoreThresholds
  /// The bands of scores, each a function of its own, from 1.
  package var bands: Int

  package init(
    name: String, document: String, votes: Votes, thresholds: ScoreThresholds = .auto,
    bands: Int = ModelColumns.defaultBands
  ) {
    self.name = name
    self.document = document
    self.votes = votes
    self.thresholds = thresholds
    self.bands = bands
  }

  /// The bands where nothing else is said.
  package static let defaultBands = 3
}

/// Below which score a model abstains.
package enum ScoreThresholds: Sendable, Equatable {
  /// Nowhere: the label model learns how much low scores are worth.
  case auto
  /// For each class where gold labels that the label model may see say that votes below are wrong
  /// more often than right.
  case valid
  /// For each class, the lowest scores of this share of its votes.
  case quantile(Double)
  /// Given by class name; others have none.
  case given([String: Double])
}

extension VoteConfiguration {
  /// For the record of a run: the path, and what of the rest is not as it would be anyway.
  var words: String {
    switch form {
    case .wide: path
    case .crowd(let columns): "\(path) (crowd \(columns.name))"
    case .model(let columns):
      "\(path) (model \(columns.name), \(columns.thresholds.words), \(columns.bands) bands)"
    }
  }
}

extension ScoreThresholds {
  /// For records and hashes.
  var words: String {
    switch self {
    case .auto: "no threshold"
    case .valid: "thresholds by gold"
    case .quantile(let share): "quantile \(share)"
    case .given(let scores):
      scores.sorted { $0.key < $1.key }.map { "\($0.key) from \($0.value)" }
        .joined(separator: ", ")
    }
  }
}

extension ProjectConfiguration {
  /// Whether gold labels choose thresholds of scores.
  var choosesThresholds: Bool {
    votes.contains {
      if case .model(let columns) = $0.form { columns.thresholds == .valid } else { false }
    }
  }
}
