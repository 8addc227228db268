import Foundation
import Hunch
import HunchLabeling
import Synchronization
import TestSupport
import ProjectSupport
import Testing

/// The same input gives the same bytes, whatever the number of threads; and a run that was stopped
/// goes on where it was.
@Suite struct DeterminismTests {
  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("offer", ["offer", "prize", "win"], votes: .spam)
    Keywords("hello", ["hello", "thanks", "friend"], votes: .ham)
    Pattern("money", #"free|money"#, votes: .spam)
    Heuristic("short") { $0.words.count < 5 ? .ham : nil }
    Pattern("gives_up", #"^(a+)+$"#, votes: .spam)
  }

  private func sample(_ count: Int) throws -> TestProject {
    var random = SplitMix64(seed: 5)
    let hopeless = String(repeating: "a", count: 2_000) + "b"
    return try TestProject(
      TestProject.configuration(columns: [.gold, .split]),
      documents: (0..<count).map { number in
        let text = number % 1_500 == 7 ? hopeless : random.text(words: 3 + random.below(9))
        if (number + 1) % 7 > 0 { return TestDocument(number + 1, text) }
        return TestDocument(
          number + 1, text, split: "test", gold: text.contains("prize") ? "spam" : "ham")
      })
  }

  @Test func threadsMakeNoDifference() throws {
    let files = ["votes.csv", "posteriors.csv", "predictions.csv", "model"]
    var first: [String: [UInt8]] = [:]
    for threads in [1, 2, 7] {
      let project = try sample(10_000)
      let pipeline = try project.pipeline(Self.pack, threads: threads)
      let report = try pipeline.run()
      #expect(report.apply.evaluations == 50_000)
      #expect(report.apply.errors == 7)
      #expect(report.apply.failures.map(\.function) == ["gives_up"])
      #expect(report.apply.failures.map(\.documents) == [7])
      #expect(report.apply.failures.map(\.reasons) == [["match limit exceeded (7)"]])
      for (kind, file) in zip([ExportKind.votes, .posteriors, .predictions, .model], files) {
        _ = try pipeline.export(kind, to: project.path(file))
        let bytes = try project.bytes(file)
        #expect(first[file, default: bytes] == bytes, "\(file) with \(threads) threads")
        first[file] = first[file] ?? bytes
      }
    }
  }

  /// How the classifier learns: all in memory, from a part of the documents, or from a file.
  enum Learning: CaseIterable { case memory, sample, file }

  /// Whole numbers, or texts, as ids; repair gold among them.
  @Test("another order of the documents", arguments: Learning.allCases, [false, true])
  func theOrderOfDocumentsMakesNoDifference(_ learning: Learning, hasTextIDs: Bool) throws {
    var random = SplitMix64(seed: 9)
    var documents = (1...6_000).map { number in
      let text = random.text(words: 3 + random.below(9))
      let gold = text.contains("prize") ? "spam" : "ham"
      let id = hasTextIDs ? "d\(number)" : String(number)
      return number % 7 == 0
        ? TestDocument(id, text, split: "test", gold: gold)
        : TestDocument(id, text, gold: number % 50 == 1 ? gold : nil, use: "repair")
    }
    var first: [String: [String]] = [:]
    for _ in 0..<3 {
      let project = try TestProject(
        TestProject.configuration(
          columns: [.gold, .split, .use],
          more: learning == .file ? "end_model: { beyond_memory: stream }" : ""))
      // A table without a key of its own is read as it was written.
      try project.execute("CREATE TABLE documents(id, text TEXT, gold TEXT, split TEXT, use TEXT)")
      try project.append(documents)
      if !hasTextIDs { try project.execute("UPDATE documents SET id = CAST(id AS INTEGER)") }
      let pipeline = try project.pipeline(
        Self.pack, configure: { if learning != .memory { $0.trainingMemory = 3_000_000 } })
      let report = try pipeline.train()
      #expect(report.method == (learning == .file ? "streamed-dual-ascent" : report.method))
      #expect((report.omittedDocuments ?? 0 > 0) == (learning == .sample))
      for kind in [ExportKind.posteriors, .predictions, .model] {
        _ = try pipeline.export(kind, to: project.path("exported.csv"))
        let bytes = try project.bytes("exported.csv")
        let lines =
          kind == .model
          ? ["\(bytes)"]
          : String(decoding: bytes, as: UTF8.self).split(separator: "\n").sorted()
            .map(String.init)
        #expect(lines.count > 6_000 || kind == .model)
        #expect(first["\(kind)", default: lines] == lines, "\(kind)")
        first["\(kind)"] = lines
      }
      for place in documents.indices { documents.swapAt(place, random.below(documents.count)) }
    }
  }

  @Test func failuresAreRememberedWithTheVotes() throws {
    let project = try sample(2_000)
    let first = try project.pipeline(Self.pack).apply()
    let second = try project.pipeline(Self.pack).apply()
    #expect(second.evaluations == 0)
    #expect(second.errors == 2)
    #expect(second.failures == first.failures)
  }

  @Test(arguments: [1, 2, 4])
  func aStoppedRunGoesOnWhereItWas(_ threads: Int) throws {
    let project = try sample(30_000)
    let cancellation = Cancellation()
    let done = Atomic<Int>(0)
    let progress = StepProgress(
      onBegin: { _, _, _ in },
      onAdvance: { count in
        if done.add(count, ordering: .relaxed).newValue >= 8_192 { cancellation.cancel() }
      }, onEnd: {})
    #expect(
      project.failure {
        _ = try project.pipeline(
          Self.pack, threads: threads, cancellation: cancellation, progress: progress
        ).apply()
      }
        == Shown(
          "interrupted", hint: "what was finished is kept; run again to continue", .interrupted))
    let finished = done.load(ordering: .relaxed)
    #expect(finished >= 8_192 && finished < 30_000)
    let (report, votes) = try project.apply(Self.pack, threads: threads)
    #expect(report.reused == 5 * finished)
    #expect(report.evaluations == 5 * (30_000 - finished))
    #expect(votes == (try sample(30_000).apply(Self.pack).votes))
  }

  @Test func stoppedBeforeItBegan() throws {
    let project = try sample(10)
    let cancellation = Cancellation()
    cancellation.cancel()
    let shown = project.failure {
      _ = try project.pipeline(Self.pack, cancellation: cancellation).run()
    }
    #expect(shown?.status == .interrupted)
  }

  @Test func stoppedWhileTraining() throws {
    let project = try sample(5_000)
    let cancellation = Cancellation()
    let progress = StepProgress(
      onBegin: { step, _, _ in if step == "train" { cancellation.cancel() } }, onAdvance: { _ in },
      onEnd: {})
    let shown = project.failure {
      _ = try project.pipeline(Self.pack, cancellation: cancellation, progress: progress).run()
    }
    #expect(shown?.status == .interrupted)
    // A half-trained classifier is never kept.
    #expect(try !project.pipeline(Self.pack).train().reused)
  }
}
