import Foundation
import GRDB
import TestSupport

/// A valid project without rules that a seed makes up: few documents, odd texts and names, votes in
/// files of every form, and settings of every kind.
struct RandomProject {
  let folder: Folder
  let labels: [String]
  /// The ids of its documents, as text.
  let ids: [String]
  private(set) var isMultiple = false

  private var random: SplitMix64
  private var yaml: [String] = []

  init(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    folder = try Folder()
    labels = Self.drawn(1 + random.below(12), of: Self.classNames, &random)
    let count = random.pick([0, 1, 2, 3, 5, 10, 20, 61, 75])
    ids =
      random.below(3) == 0
      ? (0..<count).map { "doc \($0)" } : (0..<count).map { "\(($0 - 3) * 7)" }
    self.random = random
    yaml.append("labels: [\(labels.map(Self.quoted).joined(separator: ", "))]")
    let columns = try writeCorpus()
    try writeVotes()
    writeSettings(columns)
    try folder.write("hunch.yaml", yaml.joined(separator: "\n") + "\n")
  }

  private static let classNames = [
    "a", "b", "spam", "ham", "Spam", "x y", " lead", "é", "日本", "😀", "a,b", "q\"q", "it's", "#c",
    "-1", "0", "1", "2", "id", "split", "label", "covered", "a:b", "[x]", "-", "yes", "null", "NaN",
    "inf", "true", "~", "0.5", "&", "<b>", "{", "%",
  ]
  private static let words = [
    "ripe", "sour", "x", "£5", "card", "fee", "日本語", "😀", "naïve", "\"", ",", "'", "9", "\n", "\t",
    "the", "a", "\u{FEFF}", "e\u{301}", "\u{200D}", "-1", "nan",
  ]
  private static let numbers: [Double] = [
    0, -1, 1, 5, 0.5, 0x1p-1070, -1e308, 1e308, .infinity, 4_611_686_018_427_387_904,
  ]
  private static let models = [
    "auto", "majority", "weighted-majority", "map-em", "adaptive", "text-informed", "dawid-skene",
    "triplet", "correlated",
  ]

  private static func drawn(
    _ count: Int, of items: [String], _ random: inout SplitMix64
  ) -> [String] {
    // Two at least: one class alone is refused.
    Array(items.shuffled(using: &random).prefix(max(2, count)))
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func cell(_ text: String) -> String {
    "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  // MARK: - Corpus

  private struct Columns {
    var gold = false
    var split = false
    var use = false
  }

  private mutating func writeCorpus() throws -> Columns {
    let columns = Columns(
      gold: random.below(3) > 0, split: random.below(2) == 0, use: random.below(3) == 0)
    var rows: [StatementArguments] = []
    let goldShare = random.pick([1, 2, 10])
    for id in ids {
      let text: String? =
        random.below(15) == 0
        ? nil
        : (0..<random.below(8)).map { _ in random.pick(Self.words) }.joined(separator: " ")
      let gold: String? = random.below(goldShare) == 0 ? random.pick(labels) : nil
      let key: any DatabaseValueConvertible = Int(id) ?? id
      rows.append([
        key, text, gold, random.pick([nil, "train", "train", "valid", "test"]),
        random.pick([nil, "audit", "repair"]),
        random.below(4) == 0 ? nil : random.pick(Self.numbers),
        random.pick([nil, "red", "blue", "5", ""]), embedding(),
      ])
    }
    try MessageProject.write(folder.path("corpus.sqlite")) { db in
      try db.execute(
        sql: "CREATE TABLE docs(id PRIMARY KEY, text, gold, split, use, num, cat, vec)")
      for row in rows {
        try db.execute(sql: "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", arguments: row)
      }
    }
    return columns
  }

  private mutating func embedding() -> Data? {
    if random.below(4) == 0 { return nil }
    var data = Data()
    for _ in 0..<3 {
      let value = random.pick([Float(1), -1, 0, 3e38, 0x1p-130, 0.25])
      data.append(
        contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) })
    }
    return data
  }

  // MARK: - Votes

  private mutating func writeVotes() throws {
    yaml.append("votes:")
    try writeColumns()
    if random.below(3) == 0 { try writeCrowd() }
    if random.below(3) == 0 { try writeScores() }
    if random.below(4) == 0 { try writeProbabilities() }
  }

