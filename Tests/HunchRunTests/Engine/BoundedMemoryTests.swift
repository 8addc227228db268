import Foundation
import Hunch
import HunchLabeling
import HunchModels
import ProjectSupport
import Synchronization
import TestSupport
import Testing

/// Many distinct vote patterns, in memory and spilled to a file.
@Suite struct BoundedMemoryTests {
  /// Twelve functions that vote by the letters of the text, so that most documents have a pattern
  /// of their own.
  private static let pack = RulePack("sample", for: Verdict.self) {
    for place in 0..<12 {
      Heuristic("letter_\(place)") { document in
        let bytes = Array(document.text.utf8)
        guard bytes.count > place else { return nil }
        return switch bytes[place] {
        case UInt8(ascii: "h"): .ham
        case UInt8(ascii: "s"): .spam
        default: nil
        }
      }
    }
  }

  private func sample(_ count: Int) throws -> TestProject {
    var random = SplitMix64(seed: 11)
    return try TestProject(
      TestProject.configuration(columns: [.gold, .split]),
      documents: (1...count).map { id in
        let isSpam = random.below(2) == 1
        let letters = (0..<12).map { _ in
          random.below(3) == 0 ? "-" : (random.below(4) == 0) == isSpam ? "h" : "s"
        }
        return TestDocument(
          id, letters.joined() + (isSpam ? " prize" : " thanks"),
          split: id % 3 > 0 ? nil : id % 5 == 0 ? "test" : id % 5 == 1 ? "valid" : "train",
          gold: id % 3 > 0 ? nil : isSpam ? "spam" : "ham")
      })
  }

  private func pipeline(
    _ project: TestProject, workspace: String, patternMemory: Int? = nil,
    trainingMemory: Int? = nil, streams: Bool = false, isParameterFree: Bool = false,
    threads: Int = 2, cancellation: Cancellation = Cancellation()
  ) throws -> ProjectSteps {
    var options = SessionOptions(threads: threads, cancellation: cancellation)
    if let patternMemory { options.patternMemory = patternMemory }
    if let trainingMemory { options.trainingMemory = trainingMemory }
    var opened = try project.project(Self.pack, workspace: project.path(workspace))
    opened.configuration.endModel.streams = streams
    opened.configuration.endModel.isParameterFree = isParameterFree
    return try ProjectSteps(opened, options: options)
  }

  /// JSON with numbers cut to nine digits and without times.
  private func text(_ report: some Encodable) throws -> String {
    let text = String(decoding: try ReportJSON.encode(report), as: UTF8.self)
    return text.split(separator: "\n").filter { !$0.contains("\"seconds\"") }.map { line in
      line.replacing(/-?\d+\.\d+(e-?\d+)?/) { match in
        String(format: "%.9f", Double(match.output.0) ?? 0)
      }
    }.joined(separator: "\n")
  }

