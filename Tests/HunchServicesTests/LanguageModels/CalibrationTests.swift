import Foundation
import Hunch
import HunchLabeling
import ServiceStubs
import Testing

/// Answers corrected for what a model prefers whatever the document says.
struct CalibrationTests {
  private static let pack = RulePack("tone", for: Tone.self) {
    Keywords("thanks", ["thanks", "great"], votes: .glad)
    Prompt("asked", ask: "Is the customer cross?", answers: ["yes": .cross, "no": .glad])
  }
  private static let train = Tone.documents(60).filter { $0.label == nil }

  /// Prefers "yes": says so with 0.9 where nothing is said, 0.95 of cross documents and 0.7 of others.
  private static func biased(_ question: ChatStub.Question) -> ChatStub.Reply {
    let isEmpty = ["N/A", "", "[MASK]"].contains(question.document)
    let yes = isEmpty ? 0.9 : ChatProject.isCross(question.document) ? 0.95 : 0.7
    return ChatStub.Reply(
      "Yes", first: [("Yes", yes * 0.6), (" yes", yes * 0.4), ("No", 1 - yes - 0.01), ("Y", 0.005)])
  }

  private func ask(
    _ section: String, _ answer: @escaping @Sendable (ChatStub.Question) -> ChatStub.Reply
  ) async throws -> (stub: ChatStub, report: AskReport, votes: [String]) {
    let stub = await ChatStub(answer: answer)
    let project = try ChatProject("budget: { requests: 1000 }, \(section)")
    let url = stub.url
    let (report, votes) = try await waiting {
      (try project.ask(url, pack: Self.pack), try project.votes("asked", pack: Self.pack))
    }
    let again = try await waiting { try project.ask(url, pack: Self.pack) }
    #expect(
      again.spent.requests == 0 && again.functions[0].calibrated == report.functions[0].calibrated)
    return (stub, report, votes)
  }

  private var documents: [(text: String, label: String?)] { Tone.documents(60) }

  @Test func dividesByTheBias() async throws {
    let (stub, report, votes) = try await ask("calibrate: true", Self.biased)
    #expect(report.functions[0].calibrated)
    #expect(stub.seen.requests == Self.train.count + 3)
    #expect(stub.seen.wantedProbabilities == Self.train.count + 3)
    #expect(report.functions[0].documents == Self.train.count)
    for (document, vote) in zip(documents, votes) where document.label == nil {
      // 0.95 / 0.9 > 0.05 / 0.1 and 0.7 / 0.9 < 0.3 / 0.1.
      #expect(vote == (ChatProject.isCross(document.text) ? "1" : "0"))
    }
  }

  @Test("without it, and without probabilities, the written answer counts")
  func withoutProbabilities() async throws {
    let (stub, report, votes) = try await ask("calibrate: false", Self.biased)
    #expect(!report.functions[0].calibrated && stub.seen.wantedProbabilities == 0)
    #expect(stub.seen.requests == Self.train.count)
    for (document, vote) in zip(documents, votes) where document.label == nil {
      #expect(vote == "1")
    }
    let (other, plain, plainVotes) = try await ask("calibrate: true") { _ in ChatStub.Reply("Yes") }
    #expect(!plain.functions[0].calibrated)
    // Once it is known that none come, none are asked for.
    #expect(other.seen.requests == Self.train.count + 3 && other.seen.wantedProbabilities == 3)
    #expect(plainVotes == votes)
  }

  @Test("an answer that is none of the allowed ones stays none")
  func staysStrict() async throws {
    let (_, report, votes) = try await ask("calibrate: true") { question in
      var reply = Self.biased(question)
      if question.document.contains("late") { reply.content = "Yes indeed" }
      return reply
    }
    let late = Self.train.filter { $0.text.contains("late") }.count
    #expect(report.functions[0].unparsed == late && late > 0)
    for (document, vote) in zip(documents, votes) where document.text.contains("late") {
      #expect(vote == "-1")
    }
  }

  @Test("the calibration's requests are in the budget")
  func budget() async throws {
    let stub = await ChatStub(answer: Self.biased)
    let project = try ChatProject("budget: { requests: 2 }")
    let url = stub.url
    let report = try await waiting { try project.ask(url, pack: Self.pack) }
    #expect(stub.seen.requests == 2 && report.stoppedBy == "requests")
    #expect(!report.functions[0].calibrated && report.functions[0].answered == 0)
  }
}
