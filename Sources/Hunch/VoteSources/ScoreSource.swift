import Foundation
import HunchModels
import HunchText

/// What a model says of documents: a class with or without a score, or a probability for each class.
///
/// Each band of scores is a labeling function, so that the label model learns how much votes of
/// different scores are worth.
struct ScoreSource: VoteSource {
  let path: String
  let columns: ModelColumns
  let content: String
  /// The gold labels that choose thresholds; nil where none do.
  let gold: ThresholdGold?
  /// Which class each probability is of, by place among the columns.
  private let classes: [Int]
  private let classCount: Int

  let version = "scores-2"

  /// How far a probability may be beyond 0 and 1, and those of a row from summing to 1, for rounding.
  static let tolerance = 0.02

  init(path: String, columns: ModelColumns, labels: [String], gold: ThresholdGold?) throws {
    self.path = path
    self.columns = columns
    self.gold = gold
    classCount = labels.count
    var named: [String] = []
    switch columns.votes {
    case .label: classes = []
    case .probabilities(let columns):
      classes = labels.indices.filter { columns[labels[$0]] != nil }
      named += columns.keys
      if classes.count < labels.count - 1 {
        let missing = labels.filter { columns[$0] == nil }.joined(separator: ", ")
        throw HunchError.voteClasses(
          path: path,
          problem: "'probabilities' has no column for \(missing); one class may be "
            + "left out, which gets the rest")
      }
    }
    if case .given(let scores) = columns.thresholds { named += scores.keys }
    if let unknown = named.sorted().first(where: { !labels.contains($0) }) {
      throw HunchError.voteClasses(
        path: path,
        problem: "'\(unknown)' is no class; the classes are \(labels.joined(separator: ", "))")
    }
    _ = try TableReader(path: path, columns: Self.wanted(columns, labels))
    content = try ContentHash.file(path)
  }

  private static func wanted(_ columns: ModelColumns, _ labels: [String]) -> [String] {
    switch columns.votes {
    case .label(let label, let score): [columns.document, label] + (score.map { [$0] } ?? [])
    case .probabilities(let named): [columns.document] + labels.compactMap { named[$0] }
    }
  }

  var functions: [SourceFunction] {
    let names =
      switch columns.bands {
      case 1: [""]
      case 2: [".low", ".high"]
      case 3: [".low", ".mid", ".high"]
      default: (1...columns.bands).map { ".\($0)" }
      }
    return names.enumerated().map { index, name in
      SourceFunction(
        name: columns.name + name, kind: "model",
        summary: columns.bands == 1
          ? nil : "part \(index + 1) of \(columns.bands) of its votes for each class, by score",
        place: "\(index)")
    }
  }

  var parts: [(name: String, text: String)] {
    let labels = Self.wanted(columns, columns.names)
    return [
      ("scores", content), ("columns", labels.joined(separator: "\n")),
      ("thresholds", columns.thresholds.words), ("bands", "\(columns.bands)"),
    ] + (gold.map { [("gold labels", $0.identity)] } ?? [])
  }

  private struct Scored {
    var id: String
    var label: Int
    var score: Double
  }

  func read(
    labels: [String], models: ModelStore,
    _ row: (_ id: String, _ votes: [Int16], _ rows: Int) throws -> Bool
  ) throws {
    let silent = [Int16](repeating: -1, count: columns.bands)
    let (scored, lines) = try scores(labels: labels)
    let plan = try keep(self.plan(scored, labels: labels), labels: labels, models: models)
    for (place, each) in scored.enumerated() {
      var votes = silent
      if each.label >= 0, let band = plan.band(each.label, each.score) {
        votes[band] = Int16(each.label)
      }
      if try !row(each.id, votes, 1) {
        throw HunchError.duplicateVote(path: path, line: lines[place], hint: try crowdHint())
      }
    }
  }

