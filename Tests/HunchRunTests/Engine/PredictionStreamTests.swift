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

  /// Text by text, with Foundation's JSON.
  ///
  /// - Parameter members: What stands before the label of each.
  private func slowly(
    _ predictor: Predictor, _ texts: [String], members: [String] = []
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var output = ""
    for (index, text) in texts.enumerated() {
      let prediction = predictor.predict(text)
      let values = zip(predictor.labels, prediction.probabilities)
      let line = Line(
        label: prediction.label, probabilities: Dictionary(uniqueKeysWithValues: values))
      let object = String(decoding: try encoder.encode(line), as: UTF8.self)
      output += members.isEmpty ? object : "{" + members[index] + "," + object.dropFirst()
      output += "\n"
    }
    return output
  }

  /// What a stream made of bytes.
  private struct Outcome {
    var output = ""
    /// The lines that could not be read.
    var unread: [Int] = []
    var problems: [String] = []
    var error: (any Error)?
    var absent: [String: Int] = [:]
  }

  private func stream(
    _ predictor: Predictor, _ input: [UInt8], threads: Int, blockSize: Int,
    _ description: PredictionInput = PredictionInput(), isStrict: Bool = false
  ) throws -> Outcome {
    var outcome = Outcome()
    var unread: [(Int, String)] = []
    var stream = try PredictionStream(
      predictor, path: "in", threads: threads, input: description
    ) { problem in
      if case .predictInput("in", let line, let words) = problem { unread.append((line, words)) }
      if isStrict { throw problem }
    }
    var output: [UInt8] = []
    do {
      for begin in stride(from: 0, to: input.count, by: blockSize) {
        let block = input[begin..<min(begin + blockSize, input.count)]
        try stream.append(block) { output += $0 }
      }
      try stream.finish { output += $0 }
    } catch {
      outcome.error = error
    }
    outcome.output = String(decoding: output, as: UTF8.self)
    outcome.unread = unread.map(\.0)
    outcome.problems = unread.map(\.1)
    outcome.absent = stream.absent
    #expect(stream.unread == unread.count)
    return outcome
  }

  private static let ways = [(1, 1 << 18), (2, 1 << 12), (3, 7), (5, 1 << 20)]

  @Test("plain lines: any block size and number of threads give the bytes of the slow way")
  func plainLines() throws {
    let predictor = try predictor()
    let forms = ["ripe plum", "", " {\"text\": 1}", "{\u{301}lime", "é 🍋", "{\"text\": \"so\"}"]
    let lines = (0..<1_400).map { forms[$0 * 5 % forms.count] + ($0 % 3 == 0 ? "" : " ") }
    let expected = try slowly(predictor, lines)
    #expect(expected.utf8.count > 100_000)
    let input = Array(lines.joined(separator: "\r\n").utf8)
    for (threads, blockSize) in Self.ways {
      let found = try stream(predictor, input, threads: threads, blockSize: blockSize)
      #expect(found.error == nil && found.unread.isEmpty)
      #expect(found.output == expected, "\(threads) threads, blocks of \(blockSize)")
    }
  }

  /// Objects, their texts and what stands before their labels where `id`, `n` and `o` are given back.
  private static let objects: [(line: String, text: String, members: String)] = [
    ("{\"text\": \"so lime\",\"n\":1}", "so lime", "\"n\":1"),
    ("{\"n\":1.50,\"id\":7,\"text\":\"a\\n\\u00e9\\/\"}", "a\né/", "\"id\":7,\"n\":1.50"),
    (
      " {\"text\": \"\\ud83c\\udf4b\", \"id\": 1e5, \"o\": {\"a\": [1, \"}\"]}, \"x\": true} ",
      "🍋", "\"id\":1e5,\"o\":{\"a\": [1, \"}\"]}"
    ),
    (
      "{\"te\\u0078t\": \"mango\", \"i\\u0064\": \"\\u0041\\\"\", \"n\": null}", "mango",
      "\"id\":\"\\u0041\\\"\",\"n\":null"
    ),
    (
      "{\"text\": \"\", \"n\": \"é\", \"id\": 12345678901234567890}", "",
      "\"id\":12345678901234567890,\"n\":\"é\""
    ),
  ]

  @Test("objects give fields back as they stand, and blank lines between them are passed over")
  func objects() throws {
    let predictor = try predictor()
    let items = (0..<1_300).map { Self.objects[$0 * 3 % Self.objects.count] }
    let expected = try slowly(predictor, items.map(\.text), members: items.map(\.members))
    let lines = items.enumerated().map { $1.line + ($0 % 100 == 99 ? "\r\n \t" : "") }
    let input = [0xEF, 0xBB, 0xBF] + Array(("\n" + lines.joined(separator: "\r\n")).utf8)
    for (threads, blockSize) in Self.ways {
      let found = try stream(
        predictor, input, threads: threads, blockSize: blockSize,
        PredictionInput(keep: ["n", "o", "id"]))
      #expect(found.error == nil && found.unread.isEmpty)
      #expect(found.output == expected, "\(threads) threads, blocks of \(blockSize)")
      #expect(found.absent["o"] == 1_040)
    }
  }

  @Test("lines that cannot be read have no answer, and all others have theirs, in order")
  func badLines() throws {
    let predictor = try predictor()
    let bad: [[UInt8]] = [
      Array("{\"text\": null}".utf8), Array("{\"id\": 1}".utf8), Array("secret".utf8),
      Array("{\"text\": \"secret\", \"text\": \"b\"}".utf8), Array("{\"text\": \"secret".utf8),
      Array("{\"text\": \"secret ".utf8) + [0xFF] + Array("\"}".utf8),
      Array("{\"text\": \"lime\", \"x\": \"".utf8) + [0xC3] + Array("\"}".utf8),
      Array("{\"text\": \"secret \\ud800\"}".utf8), Array("[\"secret\"]".utf8),
      Array("{\"id\": 1, \"id\": 2, \"text\": \"secret\"}".utf8),
      Array("{\"text\": \"\(String(repeating: "secret ", count: 100))\"}".utf8),
    ]
    var input: [UInt8] = []
    var (texts, numbers): ([String], [Int]) = ([], [])
    for line in 1...1_300 {
      if line % 64 == 1 && line > 1 || line == 700 {
        input += bad[numbers.count % bad.count]
        numbers.append(line)
      } else {
        texts.append("ripe \(line)")
        input += Array("{\"text\": \"ripe \(line)\"}".utf8)
      }
      input.append(0x0A)
    }
    let expected = try slowly(predictor, texts)
    for (threads, blockSize) in Self.ways {
      let found = try stream(
        predictor, input, threads: threads, blockSize: blockSize, PredictionInput(lineLimit: 600))
      #expect(found.error == nil)
      #expect(found.output == expected)
      #expect(found.unread == numbers)
      #expect(found.problems.contains("the line is longer than 600 bytes"))
      #expect(found.problems.allSatisfy { !$0.contains("secret") })
      let strict = try stream(
        predictor, input, threads: threads, blockSize: blockSize, PredictionInput(lineLimit: 600),
        isStrict: true)
      #expect(strict.error is HunchError)
      #expect(strict.unread == [65])
      #expect(strict.output == (try slowly(predictor, Array(texts[..<64]))))
    }
  }

  @Test("a line over the limit is not kept, wherever blocks end; the last one may lack its end")
  func longLines() throws {
    let predictor = try predictor()
    let long = String(repeating: "x", count: 101)
    for (text, unread, good) in [
      ("\(long)\nlime", [1], ["lime"]), ("lime\n\(long)", [2], ["lime"]),
      ("\(long)\n\(long)\n", [1, 2], []), ("\(long.dropLast())\n", [], ["\(long.dropLast())"]),
    ] {
      for blockSize in [1, 50, 101, 102, 1_000] {
        let found = try stream(
          predictor, Array(text.utf8), threads: 1, blockSize: blockSize,
          PredictionInput(lineLimit: 100))
        #expect(found.unread == unread)
        #expect(found.output == (try slowly(predictor, good)))
      }
    }
  }

  @Test("the first line that is not blank says what lines are, unless somebody does")
  func formats() throws {
    let predictor = try predictor()
    func count(_ text: String, _ input: PredictionInput = .init()) throws -> [Int] {
      let found = try stream(predictor, Array(text.utf8), threads: 1, blockSize: 9, input)
      return [found.output.split(separator: "\n").count, found.unread.count]
    }
    #expect(try count("{\"text\": 1}\nplain") == [2, 0])
    #expect(try count("\n{\"text\": \"a\"}\nplain") == [1, 1])
    #expect(try count("{\"body\": \"a\"}\nplain") == [2, 0])
    #expect(try count("{\"body\": \"a\"}\nplain", .init(text: "body")) == [1, 1])
    #expect(try count("{\"text\": \"a\"}\nplain", .init(format: .lines)) == [2, 0])
    #expect(try count("plain\n{\"text\": \"a\"}", .init(format: .jsonl)) == [1, 1])
    let utf16 = try stream(
      predictor, [0xFF, 0xFE, 0x61, 0x00], threads: 1, blockSize: 1)
    #expect(
      utf16.error as? TableError
        == .badRow(path: "in", line: 1, problem: .invalidUTF8(column: nil)))
    let fields = try stream(
      predictor, Array("plain".utf8), threads: 1, blockSize: 9, .init(keep: ["a"]))
    #expect((fields.error as? HunchError)?.status == .badData)
  }
}
