import Foundation
import HunchModels
import HunchText

/// What can be written to a file.
public enum ExportKind: String, Sendable, CaseIterable {
  /// One column per function: class index or -1; where a class is named by a whole number, class name
  /// or nothing.
  case votes
  /// The label model's probabilities.
  case posteriors
  /// The classifier's probabilities.
  case predictions
  /// The classifier as a model file.
  case model
  /// The labels that were given by hand.
  case labels
}

extension Pipeline {
  /// Writes votes, posteriors or predictions of every document in corpus order as CSV, TSV or
  /// JSONL by the file's ending, likewise the labels given by hand, or the trained model as its own
  /// file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` for standard output.
  ///   - date: What a model file says of when it was written; empty for nothing, so that the same
  ///     input gives the same bytes.
  ///   - isSafe: Whether texts that a spreadsheet takes for formulas are marked as texts.
  /// - Returns: The number of documents written, 0 for the model.
  public func export(
    _ kind: ExportKind, to path: String, format: TableFormat? = nil, date: String = "",
    isSafe: Bool = false
  ) throws -> Int {
    switch kind {
    case .votes: return try exportVotes(path, format, isSafe)
    case .posteriors: return try exportPosteriors(path, format, isSafe)
    case .predictions: return try exportPredictions(path, format, isSafe)
    case .labels: return try exportLabels(path, format, isSafe)
    case .model:
      let bytes = try documentedClassifier(date: date).encoded()
      if path == "-" {
        do {
          try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch { throw TableError.standardOutput(error) }
        return 0
      }
      try ReplacedFile.write(bytes, to: path)
      return 0
    }
  }

  /// The classifier with what is known of it: its figures on the split that `evaluate` would take.
  private func documentedClassifier(date: String) throws -> TextClassifier {
    let classifier = try classifier().classifier
    guard var provenance = classifier.provenance else { return classifier }
    provenance.date = date
    if let split = try defaultEvaluationSplit(),
      let metrics = try evaluate(split: split).classifier?.metrics
    {
      provenance.figures += [
        ("documents", Double(metrics.documents)), ("accuracy", metrics.accuracy),
        ("macro_f1", metrics.macroF1), ("log_loss", metrics.logLoss), ("ece", metrics.ece),
      ].map { ModelProvenance.Figure(name: "\(split.name)_\($0.0)", value: $0.1) }
    }
    return classifier.withProvenance(provenance)
  }

  private func exportVotes(_ path: String, _ format: TableFormat?, _ isSafe: Bool) throws -> Int {
    let functions = catalog.functions.map(\.name)
    let isMember = functions.contains(VoteRows.id)
    let writer = try TableWriter(
      path: path, format: format, columns: [VoteRows.id] + (isMember ? [] : functions),
      members: isMember ? functions : [], of: VoteRows.object, isSafe: isSafe)
    // A number would be read as the name of a class.
    let names = ClassNames(project.labels).haveWholeNumber ? project.labels : nil
    var rows = 0
    try votePass().run(wantsTexts: false, cancellation: options.cancellation) { chunk, block in
      for document in 0..<chunk.count {
        var cells = [chunk.ids[document].cell]
        for column in block.columns {
          let vote = column.isEmpty ? -1 : Int(column[document])
          if let names {
            cells.append(vote < 0 ? .null : .text(names[vote]))
          } else {
            cells.append(.integer(vote))
          }
        }
        try writer.write(cells)
      }
      rows += chunk.count
    }
    try writer.finish()
    return rows
  }

  private func exportPosteriors(_ path: String, _ format: TableFormat?, _ isSafe: Bool) throws
    -> Int
  {
    let fit = try labelFit()
    let writer = try TableWriter(
      path: path, format: format, columns: ["id", "split", "covered", "label"],
      members: project.labels, of: "probabilities", isSafe: isSafe)
    var rows = 0
    let labeling = try labeling()
    try votePass().run(
      wantsTexts: labeling.readsTexts, cancellation: options.cancellation
    ) { chunk, block in
      let posteriors = labeling.posteriors(chunk, block)
      for document in 0..<chunk.count {
        let isCovered = posteriors.isCovered(document)
        let posterior = posteriors.posterior(document)
        try writer.write(
          [
            chunk.ids[document].cell, .text(chunk.splits[document].name),
            .boolean(isCovered),
            isCovered ? .text(project.labels[fit.decision.label(posterior)]) : .null,
          ] + posterior.map(TableValue.real))
      }
      rows += chunk.count
    }
    try writer.finish()
    return rows
  }

  private func exportPredictions(_ path: String, _ format: TableFormat?, _ isSafe: Bool) throws
    -> Int
  {
    let classifier = try classifier().classifier
    let values = try documentValues()
    let classes = project.labels.count
    let writer = try TableWriter(
      path: path, format: format, columns: ["id", "split", "label"], members: project.labels,
      of: "probabilities", isSafe: isSafe)
    var rows = 0
    try votePass().run(
      wantsTexts: true, wantsFeatures: !values.isEmpty, cancellation: options.cancellation
    ) { chunk, _ in
      let probabilities = classifier.probabilities(
        chunk.texts, values: try values.values(chunk, of: Array(0..<chunk.count))
      ).map(Double.init)
      for document in 0..<chunk.count {
        let row = probabilities[document * classes..<(document + 1) * classes]
        try writer.write(
          [
            chunk.ids[document].cell, .text(chunk.splits[document].name),
            .text(project.labels[Self.winner(row)]),
          ] + row.map(TableValue.real))
      }
      rows += chunk.count
    }
    try writer.finish()
    return rows
  }
}

extension DocumentID {
  /// The id as a cell of a table.
  var cell: TableValue {
    switch self {
    case .integer(let value): .integer(Int(value))
    case .text(let value): .text(value)
    }
  }
}
