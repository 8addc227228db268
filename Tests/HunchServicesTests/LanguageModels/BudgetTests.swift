import Foundation
import GRDB
import Hunch
import ServiceStubs
import Testing

/// The budget of a project is never passed.
struct BudgetTests {
  private static let faults: [ChatStub.Fault] = [
    .status(429, retryAfter: "0"), .brokenJSON, .good, .status(500), .noUsage, .status(500),
    .slow(milliseconds: 4500), .good, .brokenJSON, .status(503), .good, .noUsage,
  ]

  @Test(
    "requests, with tries that fail among them",
    arguments: [(1, 1), (7, 1), (30, 4), (31, 16), (0, 4)])
  func requests(limit: Int, concurrency: Int) async throws {
    let stub = await ChatStub(Self.faults, answer: ChatProject.answer)
    let project = try ChatProject(
      "budget: { requests: \(limit) }, calibrate: false, concurrency: \(concurrency)")
    let url = stub.url
    let report = try await waiting { try project.ask(url) }
    #expect(stub.seen.requests == limit)
    #expect(report.total.requests == limit && report.stoppedBy == "requests")
    #expect(report.warnings.last?.contains("the budget for requests is spent") == true)
    // It is the project's, not the run's.
    _ = try await waiting { try project.ask(url) }
    #expect(stub.seen.requests == limit)
    try project.configure("budget: { requests: \(limit + 5) }, calibrate: false")
    _ = try await waiting { try project.ask(url) }
    #expect(stub.seen.requests == limit + 5)
  }

  @Test("counts that cannot be true are none, and an answer with them is kept")
  func oddCounts() async throws {
    let stub = await ChatStub(
      [
        .usage(#"{"prompt_tokens": 4611686018427387904, "completion_tokens": 1}"#),
        .usage(#"{"prompt_tokens": "12", "completion_tokens": 1}"#), .usage("[7]"),
        .usage(#"{"prompt_tokens": 1e300, "completion_tokens": -4}"#),
      ], answer: ChatProject.answer)
    let project = try ChatProject(
      "budget: { requests: 4 }, prices: { input: 2, output: 8 }, calibrate: false, concurrency: 1")
    let url = stub.url
    let report = try await waiting { try project.ask(url) }
    #expect(
      stub.seen.requests == 4 && report.functions[0].answered + report.functions[1].answered == 4)
    #expect(report.total.requests == 4 && (1...10_000).contains(report.total.tokens))
    // The workspace is as good as before.
    #expect(try await waiting { try project.ask(url) }.total == report.total)
  }

  @Test("tokens and money", arguments: [1, 4, 16])
  func tokens(concurrency: Int) async throws {
    for limits in ["tokens: 6000", "money: 0.015", "tokens: 6000, money: 0.02, requests: 99"] {
      let stub = await ChatStub(Self.faults, answer: ChatProject.answer)
      let project = try ChatProject(
        "budget: { \(limits) }, prices: { input: 2, output: 8 }, calibrate: false, "
          + "concurrency: \(concurrency)")
      let url = stub.url
      let report = try await waiting { try project.ask(url) }
      // What the stub counted, and what it did not count or did for nothing, is less.
      let tokens = stub.seen.promptTokens + stub.seen.answerTokens
      let money =
        (Double(stub.seen.promptTokens) * 2 + Double(stub.seen.answerTokens) * 8) / 1_000_000
      let limit = try #require(report.stoppedBy)
      let total = report.total
      #expect(total.tokens >= tokens && (total.money ?? 0) >= money - 1e-9)
      if limits.contains("tokens") { #expect(total.tokens <= 6000) }
      if limits.contains("money") { #expect((total.money ?? 1) <= 0.02) }
      if limits.hasPrefix("money") { #expect((total.money ?? 1) <= 0.015) }
      #expect(limits.contains(limit))
      #expect(report.unanswered > 0 && report.functions[0].answered > 0)
      // Most of it is used: at the end not even one more request would fit.
      if limits.hasPrefix("tokens: 6000") { #expect(total.tokens > 6000 - 700) }
    }
  }

  @Test("what is put down in the end is what the service counted")
  func settled() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject("budget: { requests: 40, tokens: 100000 }, calibrate: false")
    let url = stub.url
    _ = try await waiting { try project.ask(url) }
    let spent = try project.workspace {
      try Row.fetchOne($0, sql: "SELECT requests, tokens FROM spending").map {
        [$0[0], $0[1]] as [Int]
      }
    }
    #expect(spent == [40, stub.seen.promptTokens + stub.seen.answerTokens])
  }
}
