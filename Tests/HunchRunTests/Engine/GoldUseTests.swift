import Foundation
import Hunch
import HunchLabeling
import HunchModels
import HunchText
import ProjectSupport
import TestSupport
import Testing

/// Gold labels that measure and gold labels that go to the label model.
@Suite struct GoldUseTests {
  private static let yaml = TestProject.configuration(
    labels: ["a", "b"], columns: [.gold, .split, .use], votes: ["votes.csv"])

  private struct Item {
    var id: Int
    var text: String
    var gold: Int?
    var split: String
    var use: String?
    var votes: [Int]
    var isCovered: Bool { votes.contains { $0 >= 0 } }
    var isAudit: Bool { gold != nil && use != "repair" }
    var isRepair: Bool { gold != nil && use == "repair" }
  }

  /// Documents with votes of four functions and gold labels of all uses in all splits.
  private func sample(
    _ count: Int = 900, uses: [String?] = [nil, "audit", "repair", ""], yaml: String = yaml
  ) throws -> (project: TestProject, items: [Item]) {
    var random = SplitMix64(seed: 5)
    let items = (1...count).map { id in
      let truth = random.below(2)
      let votes = (0..<4).map { function -> Int in
        if random.below(2) == 0 { return -1 }
        return random.below(10) < 6 + function ? truth : 1 - truth
      }
      return Item(
        id: id, text: "\(random.below(4) > 0 ? "word\(truth)" : "") \(random.text(words: 3))",
        gold: random.below(3) > 0 ? truth : nil, split: random.pick(["train", "valid", "test"]),
        use: random.pick(uses), votes: votes)
    }
    let project = try TestProject(
      yaml,
      documents: items.map { item in
        TestDocument(
          item.id, item.text, split: item.split, gold: item.gold.map { ["a", "b"][$0] },
          use: item.use, votes: item.votes.map(String.init))
      }, functions: ["f0", "f1", "f2", "f3"])
    return (project, items)
  }

  /// A pipeline with a workspace of its own.
  private func fresh(
    _ project: TestProject, _ gold: LabelModelGold? = nil
  ) throws -> ProjectSteps {
    var opened = try project.project(workspace: project.path("w\(UUID().uuidString)"))
    opened.configuration.labelModelGold = gold
    return try ProjectSteps(opened)
  }

