extension HTMLPage {
  /// The most workers that are listed, those that deserve attention first.
  static let listedWorkers = 60

  /// How the workers of the project's crowds answer; empty without a crowd.
  func crowdSections() -> [HTMLView.Crowd] {
    (facts.workers?.crowds ?? []).map { crowd in
      let workers = crowd.workers ?? []
      let shown = workers.prefix(Self.listedWorkers)
      return HTMLView.Crowd(
        crowdName: crowd.name, crowdSentence: crowd.sentence + ".",
        crowdTrouble: crowd.trouble.map { $0 + "." },
        workerTable: table(
          shown,
          caption: workers.count > shown.count
            ? "The first \(Figures.count(shown.count)) of \(Figures.count(workers.count)) workers; "
              + "'hunch workers DIR' lists all" : "All workers",
          hasGold: workers.contains { $0.gold != nil }))
    }
  }

  private func table(
    _ workers: some Sequence<WorkersReport.Worker>, caption: String, hasGold: Bool
  ) -> HTMLTable {
    func range(_ bounds: [Double]?) -> String {
      bounds.map { "\(Figures.fixed($0[0], 2)) to \(Figures.fixed($0[1], 2))" } ?? ""
    }
    return HTMLTable(
      label: "Workers", caption: caption, workers,
      [
        .text("worker") { Excerpt.visible($0.worker) }, .count("answers", \.answers),
        .percent("agrees with others", \.agreement), .percent("implied accuracy", \.accuracy),
        .number("skill") { Figures.fixed($0.skill, 2) }.small { range($0.skillInterval) },
        .percent("right on gold", \.gold?.empiricalAccuracy)
          .small { range($0.gold?.empiricalAccuracyInterval) }.when(hasGold),
        .text("verdict", \.verdictWords).bad(\.isBad),
        .text("answers too often") { $0.bias?.words ?? "" },
      ])
  }
}

/// The template of the workers of crowds.
enum HTMLWorkerTemplates {
  static let workers = #"""
    {{^empty(crowdSections)}}
    <section id="workers" aria-labelledby="workers-heading">
    <h2 id="workers-heading">Workers</h2>
    {{#crowdSections}}
    <h3>{{crowdName}}</h3>
    <p>{{crowdSentence}}</p>
    {{#crowdTrouble}}
    <p class="bad">{{crowdTrouble}}</p>
    {{/crowdTrouble}}
    {{#workerTable}}
    {{> table}}
    {{/workerTable}}
    {{/crowdSections}}
    </section>
    {{/empty(crowdSections)}}

    """#
}