  /// What to do where another column of the file seems to name workers.
  private func crowdHint() throws -> String? {
    let others = Set(Self.wanted(columns, columns.names))
    return VoteRows.crowdHint(
      try TableReader(path: path).columns.filter { !others.contains($0) })
  }

  /// The thresholds and bands, from the workspace where they were chosen before.
  func plan(labels: [String], models: ModelStore) throws -> ScorePlan {
    try kept(labels: labels, models: models) {
      try plan(scores(labels: labels).scored, labels: labels)
    }
  }

  private func plan(_ scored: [Scored], labels: [String]) throws -> ScorePlan {
    ScorePlan(
      scored.map { ($0.label, $0.score) }, classCount: classCount, bands: columns.bands,
      thresholds: try thresholds(scored, labels: labels))
  }

  /// Whether scores are probabilities that say how right votes are.
  var claims: Bool {
    if case .label(_, score: nil) = columns.votes { false } else { true }
  }

  private func thresholds(_ scored: [Scored], labels: [String]) throws -> [Double] {
    switch columns.thresholds {
    case .auto: return [Double](repeating: 0, count: classCount)
    case .given(let scores): return labels.map { scores[$0] ?? 0 }
    case .quantile(let share):
      return (0..<classCount).map { label in
        let scores = scored.filter { $0.label == label }.map(\.score).sorted()
        return scores.isEmpty
          ? 0 : scores[min(scores.count - 1, Int(share * Double(scores.count)))]
      }
    case .valid:
      guard let gold else { return [Double](repeating: 0, count: classCount) }
      var judged = [[(score: Double, isRight: Bool)]](repeating: [], count: classCount)
      for each in scored where each.label >= 0 {
        let plain = DocumentID.plain(each.id) ?? each.id
        guard let label = gold.labels[ByteKey(text: each.id)] ?? gold.labels[ByteKey(text: plain)]
        else { continue }
        judged[each.label].append((each.score, Int(label) == each.label))
      }
      return judged.map(ScorePlan.threshold)
    }
  }

  /// All rows with their classes and scores, and the lines on which they stand.
  private func scores(labels: [String]) throws -> (scored: [Scored], lines: [Int]) {
    let wanted = Self.wanted(columns, labels)
    let reader = try TableReader(path: path, columns: wanted)
    let parser = VoteParser(labels: labels)
    var scored: [Scored] = []
    var lines: [Int] = []
    while let row = try reader.next() {
      let (label, score) =
        classes.isEmpty
        ? try labeled(row, wanted, parser) : try mostProbable(row, wanted)
      scored.append(Scored(id: row.values[0] ?? "", label: label, score: score))
      lines.append(row.line)
    }
    return (scored, lines)
  }

  private func labeled(
    _ row: TableRow, _ wanted: [String], _ parser: VoteParser
  ) throws -> (Int, Double) {
    guard let vote = parser.vote(row.values[1]) else {
      throw HunchError.badCell(
        path: path, line: row.line, column: wanted[1], parser.problem(row.values[1] ?? ""))
    }
    if vote < 0 || wanted.count < 3 { return (Int(vote), 1) }
    return (Int(vote), try probability(row, 2, wanted))
  }

  private func mostProbable(_ row: TableRow, _ wanted: [String]) throws -> (Int, Double) {
    if row.values.dropFirst().allSatisfy(VoteParser.isMissing) { return (-1, 0) }
    var probabilities = [Double](repeating: 0, count: classCount)
    for (place, label) in classes.enumerated() {
      probabilities[label] = try probability(row, place + 1, wanted)
    }
    let sum = probabilities.reduce(0, +)
    let isComplete = classes.count == classCount
    guard sum <= 1 + Self.tolerance, !isComplete || sum >= 1 - Self.tolerance else {
      throw HunchError.badCell(
        path: path, line: row.line, column: wanted.dropFirst().joined(separator: ", "),
        CellProblem(words: "the probabilities sum to \(Figures.fixed(sum, 3)), not to 1"))
    }
    if !isComplete, let rest = (0..<classCount).first(where: { !classes.contains($0) }) {
      probabilities[rest] = max(0, 1 - sum)
    }
    let label = DecisionRule.mostProbable.label(probabilities)
    return (label, min(1, probabilities[label]))
  }