  @Test func spillingChangesNoResult() throws {
    let project = try sample(9_000)
    let kept = try pipeline(project, workspace: "kept")
    let spilled = try pipeline(project, workspace: "spilled", patternMemory: 20_000)
    let alone = try pipeline(project, workspace: "alone", patternMemory: 20_000, threads: 1)
    #expect(try kept.fit().patterns > 5_000)
    for split in [nil, Split.train, .valid, .test] {
      #expect(
        try ReportJSON.encode(kept.analyze(split: split))
          == ReportJSON.encode(spilled.analyze(split: split)))
      #expect(
        try ReportJSON.encode(kept.conflicts(split: split))
          == ReportJSON.encode(spilled.conflicts(split: split)))
    }
    #expect(try text(kept.fit()) == text(spilled.fit()))
    #expect(try ReportJSON.encode(alone.fit()) == ReportJSON.encode(spilled.fit()))
    #expect(try kept.train().documents == spilled.train().documents)
    #expect(
      try kept.evaluate(split: .test).labelModel?.metrics.confusion
        == spilled.evaluate(split: .test).labelModel?.metrics.confusion)
    #expect(
      try text(kept.explain(id: "77").posterior) == text(spilled.explain(id: "77").posterior))
    for (pipeline, name) in [(kept, "kept"), (spilled, "spilled"), (alone, "alone")] {
      #expect(try pipeline.export(.posteriors, to: project.path("\(name).csv")) == 9_000)
    }
    #expect(try project.bytes("spilled.csv") == project.bytes("alone.csv"))
    for (one, other) in zip(try project.rows("kept.csv"), try project.rows("spilled.csv"))
      .dropFirst()
    {
      #expect(one.prefix(3) == other.prefix(3))
      let values = zip(one.dropFirst(4), other.dropFirst(4))
      #expect(values.allSatisfy { abs((Double($0) ?? 2) - (Double($1) ?? -2)) < 1e-9 })
    }
    // Nothing is left beside the workspaces.
    let names = try FileManager.default.contentsOfDirectory(atPath: project.directory)
    #expect(!names.contains { $0.contains("spill-") })
  }

  @Test func aFolderThatCannotBeWrittenIsAnErrorOfTheWorkspace() throws {
    let project = try sample(5_000)
    let folder = project.path("locked")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let pipeline = try pipeline(project, workspace: "locked/w", patternMemory: 0)
    _ = try pipeline.apply()
    // The workspace stays open; new files cannot be made in a folder that is gone.
    try FileManager.default.moveItem(atPath: folder, toPath: project.path("moved"))
    let shown = project.failure { _ = try pipeline.fit() }
    #expect(shown?.status == .cannotCreate)
    #expect(
      shown?.message == "DIR/locked/w cannot be written: No such file or directory")
  }

  @Test(arguments: [0, 64 << 20])
  func aFitCanBeStopped(memory: Int) throws {
    let project = try sample(5_000)
    let cancellation = Cancellation()
    let pipeline = try pipeline(
      project, workspace: "w", patternMemory: memory, cancellation: cancellation)
    _ = try pipeline.analyze(split: nil)
    cancellation.cancel()
    #expect(project.failure { _ = try pipeline.fit() }?.status == .interrupted)
    #expect(project.failure { _ = try pipeline.analyze(split: .train) }?.status == .interrupted)
  }

  @Test func trainingWithinBoundsSaysWhatItLeftOut() throws {
    let project = try sample(4_000)
    let all = try pipeline(project, workspace: "all").train()
    #expect(all.omittedDocuments == nil)
    let report = try pipeline(project, workspace: "some", trainingMemory: 500_000).train()
    let omitted = try #require(report.omittedDocuments)
    #expect(omitted > 0 && report.documents > 0)
    #expect(report.documents + omitted == all.documents)
    let again = try pipeline(project, workspace: "some", trainingMemory: 500_000).train()
    #expect(again.reused)
    #expect(again.omittedDocuments == omitted)
    // A classifier trained within other bounds is another one.
    #expect(try !pipeline(project, workspace: "some").train().reused)
  }

  @Test func streamingLeavesNothingOut() throws {
    let project = try sample(4_000)
    let all = try pipeline(project, workspace: "all").train()
    #expect(all.method == "l-bfgs")
    func streaming(_ name: String, threads: Int) throws -> ProjectSteps {
      try pipeline(
        project, workspace: name, trainingMemory: 500_000, streams: true, threads: threads)
    }
    // A workspace belongs to one pipeline at a time.
    let (report, accuracy) = try {
      let first = try streaming("streaming", threads: 2)
      return (try first.train(), try first.evaluate(split: .test).classifier?.metrics.accuracy)
    }()
    #expect(report.omittedDocuments == nil && report.documents == all.documents)
    #expect(report.features == all.features)
    #expect(report.method == "streamed-dual-ascent")
    #expect(accuracy ?? 0 > 0.8)
    let again = try streaming("streaming", threads: 2).train()
    #expect(again.reused && again.method == report.method)
    #expect(again.epochs == report.epochs)
    #expect(try streaming("alone", threads: 1).train().epochs == report.epochs)
    // Nothing is left beside the workspaces.
    let names = try FileManager.default.contentsOfDirectory(atPath: project.directory)
    #expect(!names.contains { $0.contains("spill-") })
  }

  /// `training: parameter-free`, in memory and from a file: the step that was found is reported, and
  /// stays known where the classifier is taken from the workspace.
  @Test(arguments: [false, true])
  func trainingFindsItsOwnStep(streams: Bool) throws {
    let project = try sample(1_500)
    func train(threads: Int) throws -> (report: TrainReport, accuracy: Double?) {
      let steps = try pipeline(
        project, workspace: "free\(threads)", trainingMemory: streams ? 100_000 : nil,
        streams: streams, isParameterFree: true, threads: threads)
      let report = try steps.train()
      return (report, try steps.evaluate(split: .test).classifier?.metrics.accuracy)
    }
    let (report, accuracy) = try train(threads: 2)
    #expect(report.method == (streams ? "streamed-parameter-free" : "parameter-free"))
    let search = try #require(report.stepSearch)
    #expect(search.bracket[0] <= search.step && search.step <= search.bracket[1])
    #expect(search.bracket[1] <= 2.0001 * search.bracket[0])
    #expect(report.sentences.first?.contains("step size") == true)
    #expect(accuracy ?? 0 > 0.8)
    let again = try train(threads: 2).report
    #expect(again.reused && again.stepSearch == search)
    #expect(try train(threads: 1).report.stepSearch == search)
  }
}
