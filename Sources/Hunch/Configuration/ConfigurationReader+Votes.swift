import Foundation
import Yams

extension ConfigurationReader {
  /// The files of votes, in the order written.
  func votes(_ node: Node) throws(HunchError) -> [VoteConfiguration] {
    try items(node, "votes", "a list of '- path: FILE'").map(voteFile)
  }

  private func voteFile(_ node: Node) throws(HunchError) -> VoteConfiguration {
    let keys = try section(
      node, "votes",
      [
        "path", "name", "id", "document", "worker", "label", "score", "probabilities",
        "thresholds", "bands",
      ])
    guard let file = try string(keys, "path") else {
      throw invalid(node, "votes", "a list of '- path: FILE'")
    }
    if keys["id"] != nil, let document = keys["document"] {
      throw invalid(document, "document", "left out where 'id' names the same column")
    }
    let document = try string(keys, keys["document"] == nil ? "id" : "document") ?? "id"
    let name =
      try string(keys, "name")
      ?? ((file as NSString).lastPathComponent as NSString).deletingPathExtension
    if name.isEmpty { throw invalid(node, "name", "a name") }
    let isModel = ["score", "probabilities", "thresholds", "bands"].first { keys[$0] != nil }
    if let worker = keys["worker"] {
      if let key = isModel, let value = keys[key] {
        throw invalid(value, key, "left out for a crowd ('worker')")
      }
      let columns = CrowdColumns(
        name: name, document: document, worker: try string(worker, "worker"),
        label: try string(keys, "label") ?? "label")
      return VoteConfiguration(path: file, form: .crowd(columns))
    }
    if isModel == nil, keys["label"] == nil {
      for key in ["name", "id", "document"] {
        guard let value = keys[key] else { continue }
        throw invalid(
          value, key,
          "left out for a file with a column for each function; a crowd has a "
            + "'worker', a model a 'label' or 'probabilities'")
      }
      return VoteConfiguration(path: file)
    }
    return VoteConfiguration(
      path: file, form: .model(try model(node, keys, name: name, document: document)))
  }

  private func model(
    _ node: Node, _ keys: [String: Node], name: String, document: String
  ) throws(HunchError) -> ModelColumns {
    let votes: ModelColumns.Votes
    switch (keys["label"], keys["score"], keys["probabilities"]) {
    case (let label?, _, nil):
      let score = try string(keys, "score")
      votes = .label(try string(label, "label"), score: score)
    case (nil, nil, let node?):
      guard case .mapping(let mapping) = node, !mapping.isEmpty else {
        throw invalid(node, "probabilities", "a column for each class: { CLASS: COLUMN }")
      }
      var columns: [String: String] = [:]
      for (label, column) in mapping {
        columns[try string(label, "probabilities")] = try string(column, "probabilities")
      }
      votes = .probabilities(columns)
    default:
      throw invalid(node, "votes", "given a 'label' and perhaps a 'score', or 'probabilities'")
    }
    var columns = ModelColumns(name: name, document: document, votes: votes)
    if case .label(_, score: nil) = votes {
      for key in ["thresholds", "bands"] {
        if let value = keys[key] { throw invalid(value, key, "left out without a 'score'") }
      }
      columns.bands = 1
    }
    if let node = keys["thresholds"] { columns.thresholds = try thresholds(node) }
    if let node = keys["bands"] { columns.bands = try count(node, "bands", 1...10) }
    return columns
  }

  private func thresholds(_ node: Node) throws(HunchError) -> ScoreThresholds {
    let expected = "auto, valid, { quantile: SHARE } or a score from 0 to 1 for classes by name"
    guard case .mapping(let mapping) = node else {
      switch try string(node, "thresholds") {
      case "auto": return .auto
      case "valid": return .valid
      default: throw invalid(node, "thresholds", expected)
      }
    }
    var scores: [String: Double] = [:]
    for (key, value) in mapping {
      guard let score = Double(try string(value, "thresholds")), (0...1).contains(score) else {
        throw invalid(value, "thresholds", expected)
      }
      scores[try string(key, "thresholds")] = score
    }
    if scores.count == 1, let share = scores["quantile"] { return .quantile(share) }
    return .given(scores)
  }
}