  private func json(_ report: some Encodable) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: ReportJSON.encode(report))
    return try #require(object as? [String: Any])
  }

  // MARK: - Roles

  @Test func anotherWordIsAnError() throws {
    let (project, _) = try sample(20)
    try project.execute("UPDATE documents SET use = 'secret' WHERE id = 7")
    #expect(
      project.failure { _ = try project.pipeline().apply() }
        == Shown(
          "DIR/corpus.sqlite: document '7': the use of its gold label must be audit, repair or NULL",
          .badData))
  }

  @Test func repairGoldMeasuresNothing() throws {
    let (project, items) = try sample()
    let pipeline = try project.pipeline()
    for split in [nil, Split.train, .valid, .test] {
      let here = items.filter { split == nil || $0.split == split?.name }
      let report = try pipeline.analyze(split: split)
      #expect(report.documents == here.count)
      // Of all documents, development labels measure.
      let measuring = here.filter { split != nil || $0.split != "test" }
      #expect(report.goldDocuments == measuring.count(where: \.isAudit))
      for (function, figures) in report.functions.enumerated() {
        let judged = measuring.filter { $0.isAudit && $0.votes[function] >= 0 }
        #expect(figures.gold?.correct == judged.count { $0.votes[function] == $0.gold })
        #expect(figures.gold?.incorrect == judged.count { $0.votes[function] != $0.gold })
        #expect(figures.votes == here.count { $0.votes[function] >= 0 })
      }
      guard let split else { continue }
      let scores = try pipeline.evaluate(split: split)
      let audit = here.filter(\.isAudit)
      #expect(scores.documents == audit.count)
      #expect(scores.labelModel?.metrics.documents == audit.count(where: \.isCovered))
      #expect(scores.classifier?.metrics.documents == audit.count)
      #expect(
        scores.classifier?.metrics.classes.map(\.support)
          == [0, 1].map { label in audit.count { $0.gold == label } })
    }
  }

  @Test func repairGoldGoesToTheLabelModel() throws {
    let (project, items) = try sample()
    let votes = items.filter { $0.split == "train" }
    let train = DenseVotes(rows: items.map(\.votes), functionCount: 4, classCount: 2).compressed()
    var counts = [Int](repeating: 0, count: train.patterns.count)
    for (id, item) in zip(train.ids, items) where item.split == "train" { counts[id] += 1 }
    let gold = train.counted(gold: items.map { $0.isRepair ? $0.gold ?? -1 : -1 })
    let fit = try GoldFit(
      .auto, CountedVotes(train.patterns, counts: counts), gold: gold, given: Evidence(),
      areTextsToJoin: true)
    let report = try project.pipeline().fit()
    #expect(report.documents == votes.count)
    let documents = items.count { $0.isRepair && $0.isCovered }
    #expect(documents >= 100 && report.calibration.goldDocuments == documents)
    // Patterns stand in another order here.
    let losses = [report.calibration.logLossBefore, fit.calibration.logLossBefore]
    #expect(abs(try #require(losses[0]) - #require(losses[1])) < 1e-9)
    #expect(report.calibration.temperature == fit.calibration.temperature)
    #expect(
      report.goldSentences.last == "no temperature is taken where texts join the votes")
    #expect(report.modelChoice.map(\.labelModel) == fit.choice.map(\.labelModel))
    for (one, other) in zip(report.modelChoice, fit.choice) {
      #expect(abs(one.logLoss - other.logLoss) < 1e-9)
      #expect(abs(one.standardError - other.standardError) < 1e-9)
    }
    for (one, other) in zip(report.functions, fit.model.functions) {
      #expect(abs((one.accuracy ?? 0) - (other.accuracy ?? 1)) < 1e-9)
    }
    let values = try json(report)
    let calibration = try #require(values["calibration"] as? [String: Any])
    #expect(calibration["gold_documents"] as? Int == documents)
    #expect(calibration["temperature"] as? Double == fit.calibration.temperature)
    let choice = try #require(values["model_choice"] as? [[String: Any]])
    #expect(choice.map { $0["label_model"] as? String } == fit.choice.map(\.labelModel))
    #expect(Set(choice[0].keys) == ["label_model", "log_loss", "gain", "standard_error"])
  }

  @Test func itCanBeSwitchedOff() throws {
    let (project, items) = try sample()
    let off = try fresh(project, .unused)
    #expect(try off.fit().calibration == Calibration(goldDocuments: 0))
    #expect(try off.fit().modelChoice.isEmpty)
    let values = try #require(try json(off.fit())["calibration"] as? [String: Any])
    #expect(
      Set(values.keys)
        == ["temperature", "gold_documents", "log_loss_before", "log_loss_after"])
    #expect(values["temperature"] as? Double == 1 && values["log_loss_after"] is NSNull)
    // What was chosen for the model does not measure then either.
    #expect(
      try off.analyze(split: nil).goldDocuments
        == items.count { $0.isAudit && $0.split != "test" })
    let accuracies = try off.fit().functions.map(\.accuracy)
    try project.execute("UPDATE documents SET use = NULL")
    let unmarked = try fresh(project)
    #expect(try unmarked.fit().functions.map(\.accuracy) == accuracies)
    #expect(
      try unmarked.analyze(split: nil).goldDocuments
        == items.count { $0.gold != nil && $0.split != "test" })
  }

  @Test func theValidSplitCanGoThereWithoutMarks() throws {
    let (project, items) = try sample(
      uses: [nil], yaml: Self.yaml.replacing("  gold_use: use\n", with: ""))
    let pipeline = try fresh(project, .valid)
    let valid = items.filter { $0.split == "valid" && $0.gold != nil }
    #expect(try pipeline.fit().calibration.goldDocuments == valid.count(where: \.isCovered))
    #expect(
      try pipeline.analyze(split: nil).goldDocuments
        == items.count { $0.gold != nil && $0.split == "train" })
    #expect(try pipeline.evaluate(split: nil).split == "test")
    #expect(
      project.failure { _ = try pipeline.evaluate(split: .valid) }
        == Shown(
          "the gold labels of the split 'valid' all go to the label model, so they cannot measure it",
          hint: "choose another --split, label random documents with 'hunch label', or mark random "
            + "ones as audit in the column 'corpus: gold_use:'", .badData))
    try project.execute("UPDATE documents SET gold = NULL WHERE split = 'valid'")
    #expect(
      project.failure {
        _ = try fresh(project, .valid).fit()
      }?.message == "no document of the split 'valid' has a gold label")
  }

  @Test func anAuditLabelOfTheValidSplitStaysOne() throws {
    let (project, items) = try sample()
    let pipeline = try fresh(project, .valid)
    let repair = items.filter { item in
      item.isRepair || item.gold != nil && item.split == "valid" && item.use != "audit"
    }
    #expect(try pipeline.fit().calibration.goldDocuments == repair.count(where: \.isCovered))
    #expect(
      try pipeline.analyze(split: .valid).goldDocuments
        == items.count { $0.split == "valid" && $0.gold != nil && $0.use == "audit" })
  }

  // MARK: - Changes, memory, threads

  @Test(arguments: [0.0, 10])
  func aChangeOfTheColumnIsNoticed(secondsLater: Double) throws {
    let (project, items) = try sample()
    func run(_ body: (ProjectSteps) throws -> Void) throws {
      try body(try project.pipeline(secondsLater: secondsLater))
    }
    try run { _ = try $0.run() }
    try project.execute("UPDATE documents SET use = 'audit'")
    try run { (after: ProjectSteps) throws in
      #expect(try after.apply().evaluations == 0)
      #expect(
        try after.analyze(split: nil).goldDocuments
          == items.count { $0.gold != nil && $0.split != "test" })
      #expect(try after.fit().calibration.goldDocuments == 0)
      #expect(try !after.train().reused)
    }
    try run { (again: ProjectSteps) throws in
      #expect(try again.train().reused)
      // Under a pipeline that is at work.
      try project.execute("UPDATE documents SET use = 'repair' WHERE id = 3")
      #expect(project.failure { _ = try again.evaluate(split: nil) }?.status == .inputOutput)
    }
  }

  @Test func memoryAndThreadsChangeNothing() throws {
    let (project, _) = try sample(2000)
    func reports(_ workspace: String, _ memory: Int?, _ threads: Int) throws -> [String] {
      var options = SessionOptions(threads: threads)
      if let memory { options.patternMemory = memory }
      let pipeline = try ProjectSteps(
        project.project(workspace: project.path(workspace)), options: options)
      return try [
        String(decoding: ReportJSON.encode(pipeline.analyze(split: nil)), as: UTF8.self),
        "\(pipeline.fit().calibration)", "\(pipeline.fit().modelChoice)",
        String(decoding: ReportJSON.encode(pipeline.evaluate(split: nil)), as: UTF8.self),
      ].map { text in
        // Sums over patterns in another order differ in their last digits.
        text.replacing(/-?\d+\.\d+(e-?\d+)?/) { match in
          String(format: "%.7f", Double(match.output.0) ?? 0)
        }
      }
    }
    let kept = try reports("kept", nil, 2)
    #expect(try reports("spilled", 0, 2) == kept)
    #expect(try reports("alone", nil, 1) == kept)
  }

  // MARK: - Gold labels alone

  /// A classifier of the texts with a condition, scored on others, without the pipeline.
  private func scored(
    _ items: [Item], learning isLearned: (Item) -> Bool, scoring isScored: (Item) -> Bool
  ) throws -> ClassificationMetrics {
    var trainer = TextClassifierTrainer(
      labels: ["a", "b"], configuration: ClassifierConfiguration(penalty: 1e-4))
    let learned = items.filter(isLearned)
    trainer.add(
      TextBatch(learned.map(\.text)),
      posteriors: learned.flatMap { $0.gold == 0 ? [1, 0] : [0, 1] })
    let classifier = try trainer.train()
    let others = items.filter(isScored)
    var accumulator = MetricsAccumulator(classCount: 2)
    accumulator.add(
      classifier.probabilities(TextBatch(others.map(\.text))), gold: others.map { $0.gold ?? -1 })
    return try #require(accumulator.metrics())
  }

  @Test func theBaselineLearnsFromRepairGold() throws {
    let (project, items) = try sample()
    for split in Split.allCases {
      let report = try project.pipeline().evaluate(split: split)
      let baseline = try #require(report.goldOnly)
      #expect(baseline.goldDocuments == items.count(where: \.isRepair))
      let expected = try scored(
        items, learning: \.isRepair, scoring: { $0.isAudit && $0.split == split.name })
      #expect(baseline.scored.metrics.confusion == expected.confusion)
      #expect(abs(baseline.scored.metrics.logLoss - expected.logLoss) < 1e-6)
      #expect(baseline.scored.coverage == 1)
      let values = try json(report)
      let classifier = try #require(values["classifier"] as? [String: Any])
      let goldOnly = try #require(values["gold_only"] as? [String: Any])
      #expect(Set(goldOnly.keys) == Set(classifier.keys).union(["gold_documents"]))
    }
    // What texts are about, what they say, the classifier, and one for gold labels, whatever the split.
    #expect(try project.value("SELECT COUNT(*) FROM models", in: "hunch.workspace") == 4)
    _ = try project.pipeline().run()
    #expect(try project.value("SELECT COUNT(*) FROM models", in: "hunch.workspace") == 4)
  }

  @Test func theBaselineNeverLearnsFromWhatIsScored() throws {
    let (project, items) = try sample(uses: [nil])
    let pipeline = try project.pipeline()
    let baseline = try #require(try pipeline.evaluate(split: .test).goldOnly)
    let expected = try scored(
      items, learning: { $0.gold != nil && $0.split == "valid" },
      scoring: { $0.gold != nil && $0.split == "test" })
    #expect(baseline.scored.metrics.confusion == expected.confusion)
    #expect(try pipeline.evaluate(split: .valid).goldOnly == nil)
    #expect(try pipeline.evaluate(split: .train).goldOnly != nil)
    try project.execute("UPDATE documents SET gold = 'a' WHERE split = 'valid'")
    #expect(try fresh(project).evaluate(split: .test).goldOnly == nil)
  }
}
