import Hunch
import ProjectSupport
import ServiceStubs
import Testing

/// Asking costs money, so it is a step of its own: no other step does it, and none keeps it from
/// happening.
@Suite struct AskingStagesTests {
  @Test func nothingButAskingPays() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    try await waiting {
      let session = try project.session(url)
      let votes = try AppliedVotes(session).counted()
      _ = try Analysis(votes, split: nil).report
      _ = try ConflictsReport(votes, split: nil)
      let labels = try FittedLabels(votes)
      _ = try labels.report()
      let classifier = try TrainedClassifier(labels)
      _ = try EvaluateReport(classifier, split: .test)
      _ = try ExplainReport(classifier, id: "1")
      _ = try HTMLReport(labels).render()
      _ = try DocumentSuggestions(labels)
      _ = try Export(to: project.folder.path("p.csv")).posteriors(labels)
      _ = try Asking(votes.applied).estimate()
    }
    #expect(stub.seen.requests == 0)
  }

  @Test func askingAfterAnAnalysisAsks() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    let (estimate, report) = try await waiting {
      let votes = try AppliedVotes(project.session(url)).counted()
      _ = try Analysis(votes, split: nil).report
      let asking = Asking(votes.applied)
      return (try asking.estimate(), try asking.ask())
    }
    #expect(estimate.functions.allSatisfy { $0.requests > 0 })
    #expect(stub.seen.requests == estimate.functions.reduce(0) { $0 + $1.requests })
    #expect(report.functions.allSatisfy { $0.unanswered == 0 })
  }

  /// What an open session knows is what was there when it was opened.
  @Test func answersAreVotesOfAFreshSession() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    try await waiting {
      let session = try project.session(url)
      let before = try AppliedVotes(session)
      _ = try Asking(before).ask()
      func coverage(_ session: Session) throws -> Double {
        try Analysis(AppliedVotes(session).counted(), split: nil).report.functions.last?.coverage
          ?? -1
      }
      #expect(try coverage(session) == 0)
      #expect(try coverage(session.refreshed()) > 0)
    }
  }
}
