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
        hasWorkerGold: workers.contains { $0.gold != nil },
        workersCaption: workers.count > shown.count
          ? "The first \(Figures.count(shown.count)) of \(Figures.count(workers.count)) workers; "
            + "'hunch workers DIR' lists all" : "All workers",
        workerRows: shown.map(row))
    }
  }

  private func row(_ worker: WorkersReport.Worker) -> HTMLView.Worker {
    func percent(_ share: Double?) -> String { share.map { Figures.percent($0) } ?? "–" }
    func range(_ bounds: [Double]?) -> String {
      bounds.map { "\(Figures.fixed($0[0], 2)) to \(Figures.fixed($0[1], 2))" } ?? ""
    }
    return HTMLView.Worker(
      workerName: Excerpt.visible(worker.worker), answers: Figures.count(worker.answers),
      agreement: percent(worker.agreement), accuracy: percent(worker.accuracy),
      skill: Figures.fixed(worker.skill, 2), skillInterval: range(worker.skillInterval),
      onGold: percent(worker.gold?.empiricalAccuracy),
      onGoldInterval: range(worker.gold?.empiricalAccuracyInterval),
      verdict: worker.verdictWords, isBad: worker.isBad,
      bias: worker.bias?.words ?? "")
  }
}

extension HTMLView {
  /// A crowd.
  struct Crowd {
    var crowdName: String
    var crowdSentence: String
    var crowdTrouble: String?
    var hasWorkerGold: Bool
    var workersCaption: String
    var workerRows: [Worker]
  }

  /// A worker of a crowd.
  struct Worker {
    var workerName: String
    var answers: String
    var agreement: String
    var accuracy: String
    var skill: String
    var skillInterval: String
    var onGold: String
    var onGoldInterval: String
    var verdict: String
    var isBad: Bool
    var bias: String
  }
}

/// The template of the workers of crowds.
enum HTMLWorkerTemplates {
  static let workers = #"""
    {{#hasCrowds}}
    <section id="workers" aria-labelledby="workers-heading">
    <h2 id="workers-heading">Workers</h2>
    {{#crowdSections}}
    <h3>{{crowdName}}</h3>
    <p>{{crowdSentence}}</p>
    {{#crowdTrouble}}
    <p class="bad">{{crowdTrouble}}</p>
    {{/crowdTrouble}}
    <div class="scroll" role="region" tabindex="0" aria-label="Workers">
    <table>
    <caption>{{workersCaption}}</caption>
    <thead>
    <tr><th scope="col">worker</th><th scope="col" class="n">answers</th><th scope="col" class="n">agrees with others</th><th scope="col" class="n">implied accuracy</th><th scope="col" class="n">skill</th>{{#hasWorkerGold}}<th scope="col" class="n">right on gold</th>{{/hasWorkerGold}}<th scope="col">verdict</th><th scope="col">answers too often</th></tr>
    </thead>
    <tbody>
    {{#workerRows}}
    <tr><th scope="row">{{workerName}}</th><td class="n">{{answers}}</td><td class="n">{{agreement}}</td><td class="n">{{accuracy}}</td><td class="n">{{skill}} <small>{{skillInterval}}</small></td>{{#hasWorkerGold}}<td class="n">{{onGold}} <small>{{onGoldInterval}}</small></td>{{/hasWorkerGold}}<td{{#isBad}} class="bad"{{/isBad}}>{{verdict}}</td><td>{{bias}}</td></tr>
    {{/workerRows}}
    </tbody>
    </table>
    </div>
    {{/crowdSections}}
    </section>
    {{/hasCrowds}}

    """#
}
