import Foundation
import Hunch
import HunchModels
import HunchText
import Testing

@Suite("Embeddings of a classifier that saw none")
struct PredictionEmbeddingTests {
  /// A classifier that looks at embeddings and was trained on documents without any.
  private func predictor() throws -> Predictor {
    let columns = DenseColumns(numeric: ["price"], categorical: [], embedding: .column("vector"))
    var trainer = TextClassifierTrainer(labels: ["a", "b"], columns: columns)
    for (text, posteriors) in [("ripe plum", [1, 0]), ("sour lime", [0, 1])] {
      var values = DenseValues(columns)
      values.append(numbers: [1], categories: [], embedding: [Float]?.none)
      trainer.add(TextBatch([text]), values: values, posteriors: posteriors.map(Float.init))
    }
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).model")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(try trainer.train().encoded()).write(to: url)
    return try Predictor(modelFile: url.path)
  }

  @Test("the first embedding says how long the others must be, whatever the threads and blocks")
  func lengths() throws {
    let predictor = try predictor()
    var input = ""
    var bad: [Int] = []
    for line in 1...400 {
      if line % 90 == 0 { bad.append(line) }
      let embedding = line < 3 ? "null" : line % 90 == 0 ? "[1]" : "[0.5,-1]"
      input += "{\"text\":\"plum \(line)\",\"price\":2,\"embedding\":\(embedding)}\n"
    }
    for (threads, blockSize) in [(1, 1 << 20), (4, 1 << 20), (3, 500)] {
      var unread: [String] = []
      var lines = 0
      var stream = try PredictionStream(predictor, path: "in", threads: threads) {
        unread.append("\($0)")
      }
      let bytes = Array(input.utf8)
      for begin in stride(from: 0, to: bytes.count, by: blockSize) {
        try stream.append(bytes[begin..<min(begin + blockSize, bytes.count)]) {
          lines += $0.count { $0 == 0x0A }
        }
      }
      try stream.finish { lines += $0.count { $0 == 0x0A } }
      #expect(lines == 400 - bad.count)
      #expect(
        unread == bad.map { "in:\($0): 'embedding' must hold 2 numbers, and holds 1" })
    }
  }

  @Test("documents of several lengths are an error, not a trap")
  func documents() throws {
    let predictor = try predictor()
    let one = PredictionDocument(text: "plum", embedding: [1, 2])
    #expect(try predictor.predict([one, .init(text: "lime"), one]).count == 3)
    let error = #expect(throws: EmbeddingError.self) {
      try predictor.predict([one, PredictionDocument(text: "lime", embedding: [1])])
    }
    #expect(error?.status == .badData)
    let empty = #expect(throws: HunchError.self) {
      var stream = try PredictionStream(predictor, path: "in", threads: 1)
      try stream.append(Array("{\"text\":\"a\",\"embedding\":[]}\n".utf8)) { _ in }
      try stream.finish { _ in }
    }
    #expect(empty?.status == .badData)
  }

  @Test("a table brings an embedding as text, under either name")
  func cells() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func output(_ text: String) throws -> String {
      let file = folder.appending(path: "in.csv")
      try Data(text.utf8).write(to: file)
      var stream = try PredictionStream(predictor(), path: file.path, threads: 1)
      var bytes: [UInt8] = []
      try stream.run { bytes += $0 }
      return String(decoding: bytes, as: UTF8.self)
    }
    let one = try output("text,price,embedding\nplum,,\"[1, 2]\"\n")
    #expect(one == (try output("text,price,vector\nplum,,\"[1, 2]\"\n")))
    let missing = #expect(throws: TableError.self) { try output("text,embedding\nplum,\n") }
    #expect(missing?.status == .badData)
    #expect(throws: TableError.self) { try output("text,price\nplum,\n") }
  }
}
