import Hunch
import ProjectSupport
import Testing

/// What `votes:` may say of crowds and models.
@Suite struct VoteConfigurationTests {
  private func yaml(_ votes: String) -> String {
    """
    labels: [ham, spam]
    corpus: { path: c.sqlite, table: t, id: i, text: x }
    votes:
      - \(votes)
    """
  }

  private func read(_ votes: String) throws -> VoteConfiguration {
    try TestProject(yaml(votes)).project().configuration.votes[0]
  }

  private func failure(_ votes: String) throws -> Shown? {
    let project = try TestProject(yaml(votes))
    return project.failure { _ = try project.project() }
  }

  @Test func crowds() throws {
    #expect(
      try read("{ path: d/crowd.csv, worker: who }").form
        == .crowd(CrowdColumns(name: "crowd", document: "id", worker: "who", label: "label")))
    #expect(
      try read("{ path: a.tsv, worker: who, document: task, label: answer, name: people }").form
        == .crowd(
          CrowdColumns(name: "people", document: "task", worker: "who", label: "answer")))
    #expect(
      try read("{ path: a.tsv, worker: who, id: task }").form
        == .crowd(CrowdColumns(name: "a", document: "task", worker: "who", label: "label")))
  }

  @Test func models() throws {
    func model(_ votes: String) throws -> ModelColumns? {
      if case .model(let columns) = try read(votes).form { columns } else { nil }
    }
    let label = try #require(try model("{ path: bert.csv, label: class }"))
    #expect(
      label
        == ModelColumns(
          name: "bert", document: "id", votes: .label("class", score: nil), bands: 1))
    let score = try #require(
      try model("{ path: bert.csv, label: class, score: p, thresholds: { quantile: 0.9 } }"))
    #expect(
      score
        == ModelColumns(
          name: "bert", document: "id", votes: .label("class", score: "p"),
          thresholds: .quantile(0.9)))
    let both = try #require(
      try model(
        "{ path: b.csv, id: k, name: x, probabilities: { ham: a, spam: b }, bands: 5, "
          + "thresholds: { spam: 0.8, ham: 0.9 } }"))
    #expect(
      both
        == ModelColumns(
          name: "x", document: "k", votes: .probabilities(["ham": "a", "spam": "b"]),
          thresholds: .given(["spam": 0.8, "ham": 0.9]), bands: 5))
    for (word, thresholds) in [("auto", ScoreThresholds.auto), ("valid", .valid)] {
      #expect(
        try model("{ path: b.csv, label: l, score: s, thresholds: \(word) }")?.thresholds
          == thresholds)
    }
  }

  @Test(arguments: [
    ("{ path: a.csv, id: k }", "'id' must be left out for a file with a column for each function"),
    ("{ path: a.csv, worker: w, score: s }", "'score' must be left out for a crowd ('worker')"),
    ("{ path: a.csv, worker: w, id: a, document: b }", "'document' must be left out where 'id'"),
    ("{ path: a.csv, score: s }", "'votes' must be given a 'label' and perhaps a 'score'"),
    ("{ path: a.csv, label: l, probabilities: { ham: a } }", "'votes' must be given a 'label'"),
    ("{ path: a.csv, probabilities: p }", "'probabilities' must be a column for each class"),
    ("{ path: a.csv, label: l, bands: 2 }", "'bands' must be left out without a 'score'"),
    (
      "{ path: a.csv, label: l, score: s, bands: 0 }", "'bands' must be a whole number from 1 to 10"
    ),
    ("{ path: a.csv, label: l, score: s, thresholds: best }", "'thresholds' must be auto, valid"),
    ("{ path: a.csv, label: l, score: s, thresholds: { ham: 2 } }", "'thresholds' must be auto"),
    ("{ path: a.csv, wroker: w }", "unknown key 'wroker' in 'votes'"),
  ])
  func mistakes(_ votes: String, _ problem: String) throws {
    let shown = try #require(try failure(votes))
    #expect(shown.status == .badConfiguration)
    #expect(shown.message.hasPrefix("DIR/hunch.yaml:4: \(problem)"), "\(shown)")
  }
}
