import Foundation
import Hunch
import HunchLabeling
import ServiceStubs
import Testing

/// Which documents are asked about.
struct SampleTests {
  private static let pack = RulePack("tone", for: Tone.self) {
    Keywords("thanks", ["thanks", "great"], votes: .glad)
    Keywords("kind", ["kind", "great"], votes: .glad)
    Keywords("broken", ["broken", "late"], votes: .cross)
    Keywords("cold", ["cold", "late", "kind"], votes: .cross)
    Prompt("asked", ask: "Is the customer cross?", answers: ["yes": .cross, "no": nil])
  }

  private func documents(
    _ sample: String, seed: Int = 0, _ project: ChatProject? = nil
  ) async throws -> [String] {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try project ?? ChatProject()
    try project.configure(
      "budget: { requests: 1000 }, calibrate: false, concurrency: 1, \(sample)", seed: seed)
    let url = stub.url
    _ = try await waiting { try project.ask(url, pack: Self.pack) }
    return stub.seen.documents
  }

  @Test("those first on which the label model is least sure")
  func uncertain() async throws {
    let project = try ChatProject()
    let chosen = try await documents("sample: { documents: 20, by: uncertain }", project)
    #expect(chosen.count == 20 && Set(chosen).count == 20)
    // Every second one is drawn at random, as such a sample is.
    let drawn = try await documents("sample: { documents: 45, by: random }")
    let unsure = stride(from: 0, to: 20, by: 2).map { chosen[$0] }
    let drawnOnes = stride(from: 1, to: 20, by: 2).map { chosen[$0] }
    #expect(drawnOnes == Array(drawn.filter { !unsure.contains($0) }.prefix(10)))
    // The order by the margin of a label model without the question.
    let others = RulePack("tone", for: Tone.self) { Self.pack.functions.dropLast().map { $0 } }
    let path = project.folder.path("p.csv")
    try await waiting {
      // The model of votes alone, as the sample uses it.
      _ = try project.pipeline(nil, pack: others).export(.posteriors, to: path)
    }
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    var margins: [String: Double] = [:]
    for (document, row) in zip(Tone.documents(60), rows) where document.label == nil {
      margins[document.text] = abs((Double(row[4]) ?? 0) - (Double(row[5]) ?? 0))
    }
    let sorted = margins.values.sorted()
    let taken = unsure.compactMap { margins[$0] }
    #expect(taken.count == 10 && taken == taken.sorted())
    #expect(zip(taken, sorted).allSatisfy { abs($0 - $1) < 1e-6 }, "\(taken) \(sorted)")
  }

  @Test func uncoveredFirst() async throws {
    let all = try await documents("sample: { documents: 24, by: uncovered }")
    let chosen = stride(from: 0, to: 24, by: 2).map { all[$0] }
    let uncovered = Set(
      Tone.documents(60).filter { $0.label == nil }.map(\.text).filter { text in
        !["thanks", "great", "kind", "broken", "late", "cold"].contains { text.contains($0) }
      })
    #expect(uncovered.count > 5)
    #expect(Set(chosen.prefix(uncovered.count)) == uncovered.intersection(chosen))
    #expect(uncovered.isSubset(of: chosen) || chosen.allSatisfy(uncovered.contains))
  }

  @Test("drawn by the seed, the same each time, and whatever is answered already")
  func random() async throws {
    let one = try await documents("sample: { documents: 10, by: random }")
    #expect(try await documents("sample: { documents: 10, by: random }") == one)
    #expect(try await documents("sample: { documents: 10, by: random }", seed: 1) != one)
    // A larger sample holds the smaller one, and asks for the rest alone.
    let project = try ChatProject()
    let first = try await documents("sample: { documents: 10, by: random }", project)
    let rest = try await documents("sample: { documents: 25, by: random }", project)
    #expect(first == one && rest.count == 15 && Set(rest).isDisjoint(with: first))
    // Another sample: paid answers vote on.
    _ = try await documents("sample: { documents: 5, by: random }", seed: 3, project)
    let votes = try await waiting { try project.votes("asked", pack: Self.pack) }
    let cross = (first + rest).filter(ChatProject.isCross).count
    #expect(votes.filter { $0 == "1" }.count >= cross)
  }

  @Test("a sample does not change with the answers")
  func resumes() async throws {
    let whole = try await documents("sample: { documents: 30, by: uncertain }")
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    for limit in [7, 19, 100] {
      try project.configure(
        "budget: { requests: \(limit) }, calibrate: false, concurrency: 1, "
          + "sample: { documents: 30, by: uncertain }")
      _ = try await waiting { try project.ask(url, pack: Self.pack) }
    }
    #expect(stub.seen.documents == whole)
  }

  @Test func splits() async throws {
    let train = try await documents("splits: [train]")
    let test = try await documents("splits: [test]")
    let all = try await documents("splits: [test, train, valid]")
    #expect(Set(all) == Set(train).union(test) && all.count == 60)
    #expect(Set(test) == Set(Tone.documents(60).filter { $0.label != nil }.map(\.text)))
  }
}

extension SampleTests {
  private func documents(_ sample: String, _ project: ChatProject) async throws -> [String] {
    try await documents(sample, seed: 0, project)
  }
}
