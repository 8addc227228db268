import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ends real runs with SIGKILL and compares what a rerun arrives at with an undisturbed run.
@Suite("Killed at any moment", .serialized)
struct KillTests {
  /// What the process was waited for before it was killed.
  private enum Moment: CaseIterable {
    /// The first change of the log, or one of the next: the moment of a commit.
    case commit
    /// A share of the time that an undisturbed run takes, more often a small one.
    case time
    /// The label model is done: the classifier trains and is stored.
    case training
    /// The classifier is done: evaluation, then the record of the run.
    case recording
    /// A share of the time that an export takes.
    case export
  }

  private static let chunks = 8
  private static let kinds = ["votes", "posteriors", "model"]

  /// The undisturbed run.
  private struct Reference {
    var seconds = 0.0
    var exportSeconds = 0.0
    var exports: [String: Data] = [:]
    var votes: [String] = []
  }

  @Test("a rerun continues and ends in the same bytes")
  func killed() throws {
    let project = try MessageProject(chunks: Self.chunks)
    let reference = try undisturbed(project)
    var random = SplitMix64(seed: 20)
    var (landed, rounds, resumed) = ([Moment: Int](), 0, 0)
    var kills = 0
    while kills < Faults.kills {
      project.forget()
      var stored = 0
      for _ in 0..<min(5, Faults.kills - kills) {
        let moment = Moment.allCases[kills % Moment.allCases.count]
        kills += 1
        if try end(at: moment, project, reference, &random) { landed[moment, default: 0] += 1 }
        let left = try project.contents()
        #expect(left.integrity == "ok")
        #expect(left.orphans == 0)
        #expect(left.votes.count >= stored, "stored votes were lost")
        stored = left.votes.count
        if stored > 0, stored < reference.votes.count { resumed += 1 }
        if moment == .recording, random.below(2) == 0 { try expectContinuation(project, stored) }
      }
      try expectContinuation(project, try project.contents().votes.count)
      try expectSame(project, reference)
      rounds += 1
    }
    let counts = Moment.allCases.map { "\($0) \(landed[$0] ?? 0)" }.joined(separator: ", ")
    print(
      "kills: \(kills) processes, \(landed.values.reduce(0, +)) of them ended by it (\(counts)); "
        + "\(resumed) left a part of the votes; \(rounds) workspaces ended in the same bytes")
    #expect(landed.values.reduce(0, +) > 0)
  }

  private func undisturbed(_ project: MessageProject) throws -> Reference {
    var reference = Reference()
    reference.seconds = try seconds {
      _ = try HunchBinary.succeed(["run", "--workspace", "undisturbed"], in: project.folder)
    }
    for kind in Self.kinds {
      reference.exportSeconds = try seconds {
        reference.exports[kind] = try project.export(kind, workspace: "undisturbed")
      }
    }
    let contents = try project.contents("undisturbed")
    reference.votes = contents.votes
    #expect(contents.integrity == "ok")
    #expect(contents.votes.count % Self.chunks == 0)
    #expect(!contents.votes.isEmpty)
    return reference
  }

  private func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    return start.duration(to: .now) / .seconds(1)
  }

  /// Runs until a moment and kills; returns whether the process was still there.
  private func end(
    at moment: Moment, _ project: MessageProject, _ reference: Reference,
    _ random: inout SplitMix64
  ) throws -> Bool {
    let folder = project.folder
    let old = Data("what stood there before".utf8)
    let kind = random.pick(["votes", "posteriors"])
    var arguments = ["run", ".", "--threads", random.pick(["1", "2"])]
    if moment == .export {
      try old.write(to: folder.url.appendingPathComponent("kept.csv"))
      arguments = ["export", ".", kind, "--output", "kept.csv"]
    }
    let process = try HunchBinary.process(arguments, in: folder)
    try process.run()
    switch moment {
    case .time:
      let share = random.uniform()
      wait(share * share * reference.seconds)
    case .commit:
      for _ in 0...(2 + random.below(14)) {
        awaitChange(of: "hunch.workspace-wal", folder, process)
      }
    case .training:
      awaitTable("Label model", folder, process)
      wait(random.uniform() * reference.seconds / 3)
    case .recording:
      awaitTable("Classifier", folder, process)
      wait(random.uniform() * reference.seconds / 20)
    case .export: wait(random.uniform() * reference.exportSeconds * 2)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    if moment == .export {
      let now = try Data(contentsOf: folder.url.appendingPathComponent("kept.csv"))
      #expect(now == old || now == reference.exports[kind], "half a file took the old one's place")
    }
    return process.terminationReason == .uncaughtSignal
  }

  private func wait(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }

  /// Waits until the run has printed a table.
  private func awaitTable(_ heading: String, _ folder: Folder, _ process: Process) {
    while process.isRunning, (try? folder.text(".stdout").contains("\n\(heading)  ")) != true {
      usleep(2_000)
    }
  }

  /// Waits until a file appears or is written to.
  private func awaitChange(of name: String, _ folder: Folder, _ process: Process) {
    func state() -> String {
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path(name))
      return "\(attributes?[.size] ?? "") \(attributes?[.modificationDate] ?? "")"
    }
    let before = state()
    while process.isRunning, state() == before { usleep(200) }
  }

  /// The lock is free, and what was stored is not evaluated again.
  private func expectContinuation(_ project: MessageProject, _ stored: Int) throws {
    let apply = try HunchBinary.json(["apply", "."], in: project.folder)
    let functions = try #require(apply["functions"] as? Int)
    let evaluations = try #require(apply["evaluations"] as? Int)
    let reused = try #require(apply["reused"] as? Int)
    #expect(apply["documents"] as? Int == project.documents)
    #expect(reused == MessageProject.votes(columns: stored, functions: functions))
    #expect(evaluations + reused == project.documents * functions)
  }

  private func expectSame(_ project: MessageProject, _ reference: Reference) throws {
    for kind in Self.kinds {
      #expect(try project.export(kind) == reference.exports[kind], "\(kind) differ")
    }
    let contents = try project.contents()
    #expect(contents.votes == reference.votes)
    #expect(contents.integrity == "ok")
  }
}