  private func probability(_ row: TableRow, _ place: Int, _ wanted: [String]) throws -> Double {
    guard let cell = row.values[place], let value = PlainNumber.value(cell.trimmed),
      value >= -Self.tolerance, value <= 1 + Self.tolerance
    else {
      throw HunchError.badCell(
        path: path, line: row.line, column: wanted[place],
        CellProblem(words: "not a probability: a number from 0 to 1"))
    }
    return min(1, max(0, value))
  }
}

extension ModelColumns {
  /// The classes that have columns, in order.
  fileprivate var names: [String] {
    if case .probabilities(let columns) = votes { columns.keys.sorted() } else { [] }
  }
}

/// The gold labels that may choose thresholds: those that the label model may see, without any of
/// the test split.
struct ThresholdGold: Sendable {
  var labels: [ByteKey: Int16] = [:]
  /// Stands for ids and labels.
  var identity = ""
}

/// From which scores on a model votes, and where its bands begin.
struct ScorePlan: Codable, Sendable {
  /// By class.
  var thresholds: [Double]
  /// Classes × bands, the least score of each.
  var cuts: [Double]
  /// The mean score and the votes of each band and class, bands × classes; 0 without votes.
  var means: [Double]
  var votes: [Int]
  /// The rows with a class that is below its threshold.
  var abstentions: Int

  private var bands: Int { cuts.count / max(1, thresholds.count) }

  init(
    _ scored: [(label: Int, score: Double)], classCount: Int, bands: Int, thresholds: [Double]
  ) {
    self.thresholds = thresholds
    abstentions = 0
    var byClass = [[Double]](repeating: [], count: classCount)
    for (label, score) in scored where label >= 0 {
      if score >= thresholds[label] { byClass[label].append(score) } else { abstentions += 1 }
    }
    cuts = []
    for label in 0..<classCount {
      byClass[label].sort()
      let scores = byClass[label]
      for band in 0..<bands {
        cuts.append(
          scores.isEmpty || band == 0 ? 0 : scores[band * scores.count / bands])
      }
    }
    means = [Double](repeating: 0, count: bands * classCount)
    votes = [Int](repeating: 0, count: bands * classCount)
    for (label, score) in scored where label >= 0 {
      guard let band = band(label, score) else { continue }
      means[band * classCount + label] += score
      votes[band * classCount + label] += 1
    }
    for cell in means.indices where votes[cell] > 0 { means[cell] /= Double(votes[cell]) }
  }

  /// The band of a vote; nil below the threshold.
  func band(_ label: Int, _ score: Double) -> Int? {
    if score < thresholds[label] { return nil }
    return (0..<bands).last { score >= cuts[label * bands + $0] }
  }

  /// The fewest votes with gold labels from which a threshold is chosen.
  static let leastJudged = 20

  /// The score from which on right votes exceed wrong ones by most, the lowest of several; 0 for
  /// fewer than ``leastJudged`` votes.
  static func threshold(_ judged: [(score: Double, isRight: Bool)]) -> Double {
    if judged.count < leastJudged { return 0 }
    let sorted = judged.sorted { $0.score > $1.score }
    var (balance, best, threshold) = (0, 0, Double.infinity)
    for (place, vote) in sorted.enumerated() {
      balance += vote.isRight ? 1 : -1
      // Equal scores stand or fall together.
      if place + 1 < sorted.count, sorted[place + 1].score == vote.score { continue }
      if balance >= best { (best, threshold) = (balance, vote.score) }
    }
    // Where all votes are worth it, those below the lowest judged score are too.
    return balance >= best ? 0 : min(1, threshold)
  }
}
