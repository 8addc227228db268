import HunchModels

extension HTMLPage {
  // MARK: - Table

  func functionTable() -> HTMLView.FunctionTable {
    let scale = facts.functions.map(\.figures.coverage).max() ?? 0
    let votes = facts.functions.reduce(0) { $0 + $1.figures.covered }
    return HTMLView.FunctionTable(
      explanation: "Coverage, overlaps and conflicts are shares of all documents. A bar's full "
        + "width is the largest coverage, \(Figures.percent(scale)).",
      caption: "\(Figures.count(facts.functions.count, "labeling function")) on "
        + Figures.count(facts.documents, "document")
        + (facts.hasGold
          ? "; right and wrong on \(Figures.count(facts.goldDocuments, "development label"))" : ""),
      hasGold: facts.hasGold,
      rows: facts.functions.enumerated().map { row($0, $1, scale: scale) },
      totalVotes: Figures.count(votes),
      totalCoverage: Figures.percent(facts.analysis.coverage),
      totalOverlaps: Figures.percent(facts.analysis.overlaps),
      totalConflicts: Figures.percent(facts.analysis.conflicts))
  }

  /// The most classes that a row of the table names.
  private static let namedClasses = 8

  private func row(
    _ index: Int, _ function: ReportFacts.Function, scale: Double
  ) -> HTMLView.FunctionTable.Row {
    let figures = function.figures
    let interval = function.impliedInterval
    return HTMLView.FunctionTable.Row(
      number: "\(index + 1)", anchor: Self.anchor(index), name: function.name,
      isSilent: figures.covered == 0,
      polarity: figures.covered == 0
        ? "nothing"
        : figures.polarity.count > Self.namedClasses
          ? Figures.count(figures.polarity.count, "class", "classes")
          : figures.polarity.map { facts.classes[$0].name }.joined(separator: ", "),
      votes: Figures.count(figures.covered),
      bar: HTMLDrawing.coverageBar(figures, scale: scale),
      coverage: Figures.percent(figures.coverage),
      overlaps: Figures.percent(figures.overlaps),
      conflicts: Figures.percent(figures.conflicts),
      gold: facts.hasGold ? gold(figures) : nil,
      implied: Figures.percent(function.impliedAccuracy),
      impliedInterval: interval.map(Figures.interval) ?? "",
      dots: HTMLDrawing.accuracy(of: function))
  }

  private func gold(_ figures: FunctionAnalysis) -> HTMLView.FunctionTable.Gold {
    let interval = figures.empiricalAccuracyInterval
    var right = "–"
    if let correct = figures.correct, let incorrect = figures.incorrect {
      right = "\(Figures.count(correct)) of \(Figures.count(correct + incorrect))"
    }
    return HTMLView.FunctionTable.Gold(
      right: right, accuracy: Figures.percent(figures.empiricalAccuracy),
      interval: interval.map(Figures.interval) ?? "",
      isWrong: interval.map { $0.upper < 0.5 } ?? false)
  }

  // MARK: - Cards

  func cardsExplanation() -> String {
    let sample =
      facts.showsTexts
      ? "Each with up to three documents that it votes on, drawn at random"
      : "Each with the ids of up to three documents that it votes on, drawn at random"
    let mistakes =
      facts.hasGold ? ", and up to three on which the gold label says that it is wrong" : ""
    let left =
      facts.exampleFunctions < facts.functions.count
      ? " Only the \(facts.exampleFunctions) functions with the most votes have examples." : ""
    return sample + mistakes
      + ". Test documents are left out, so that rules are not tuned on them." + left
  }

  func cards() -> [HTMLView.Card] {
    let rivals = self.rivals()
    return facts.functions.enumerated().map { index, function in
      let labels = facts.classes.map(\.name)
      let votes = function.figures.polarity.map {
        "\(Figures.count(function.figures.votesByClass[$0])) for \(labels[$0])"
      }
      let groups = [
        ("Documents it votes on", facts.examples[index].hits),
        ("Mistakes", facts.examples[index].mistakes),
        ("Overruled by the label model", facts.examples[index].overruled),
      ].filter { !$0.1.isEmpty }
      return HTMLView.Card(
        anchor: Self.anchor(index), name: function.name, kind: function.kind,
        gist: gist(function), summary: function.summary,
        votesInWords: (votes.isEmpty
          ? "Never votes." : "Votes: \(votes.joined(separator: ", ")).") + effect(index)
          + time(index),
        rivals: rivals[index],
        groups: groups.map { heading, examples in
          .init(heading: heading, examples: examples.map { example($0, labels) })
        })
    }
  }

  /// What labels owe to a function.
  private func effect(_ index: Int) -> String {
    let function = facts.fit.functions[index]
    guard function.votes > 0 else { return "" }
    return " Without it, \(Figures.percent(function.changedLabels)) of the fitted documents would "
      + "have another label and \(Figures.percent(function.coverageLost)) none."
  }

  /// What a function takes, for those that are run.
  private func time(_ index: Int) -> String {
    guard facts.applied.timings.indices.contains(index) else { return "" }
    let timing = facts.applied.timings[index]
    guard timing.documents > 0 else { return "" }
    let each = timing.seconds / Double(timing.documents) * 1e6
    return " Takes \(Figures.fixed(each, each < 10 ? 2 : 0)) µs per document."
  }

