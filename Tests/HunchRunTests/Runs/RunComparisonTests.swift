import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// What two runs have to say of each other, against exported labels and votes.
@Suite struct RunComparisonTests {
  @Test func aChangedRuleIsNamedWithTheDocumentsThatFlipped() throws {
    let sample = try RunSample()
    let before = try sample.run()
    let after = try sample.run(RunSample.pack(free: ["cash", "free"]))
    let expected = flips(before.labels, after.labels)
    #expect(!expected.isEmpty)
    let comparison = try sample.compare()
    #expect(comparison.functions.map(\.name) == ["free"])
    #expect(comparison.functions.map(\.change) == [.changed])
    #expect(comparison.settings.isEmpty && comparison.data.isEmpty && !comparison.identical)
    let documents = try #require(comparison.documents)
    #expect(comparison.flipsByID == expected)
    #expect(documents.flipped == expected.count)
    #expect(documents.shared == 900 && documents.onlyBefore == 0 && documents.onlyAfter == 0)
    var transitions: [[String]: Int] = [:]
    for labels in expected.values { transitions[labels, default: 0] += 1 }
    for transition in documents.transitions {
      #expect(
        transitions[[transition.before ?? "", transition.after ?? ""]] == transition.documents)
    }
    #expect(documents.transitions.count == transitions.count)
    // The reason of each: the rule votes differently where the text has the new word and not the
    // old one.
    var byVotes = 0
    for flip in documents.flips {
      let text: String? = try sample.project.value(
        "SELECT text FROM documents WHERE id = \(flip.id)")
      let words = Set((text ?? "").split(separator: " "))
      let differs = words.contains("cash") && !words.contains("free")
      #expect(flip.cause == (differs ? .votes : .weights), "\(flip)")
      #expect(flip.votes.map(\.function) == (differs ? ["free"] : []))
      for vote in flip.votes {
        #expect(vote.before == nil && vote.after == "spam" && vote.isBeforeKnown)
      }
      byVotes += differs ? 1 : 0
    }
    #expect(byVotes > 0 && documents.causes?.votes == byVotes)
    #expect(documents.causes?.weights == expected.count - byVotes)
    #expect(comparison.functions[0].flipped == byVotes)
    // What the end of the run says is the same, without single documents.
    #expect(after.record.comparison?.documents?.flipped == expected.count)
    #expect(after.record.comparison?.evaluation == comparison.evaluation)
    #expect(after.record.comparison?.documents?.flips.isEmpty == true)
  }

  @Test func whatMovedIsSaidBesideTheChangedRule() throws {
    let sample = try RunSample()
    let runs = try [RunSample.pack(), RunSample.pack(free: ["cash", "free"])].map {
      try sample.project.pipeline($0).run()
    }
    let moved = try sample.compare().moved
    #expect(moved.uncovered == runs.map { 1 - $0.analyze.coverage })
    let (old, new) = (runs[0].fit, runs[1].fit)
    let balance = zip(old.classBalance, new.classBalance).filter {
      ($0 * 1000).rounded() != ($1 * 1000).rounded()
    }
    #expect(moved.classBalance.map(\.before) == balance.map(\.0))
    #expect(moved.classBalance.map(\.after) == balance.map(\.1))
    // The rule that changed stands in the table of functions; the others count otherwise.
    #expect(!moved.weights.isEmpty && !moved.weights.map(\.name).contains("free"))
    for weight in moved.weights {
      #expect(old.functions.first { $0.name == weight.name }?.accuracy == weight.before)
      #expect(new.functions.first { $0.name == weight.name }?.accuracy == weight.after)
    }
  }

  @Test func theEvaluationIsThatOfBothRuns() throws {
    let sample = try RunSample()
    let pipelines = try [RunSample.pack(), RunSample.pack(free: ["cash"])].map { pack in
      let pipeline = try sample.project.pipeline(pack)
      return try pipeline.run()
    }
    let evaluation = try #require(try sample.compare().evaluation)
    #expect(evaluation.documents == 225 && evaluation.changedGold == 0)
    let (before, after) = (try #require(pipelines[0].evaluate), try #require(pipelines[1].evaluate))
    for (model, old, new) in [
      (evaluation.labelModel, before.labelModelAll, after.labelModelAll),
      (evaluation.classifier, before.classifier, after.classifier),
    ] {
      let (old, new) = (try #require(old?.metrics), try #require(new?.metrics))
      #expect(model.accuracy.before == old.accuracy && model.accuracy.after == new.accuracy)
      #expect(abs(model.macroF1.before - old.macroF1) < 1e-12)
      #expect(abs(model.macroF1.after - new.macroF1) < 1e-12)
      // Losses are kept in 32 bits.
      #expect(abs(model.logLoss.before - old.logLoss) < 1e-6)
      #expect(abs(model.logLoss.after - new.logLoss) < 1e-6)
      for figure in [model.accuracy, model.macroF1, model.logLoss] {
        #expect(figure.interval[0] <= figure.difference && figure.difference <= figure.interval[1])
      }
    }
  }

  @Test func aRuleThatChangesNothingThatMattersIsNoImprovement() throws {
    let sample = try RunSample()
    try sample.project.execute(
      "UPDATE documents SET text = text || ' rare' WHERE id IN (3, 7, 11, 15)")
    let before = try sample.run()
    // Another definition with the same votes, and then one that votes on four test documents more.
    for free in [["free", "zyzzyva"], ["free", "rare"]] {
      let after = try sample.run(RunSample.pack(free: free))
      let comparison = try #require(after.record.comparison)
      #expect(comparison.functions.map(\.name) == ["free"])
      let evaluation = try #require(comparison.evaluation)
      for model in [evaluation.labelModel, evaluation.classifier] {
        for figure in [model.accuracy, model.macroF1, model.logLoss] {
          #expect(figure.verdict == .noise || figure.verdict == .unchanged, "\(free) \(figure)")
        }
      }
      if free[1] == "zyzzyva" {
        #expect(after.labels == before.labels && comparison.documents?.flipped == 0)
      }
    }
  }

  @Test func theSameRunIsCountedAndOneDoneAgainIsRecognised() throws {
    let sample = try RunSample()
    let first = try sample.run().record
    #expect(first.run.number == 1 && first.run.times == 1 && first.comparison == nil)
    let again = try sample.run().record
    #expect(again.run.number == 1 && again.run.times == 2 && again.comparison == nil)
    let second = try sample.run(RunSample.pack(free: ["cash"])).record
    #expect(second.run.number == 2 && second.run.sameAs == nil && second.comparison != nil)
    let pieces: Int? = try sample.project.value(
      "SELECT COUNT(*) FROM run_pieces", in: "hunch.workspace")
    let third = try sample.run().record
    #expect(third.run.number == 3 && third.run.sameAs == 1)
    // What was there already is not stored again.
    #expect(
      try sample.project.value("SELECT COUNT(*) FROM run_pieces", in: "hunch.workspace") == pieces)
    let comparison = try sample.compare(1, 3)
    #expect(comparison.identical && comparison.functions.isEmpty)
    #expect(comparison.documents?.flipped == 0)
    #expect(comparison.evaluation?.classifier.accuracy.verdict == .unchanged)
    #expect(try sample.history().runs().map(\.number) == [1, 2, 3])
  }

  @Test func functionsAreAddedRemovedRenamedAndReordered() throws {
    let sample = try RunSample()
    try sample.run()
    let pack = RulePack("sample", for: Verdict.self) {
      Keywords("hello", ["hello", "thanks"], votes: .ham)
      Keywords("offer", ["offer", "prize"], votes: .spam)
      Keywords("midday", ["lunch"], votes: .ham)
      Keywords("home", ["home"], votes: .ham)
    }
    try sample.run(pack)
    let comparison = try sample.compare()
    #expect(
      comparison.functions.map { "\($0.change.rawValue) \($0.name)" }
        == ["renamed midday", "added home", "removed free"])
    #expect(comparison.functions[0].previousName == "lunch")
    #expect(comparison.functions[0].flipped == 0)
    #expect(comparison.functions[1].before == nil && comparison.functions[1].after?.votes ?? 0 > 0)
    #expect(comparison.functions[2].after == nil)
    #expect(comparison.reordered)
    let listing = try sample.history().listing(limit: 5)
    #expect(listing.runs[0].changes == nil)
    let changes = try #require(listing.runs[1].changes)
    #expect(changes.added == ["home"] && changes.removed == ["free"] && changes.changed.isEmpty)
    #expect(changes.renamed == ["midday"] && changes.settings.isEmpty && !changes.corpus)
    #expect(try sample.history().listing(limit: 1).runs[0].changes?.added == ["home"])
  }

  @Test func settingsAreCompared() throws {
    let sample = try RunSample()
    let before = try sample.run()
    let after = try sample.run {
      $0.configuration.labelModel = "majority"
      $0.configuration.classBalance = .given(["ham": 0.4, "spam": 0.6])
    }
    let comparison = try sample.compare()
    #expect(comparison.settings.map(\.key) == ["class_balance", "label_model"])
    #expect(comparison.settings[0].after == "ham=0.4, spam=0.6")
    #expect(comparison.settings[1].before == "auto" && comparison.settings[1].after == "majority")
    #expect(comparison.functions.isEmpty && comparison.data == ["label_model"])
    #expect(comparison.flipsByID == flips(before.labels, after.labels))
    #expect(comparison.documents?.flips.allSatisfy { $0.cause == .weights } == true)
  }

  @Test(arguments: ["INTEGER", "TEXT"])
  func otherDocumentsAreFoundByTheirIDs(type: String) throws {
    // More than one chunk; ids that are far apart, negative, or texts with blanks and accents.
    func id(_ number: Int) -> String {
      type == "TEXT" ? "é \(number)" : number % 3 == 0 ? "\(-number)" : "\(number << 40)"
    }
    let sample = try RunSample(5_000, id: id)
    let before = try sample.run()
    try sample.project.execute("DELETE FROM documents WHERE text LIKE '%word33'")
    try sample.insert(5_001...5_100, id: id)
    let after = try sample.run(RunSample.pack(free: ["cash"]))
    let comparison = try sample.compare()
    let shared = Set(before.labels.keys).intersection(after.labels.keys)
    let documents = try #require(comparison.documents)
    #expect(documents.shared == shared.count)
    #expect(documents.onlyBefore == before.labels.count - shared.count && documents.onlyBefore > 0)
    #expect(documents.onlyAfter == 100)
    #expect(comparison.data == ["documents", "gold"])
    #expect(comparison.flipsByID == flips(before.labels, after.labels))
    #expect(!comparison.flipsByID.isEmpty)
  }

  @Test func appendedDocumentsLeaveTheOthersAsTheyAre() throws {
    let sample = try RunSample(4_096)
    let before = try sample.run()
    try sample.insert(4_097...4_200)
    let after = try sample.run()
    let comparison = try sample.compare()
    #expect(comparison.documents?.shared == 4_096 && comparison.documents?.onlyAfter == 104)
    #expect(comparison.flipsByID == flips(before.labels, after.labels))
    // The first chunk is what it was, so no flip there is put down to an edit.
    #expect(comparison.documents?.causes?.content == 0)
  }

  @Test func anEditedTextIsSaidToBeOne() throws {
    let sample = try RunSample()
    let before = try sample.run()
    try sample.project.execute("UPDATE documents SET text = 'prize offer' WHERE id % 90 = 1")
    let after = try sample.run()
    let comparison = try sample.compare(texts: true)
    #expect(comparison.data == ["documents"] && comparison.functions.isEmpty)
    let expected = flips(before.labels, after.labels)
    #expect(!expected.isEmpty && comparison.flipsByID == expected)
    let flips = try #require(comparison.documents?.flips)
    #expect(flips.allSatisfy { $0.cause == .content })
    for flip in flips {
      let text: String? = try sample.project.value(
        "SELECT text FROM documents WHERE id = \(flip.id)")
      #expect(flip.text == text)
    }
  }

  @Test func changedGoldCountsAsItIsNow() throws {
    let sample = try RunSample()
    try sample.run()
    try sample.project.execute(
      "UPDATE documents SET gold = CASE gold WHEN 'ham' THEN 'spam' ELSE 'ham' END "
        + "WHERE split = 'test' AND id % 3 = 0")
    try sample.project.execute(
      "UPDATE documents SET gold = NULL WHERE split = 'test' AND id % 5 = 0")
    let report = try sample.project.pipeline(RunSample.pack()).run()
    let comparison = try sample.compare()
    #expect(comparison.data == ["gold"])
    let evaluation = try #require(comparison.evaluation)
    let changed: Int? = try sample.project.value(
      "SELECT COUNT(*) FROM documents WHERE split = 'test' AND id % 3 = 0 AND id % 5 > 0")
    let gold: Int? = try sample.project.value(
      "SELECT COUNT(*) FROM documents WHERE split = 'test' AND gold NOT NULL")
    #expect(evaluation.changedGold == changed && evaluation.documents == gold)
    #expect(evaluation.classifier.accuracy.after == report.evaluate?.classifier?.metrics.accuracy)
    // The same labels by the same gold: what changed is the gold, not the run.
    #expect(evaluation.labelModel.accuracy.verdict == .unchanged)
  }

  @Test func thereMustBeRuns() throws {
    let sample = try RunSample(100)
    #expect(
      sample.project.failure { _ = try sample.history() }
        == Shown(
          "no run of this project is recorded", hint: "make one with 'hunch run'", .usage))
    try sample.run()
    #expect(
      sample.project.failure { _ = try sample.compare() }
        == Shown(
          "no run before run 1 is recorded, so there is nothing to compare",
          hint: "'hunch run' records one after every change", .usage))
    #expect(
      sample.project.failure { _ = try sample.compare(7) }
        == Shown(
          "no run 7 is recorded", hint: "'hunch runs' lists them: 1 to 1", .usage))
  }
}
