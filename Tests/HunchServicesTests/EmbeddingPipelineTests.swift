import Foundation
import GRDB
import Hunch
import HunchServices
import ProjectSupport
import ServiceStubs
import Synchronization
import Testing

/// Whole projects whose embeddings come from a service.
struct EmbeddingPipelineTests {
  private static let documents = Tone.documents(400)

  @Test("every text is embedded once, whatever goes wrong on the way, and never again")
  func everyTextOnce() throws {
    let server = try StubServer([
      .status(429, retryAfter: "0"), .drop, .good, .status(500), .slow(milliseconds: 900),
      .status(503), .drop,
    ])
    let project = try EmbeddingProject(url: server.url, Self.documents)
    _ = try project.pipeline().export(.predictions, to: project.folder.path("p.csv"))
    let seen = server.seen
    #expect(Set(seen.embedded.keys) == Set(Self.documents.map(\.text)))
    #expect(seen.embedded.values.allSatisfy { $0 == 1 })
    #expect(seen.mostUnderWay > 1 && seen.mostUnderWay <= 4)
    #expect(seen.keys.isEmpty)
    let first = try project.folder.text("p.csv")
    let pipeline = try project.pipeline()
    #expect(try pipeline.train().reused)
    _ = try pipeline.export(.predictions, to: project.folder.path("p.csv"))
    #expect(server.seen.requests == seen.requests)
    #expect(try project.folder.text("p.csv") == first)
    // The first number of these embeddings tells what the words do not: unknown words with an e.
    let report = try pipeline.evaluate(split: .test)
    #expect(report.documents == 100)
  }

  @Test func equalAndEmptyTextsAreNotAskedTwice() throws {
    let server = try StubServer()
    let documents: [(text: String, label: String?)] =
      Array(repeating: ("thanks a lot", nil), count: 50)
      + Array(repeating: ("so late", nil), count: 50) + [(" \n", "glad"), ("", "cross")]
    let project = try EmbeddingProject(url: server.url, documents)
    _ = try project.pipeline().evaluate(split: .test)
    #expect(server.seen.embedded == ["thanks a lot": 1, "so late": 1])
  }

  @Test("a run that fails keeps what it has, and the next one asks for the rest alone")
  func resumes() throws {
    // Eight batches; four are answered, then the service is gone for good.
    let server = try StubServer(
      [.good, .good, .good] + Array(repeating: .status(401), count: 8))
    let project = try EmbeddingProject(url: server.url, Tone.documents(700))
    #expect(throws: EmbeddingError.self) { try project.pipeline().train() }
    let kept = server.seen.embedded
    #expect(kept.count >= 64 && kept.count <= 3 * 64)
    let second = try StubServer()
    let yaml = try project.folder.text("hunch.yaml")
      .replacingOccurrences(of: server.url, with: second.url)
    try yaml.write(
      toFile: project.folder.path("hunch.yaml"), atomically: true, encoding: .utf8)
    _ = try project.pipeline().train()
    // By model and text: another address of the same model makes no difference.
    #expect(Set(second.seen.embedded.keys).isDisjoint(with: kept.keys))
    #expect(second.seen.embedded.values.allSatisfy { $0 == 1 })
  }

  @Test func damagedEmbeddingsAreFetchedAnew() throws {
    let server = try StubServer()
    let project = try EmbeddingProject(url: server.url, Tone.documents(40))
    _ = try project.pipeline().train()
    try project.folder.inDatabase("hunch.workspace") { db in
      try db.execute(
        sql: """
          DELETE FROM models;
          UPDATE embeddings SET embedding = zeroblob(36)
          WHERE key = (SELECT MIN(key) FROM embeddings)
          """)
    }
    let requests = server.seen.requests
    _ = try project.pipeline().train()
    #expect(server.seen.requests == requests + 1)
    #expect(server.seen.embedded.values.reduce(0, +) == server.seen.embedded.count + 1)
  }

  @Test func aWrongLengthIsNamed() throws {
    let server = try StubServer([.good, .wrongLength])
    let project = try EmbeddingProject(url: server.url, Self.documents)
    let error = #expect(throws: EmbeddingError.self) { try project.pipeline().train() }
    guard case .wrongLength(_, let expected, let found) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(Set([expected, found]) == [8, 9])
    #expect(!"\(try #require(error))".contains("zörk"))
  }

  @Test func aStopIsHeard() throws {
    let server = try StubServer([.good])
    let project = try EmbeddingProject(url: server.url, Self.documents)
    let cancellation = Cancellation()
    let advances = Mutex(0)
    let progress = StepProgress(
      onBegin: { step, unit, _ in
        if step == "embed" { #expect(unit == "texts") }
      },
      onAdvance: { count in
        advances.withLock { $0 += count }
        cancellation.cancel()
      }, onEnd: {})
    let error = #expect(throws: HunchError.self) {
      try project.pipeline(cancellation: cancellation, progress: progress).train()
    }
    #expect(error?.status == .interrupted)
  }

  @Test("a model file fetches embeddings where the input brings none")
  func predicts() throws {
    let server = try StubServer()
    let project = try EmbeddingProject(url: server.url, Self.documents)
    let file = project.folder.path("tone.model")
    _ = try project.pipeline().export(.model, to: file)
    var options = SessionOptions()
    let before = server.seen.requests
    let given = PredictionDocument(
      text: "unheard", embedding: StubServer.embedding(of: "unheard"))
    // With a given embedding nothing is asked, so no client is needed.
    let alone = try Predictor(modelFile: file, options: options).predict([given])[0]
    #expect(server.seen.requests == before)
    let plain = PredictionDocument(text: "unheard")
    #expect(throws: EmbeddingError.self) {
      try Predictor(modelFile: file, options: options).predict([plain])
    }
    options.embedder = { EmbeddingClient(url: $0, model: $1, key: nil, patience: .short) }
    let predictor = try Predictor(modelFile: file, options: options)
    let fetched = try predictor.predict([plain])[0]
    #expect(fetched.probabilities == alone.probabilities)
    #expect(server.seen.requests == before + 1)
    #expect(predictor.predict(["unheard"])[0].probabilities != alone.probabilities)

    var stream = try PredictionStream(predictor, path: "in", threads: 2)
    var output: [UInt8] = []
    let numbers = StubServer.embedding(of: "unheard").map { "\($0)" }.joined(separator: ",")
    let input =
      "{\"text\":\"unheard\"}\n{\"text\":\"unheard\"}\n{\"text\":\"unheard\",\"embedding\":[\(numbers)]}\n"
    try stream.append(Array(input.utf8)) { output += $0 }
    try stream.finish { output += $0 }
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && Set(lines).count == 1)
    #expect(stream.absent.isEmpty)
    var wrong = try PredictionStream(predictor, path: "in", threads: 2)
    let error = #expect(throws: HunchError.self) {
      try wrong.append(Array("{\"text\":\"x\",\"embedding\":[1,2]}\n".utf8)) { _ in }
      try wrong.finish { _ in }
    }
    #expect(
      "\(try #require(error))" == "in:1: 'embedding' must hold 8 numbers, and holds 2")
  }

  @Test func withoutAClientItIsSaid() throws {
    let project = try EmbeddingProject(
      url: "http://localhost:8/v1/embeddings", Tone.documents(8))
    let plain = try ProjectSteps(
      project.folder.project(EmbeddingProject.pack))
    let error = #expect(throws: EmbeddingError.self) { try plain.train() }
    #expect(error == .noClient(endpoint: "http://localhost:8/v1/embeddings"))
  }
}