  private func gist(_ function: ReportFacts.Function) -> String {
    var gist =
      "covers \(Figures.percent(function.figures.coverage)), conflicts "
      + Figures.percent(function.figures.conflicts)
    if let accuracy = function.figures.empiricalAccuracy {
      gist +=
        ", right on \(Figures.percent(accuracy)) of gold "
        + "(\(Figures.interval(function.figures.empiricalAccuracyInterval)))"
    }
    if let implied = function.impliedAccuracy {
      gist += ", implied accuracy \(Figures.percent(implied))"
    }
    return gist
  }

  private func example(
    _ example: HTMLReportFacts.Example, _ labels: [String]
  ) -> HTMLView.Card.Example {
    let document = example.document
    let others = document.others.map { "\(facts.functions[$0.function].name): \(labels[$0.vote])" }
    return HTMLView.Card.Example(
      excerpt: example.passage.map(excerpt) ?? [], id: document.id.description,
      vote: labels[document.vote],
      goldLabel: document.gold.map { labels[$0] }, modelLabel: labels[document.label.label],
      probability: Figures.fixed(document.label.probability, 2),
      otherVotes: others.isEmpty ? nil : others.joined(separator: ", "))
  }

  /// A passage in pieces; an empty one says so.
  func excerpt(_ passage: Passage) -> [HTMLView.Piece] {
    passage.text.isEmpty
      ? [.init(piece: "(no text)", isMatch: false)]
      : passage.parts.map { .init(piece: $0.text, isMatch: $0.isMatch) }
  }

  /// For each function the three that it disagrees with on the most documents.
  private func rivals() -> [[HTMLView.Card.Rival]] {
    var rivals = [[HTMLView.Card.Rival]](repeating: [], count: facts.functions.count)
    for conflict in facts.conflicts {
      let ends = [(conflict.first, conflict.second), (conflict.second, conflict.first)]
      for (one, other) in ends where rivals[one].count < 3 {
        let common = conflict.disagreements + conflict.agreements
        rivals[one].append(
          .init(
            rivalAnchor: Self.anchor(other), rivalName: facts.functions[other].name,
            rivalFigures: "(\(Figures.count(conflict.disagreements)) of "
              + "\(Figures.count(common)))"))
      }
    }
    return rivals
  }

  // MARK: - Pairs

  func pairSection() -> HTMLView.Pairs {
    let map = HTMLHeatMap(facts: facts, listedConflicts: Self.listedPairs)
    let all = facts.functions.count
    let which =
      map.functions.count < all
      ? "the \(map.functions.count) of \(all) functions with the most votes"
      : "all \(all) functions"
    let listed = facts.conflicts.prefix(Self.listedPairs)
    let meetings = meetings(map.functions)
    return HTMLView.Pairs(
      heatMap: map.functions.count > 1 ? map.draw() : nil,
      pairsExplanation:
        "The map shows \(which), by number and name as in the table above. Dark blue "
        + "with nothing in the mirrored cell is a pair that says the same thing twice; dark orange "
        + "is a pair of which one is often wrong. Shades are shares of the documents on which either "
        + "of the two votes. Point at a cell for its figures; it leads to the pair's documents.",
      meetingsTitle: "\(Figures.count(meetings.count, "pair")) of the map, with documents",
      meetingTable: meetings.isEmpty ? nil : meetingTable(meetings),
      pairsTitle: listed.count < facts.conflictPairs
        ? "The \(listed.count) pairs that disagree on the most documents, of "
          + Figures.count(facts.conflictPairs)
        : "The \(Figures.count(listed.count, "pair")) that \(listed.count == 1 ? "disagrees" : "disagree")",
      pairTable: listed.isEmpty ? nil : pairTable(listed))
  }

  private func pairTable(_ pairs: some Sequence<ReportFacts.Conflict>) -> HTMLTable {
    HTMLTable(
      id: "pairs",
      caption: "Pairs that vote for different classes, most documents first; 'hunch explain "
        + "DIR ID' shows the votes on a document",
      pairs.enumerated(), anchor: { "pair-\($0.offset + 1)" },
      [
        function("first", \.element.first), function("second", \.element.second),
        .count("differ", \.element.disagreements), .count("agree", \.element.agreements),
        .percent("differ, share") { _, pair in
          Double(pair.disagreements) / Double(max(1, pair.disagreements + pair.agreements))
        },
        .count("gold says first") { $0.element.gold?.first ?? 0 }.when(facts.hasGold),
        .count("gold says second") { $0.element.gold?.second ?? 0 }.when(facts.hasGold),
        .count("neither") { $0.element.gold?.neither ?? 0 }.when(facts.hasGold),
        .ids("documents, for instance") { $0.element.examples.map(\.description) },
      ])
  }

  /// A function's name, which leads to its card.
  func function<Item>(
    _ heading: String, _ function: @escaping (Item) -> Int
  ) -> HTMLTable.Field<Item> {
    .text(heading) { facts.functions[function($0)].name }.link { Self.anchor(function($0)) }
  }
}