  private mutating func writeColumns() throws {
    let functions = ["f", "g h", "i,j", "k\"", "日", "split", "-"].prefix(1 + random.below(7))
    var text = (["id"] + functions.map(Self.cell)).joined(separator: ",") + "\n"
    let silence = random.below(4)
    let rotates = random.below(4) == 0
    for (place, id) in ids.enumerated() where random.below(8) > 0 {
      let votes = functions.indices.map { function in
        if rotates { return Self.cell(labels[(place + function) % labels.count]) }
        return random.below(4) < silence ? "" : Self.cell(random.pick(labels))
      }
      text += ([Self.cell(id)] + votes).joined(separator: ",") + "\n"
    }
    try folder.write("votes.csv", text)
    yaml.append("  - path: votes.csv")
  }

  private mutating func writeCrowd() throws {
    var text = "document,worker,label\n"
    for id in ids {
      for worker in 0..<random.below(4) {
        text += "\(Self.cell(id)),w\(worker),\(Self.cell(random.pick(labels)))\n"
      }
    }
    try folder.write("crowd.csv", text)
    yaml.append("  - { path: crowd.csv, document: document, worker: worker, label: label }")
  }

  private mutating func writeScores() throws {
    var text = "id,label,score\n"
    for id in ids where random.below(3) > 0 {
      let score = random.pick(["0", "1", "0.5", "1e-300", "\(random.uniform())"])
      text += "\(Self.cell(id)),\(Self.cell(random.pick(labels))),\(score)\n"
    }
    try folder.write("scores.csv", text)
    let thresholds = random.pick(["", ", thresholds: auto", ", thresholds: { quantile: 0.3 }"])
    yaml.append("  - { path: scores.csv, label: label, score: score\(thresholds) }")
  }

  private mutating func writeProbabilities() throws {
    var text = "id," + labels.indices.map { "p\($0)" }.joined(separator: ",") + "\n"
    for id in ids {
      let top = random.below(labels.count)
      let shares = labels.indices.map { $0 == top ? "0.5" : "\(0.5 / Double(labels.count - 1))" }
      text += Self.cell(id) + "," + shares.joined(separator: ",") + "\n"
    }
    try folder.write("probabilities.csv", text)
    let columns = labels.enumerated().map { "\(Self.quoted($1)): p\($0)" }
    yaml.append(
      "  - { path: probabilities.csv, name: model, "
        + "probabilities: { \(columns.joined(separator: ", ")) } }")
  }

  // MARK: - Settings

  private mutating func writeSettings(_ columns: Columns) {
    var corpus = "corpus: { path: corpus.sqlite, table: docs, id: id, text: text"
    if columns.gold { corpus += ", gold: gold" }
    if columns.split { corpus += ", split: split" }
    if columns.gold, columns.use { corpus += ", gold_use: use" }
    yaml.append(corpus + " }")
    yaml.append("label_model: \(random.pick(Self.models))")
    yaml.append("seed: \(random.below(5))")
    let shares = labels.map { "\(Self.quoted($0)): \(1 / Double(labels.count))" }
    let given = "{ \(shares.joined(separator: ", ")) }"
    if random.below(2) == 0 {
      let balances = ["uniform", "estimate", given] + (columns.gold ? ["valid"] : [])
      yaml.append("class_balance: \(random.pick(balances))")
    }
    if random.below(4) == 0 {
      yaml.append("decision_balance: \(random.pick(["same", "uniform", given]))")
    }
    if random.below(3) == 0 {
      yaml.append("label_model_gold: \(random.pick(["none", "valid"]))")
    }
    var features: [String] = []
    if random.below(3) == 0 { features.append("numeric: [num]") }
    if random.below(3) == 0 { features.append("categorical: [cat]") }
    if random.below(3) == 0 { features.append("embeddings: { column: vec }") }
    if !features.isEmpty { yaml.append("features: { \(features.joined(separator: ", ")) }") }
    if random.below(2) == 0 {
      let settings = [
        "documents: all", "documents: self-training", "weights: confidence", "cut: 0.5",
        features.isEmpty ? "beyond_memory: stream" : "documents: covered",
        features.isEmpty ? "training: parameter-free" : "documents: covered",
      ]
      yaml.append("end_model: { \(random.pick(settings)) }")
    }
  }
}
