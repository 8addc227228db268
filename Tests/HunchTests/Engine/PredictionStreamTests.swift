import Foundation
import Hunch
import HunchModels
import HunchText
import Testing

@Suite("Prediction stream")
struct PredictionStreamTests {
  /// What a line of the output looked like when Foundation wrote it.
  private struct Line: Encodable {
    var label: String
    var probabilities: [String: Double]
  }

  private static let labels = ["b/c", "a \"é\"", "Z\u{1}", "a10", "a9"]

  private func predictor() throws -> Predictor {
    var trainer = TextClassifierTrainer(labels: Self.labels)
    for word in ["ripe", "honey", "mango", "sharp", "lime"].enumerated() {
      var posteriors = [Float](repeating: 0, count: 2 * Self.labels.count)
      posteriors[word.offset] = 1
      posteriors[Self.labels.count + word.offset] = 1
      trainer.add(
        TextBatch(["\(word.element) plum", "so \(word.element)"]), posteriors: posteriors)
    }
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).model")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(try trainer.train().encoded()).write(to: url)
    return try Predictor(modelFile: url.path)
  }

  /// Line by line, with Foundation's JSON.
  private func slowly(_ predictor: Predictor, _ lines: [String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var output = ""
    for (index, line) in lines.enumerated() {
      let text = try Predictor.text(of: line, path: "in", number: index + 1)
      for prediction in predictor.predict([text]) {
        let values = zip(predictor.labels, prediction.probabilities)
        let line = Line(
          label: prediction.label, probabilities: Dictionary(uniqueKeysWithValues: values))
        output += String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
      }
    }
    return output
  }

  private func stream(
    _ predictor: Predictor, _ input: [UInt8], threads: Int, blockSize: Int
  ) throws -> (output: String, error: HunchError?) {
    var stream = try PredictionStream(predictor, path: "in", threads: threads)
    var output: [UInt8] = []
    do {
      for begin in stride(from: 0, to: input.count, by: blockSize) {
        let block = input[begin..<min(begin + blockSize, input.count)]
        try stream.append(block) { output += $0 }
      }
      try stream.finish { output += $0 }
    } catch let error as HunchError {
      return (String(decoding: output, as: UTF8.self), error)
    }
    return (String(decoding: output, as: UTF8.self), nil)
  }

  /// Lines that the fast way must read as Foundation does, or leave to it.
  private static let forms = [
    "ripe plum", "", " {\"text\": 1}", "{\"text\": \"so lime\"}", "{\"text\":\"a\\n\\u00e9\\/\"}",
    "{\"text\": \"\\ud83c\\udf4b lime\", \"id\": 3, \"score\": -0.25, \"ok\": true}",
    "{\"id\": 1e5, \"text\": \"honey\"}", "{\"te\\u0078t\": \"mango\"}", "\u{FEFF}{}",
    "{\"tags\": [1, {\"text\": 2}], \"text\": \"sharp\"}", "{\"text\": \"\"}  ", "{\u{301}lime",
    "{\"gold\": null, \"text\": \"é 🍋 honey\"}", "{\"id\": 12345678901234567, \"text\": \"x\"}",
  ]

  @Test("any block size and number of threads give the bytes of the slow way")
  func sameBytes() throws {
    let predictor = try predictor()
    let lines = (0..<1_400).map { Self.forms[$0 * 5 % Self.forms.count] + ($0 % 3 == 0 ? "" : " ") }
    let expected = try slowly(predictor, lines)
    #expect(expected.utf8.count > 100_000)
    let input = Array(lines.joined(separator: "\r\n").utf8)
    for (threads, blockSize) in [(1, 1 << 18), (2, 1 << 12), (3, 7), (5, 1 << 20)] {
      let found = try stream(predictor, input, threads: threads, blockSize: blockSize)
      #expect(found.error == nil)
      #expect(found.output == expected, "\(threads) threads, blocks of \(blockSize)")
    }
  }

  @Test("bytes that are not UTF-8 are repaired, in plain lines and in objects")
  func invalidBytes() throws {
    let predictor = try predictor()
    let bad: [UInt8] = [0xE2, 0x82, 0x20, 0xFF, 0xC3]
    let input =
      bad + Array("\n{\"text\": \"lime ".utf8) + bad + Array("\", \"".utf8) + bad
      + Array("\": 1}\n".utf8)
    let lines = input.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    let found = try stream(predictor, input, threads: 2, blockSize: 5)
    #expect(found.output == (try slowly(predictor, lines)))
  }

  @Test("a line that is no text is named; what precedes its batch is written")
  func badLine() throws {
    let predictor = try predictor()
    for (bad, written) in [(1, 0), (512, 0), (513, 512), (1_100, 1_024)] {
      var lines = [String](repeating: "ripe", count: 1_300)
      lines[bad - 1] = "{\"text\": 1}"
      lines[1_200] = "{"
      for threads in 1...3 {
        let found = try stream(
          predictor, Array(lines.joined(separator: "\n").utf8), threads: threads,
          blockSize: 1 << 20)
        #expect(found.output == (try slowly(predictor, Array(lines[..<written]))))
        guard case .predictInput("in", bad, _) = found.error else {
          Issue.record("line \(bad): \(String(describing: found.error))")
          continue
        }
      }
    }
  }
}
