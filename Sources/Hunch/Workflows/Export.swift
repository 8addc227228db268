import Foundation
import HunchModels
import HunchText

/// A file that takes what a project knows of its documents: a table in the order of the corpus, or the
/// trained model.
package struct Export {
  private let path: String
  private let format: TableFormat?
  private let isSafe: Bool

  /// Names the file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` for standard output.
  ///   - format: How a table is written; `nil` for what the file's ending says.
  ///   - isSafe: Whether texts that a spreadsheet takes for formulas are marked as texts.
  package init(to path: String, format: TableFormat? = nil, isSafe: Bool = false) {
    (self.path, self.format, self.isSafe) = (path, format, isSafe)
  }

  /// Writes the labels given by hand, in the order in which they were given.
  ///
  /// - Returns: The number of labels; damaged ones are left out.
  package func labels(_ session: Session) throws -> Int {
    let (labels, _) = try LabelStore(workspace: session.workspace).all()
    let writer = try TableWriter(
      path: path, format: format, columns: LabelFile.columns, isSafe: isSafe)
    for label in labels {
      let number = Int64(label.id).flatMap { String($0) == label.id ? $0 : nil }
      try writer.write([
        number.map { .integer(Int($0)) } ?? .text(label.id), .text(label.label),
        .text(label.use.name), .text(label.time),
      ])
    }
    try writer.finish()
    return labels.count
  }

  /// Writes the trained model, with its figures on the split that is evaluated when none is named.
  ///
  /// - Parameter date: What the file says of when it was written; empty for nothing, so that the same
  ///   input gives the same bytes.
  package func model(_ trained: TrainedClassifier, date: String = "") throws {
    let bytes = try documented(trained, date: date).encoded()
    if path != "-" { return try ReplacedFile.write(bytes, to: path) }
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch { throw TableError.standardOutput(error) }
  }

  private func documented(_ trained: TrainedClassifier, date: String) throws -> TextClassifier {
    let classifier = trained.classifier
    guard var provenance = classifier.provenance else { return classifier }
    provenance.date = date
    if let split = trained.votes.evaluatedSplit,
      let metrics = try EvaluateReport(trained, split: split).classifier?.metrics
    {
      provenance.figures += [
        ("documents", Double(metrics.documents)), ("accuracy", metrics.accuracy),
        ("macro_f1", metrics.macroF1), ("log_loss", metrics.logLoss), ("ece", metrics.ece),
      ].map { ModelProvenance.Figure(name: "\(split.name)_\($0.0)", value: $0.1) }
    }
    return classifier.withProvenance(provenance)
  }

  /// Writes the votes.
  ///
  /// - Returns: The number of documents.
  package func votes(_ applied: AppliedVotes) throws -> Int {
    let (functions, project) = (applied.catalog.functions.map(\.name), applied.project)
    let isMember = functions.contains(VoteRows.id)
    let writer = try TableWriter(
      path: path, format: format, columns: [VoteRows.id] + (isMember ? [] : functions),
      members: isMember ? functions : [], of: VoteRows.object, isSafe: isSafe)
    // A number would be read as the name of a class.
    let names = ClassNames(project.labels).haveWholeNumber ? project.labels : nil
    var rows = 0
    try applied.pass.run(.votes) { chunk, block in
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

  /// Writes the label model's labels and probabilities.
  ///
  /// - Returns: The number of documents.
  package func posteriors(_ labels: FittedLabels) throws -> Int {
    let names = labels.project.labels
    let (labeling, decision) = (labels.labeling, labels.fit.decision)
    let writer = try TableWriter(
      path: path, format: format, columns: ["id", "split", "covered", "label"],
      members: names, of: "probabilities", isSafe: isSafe)
    var rows = 0
    try labels.pass.run(labeling.needs) { chunk, block in
      (chunk: chunk, posteriors: labeling.posteriors(chunk, block))
    } take: { chunk, posteriors in
      for document in 0..<chunk.count {
        let isCovered = posteriors.isCovered(document)
        let posterior = posteriors.posterior(document)
        try writer.write(
          [
            chunk.ids[document].cell, .text(chunk.splits[document].name),
            .boolean(isCovered),
            isCovered ? .text(names[decision.label(posterior)]) : .null,
          ] + posterior.map(TableValue.real))
      }
      rows += chunk.count
    }
    try writer.finish()
    return rows
  }

  /// Writes the classifier's labels and probabilities.
  ///
  /// - Returns: The number of documents.
  package func predictions(_ trained: TrainedClassifier) throws -> Int {
    let names = trained.project.labels
    let (classifier, values) = (trained.classifier, trained.values)
    let classes = names.count
    let writer = try TableWriter(
      path: path, format: format, columns: ["id", "split", "label"], members: names,
      of: "probabilities", isSafe: isSafe)
    var rows = 0
    try trained.pass.run(PassNeeds.texts.union(values.needs())) { chunk, _ in
      let probabilities = classifier.probabilities(
        chunk.texts, values: try values.values(chunk, of: Array(0..<chunk.count)))
      return (chunk: chunk, probabilities: probabilities.map(Double.init))
    } take: { chunk, probabilities in
      for document in 0..<chunk.count {
        let row = probabilities[document * classes..<(document + 1) * classes]
        try writer.write(
          [
            chunk.ids[document].cell, .text(chunk.splits[document].name),
            .text(names[DecisionRule.mostProbable.label(row)]),
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
