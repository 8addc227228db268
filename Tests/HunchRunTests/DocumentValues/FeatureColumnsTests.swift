import Foundation
import GRDB
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Columns of the corpus as features of the end model.
@Suite struct FeatureColumnsTests {
  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("prize", ["prize"], votes: .spam)
    Keywords("thanks", ["thanks"], votes: .ham)
  }

  private static let yaml = configuration(
    "numeric: [price]", "categorical: [channel]", "embeddings: { column: vector }")

  private static func configuration(_ features: String...) -> String {
    TestProject.configuration(
      columns: [.gold, .split],
      more: features.isEmpty ? "" : "features:\n  " + features.joined(separator: "\n  "))
  }

  /// Texts that tell the class in the train split only; everything else tells it in the test split.
  private func makeProject(
    _ yaml: String = Self.yaml, documents: Int = 120
  ) throws -> TestProject {
    try TestProject(
      yaml,
      documents: (0..<documents).map { index in
        let isSpam = index % 2 == 0
        let isTest = index % 6 > 3
        let word = isTest ? "cup" : isSpam ? "prize" : "thanks"
        return TestDocument(
          index + 1, "\(word) \(index % 7)", split: isTest ? "test" : "train",
          gold: isTest ? (isSpam ? "spam" : "ham") : nil,
          more: [
            "price": isSpam ? Double(100 + index) : Double(index) / 10,
            "channel": isSpam ? "web" : "phone",
            "vector": Self.blob([isSpam ? 1 : -1, Float(index % 5), 0.5]), "note": nil,
          ])
      })
  }

  private static func blob(_ values: [Float]) -> Data {
    var data = Data()
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  @Test("what columns tell is learned")
  func helps() throws {
    let alone = try makeProject(Self.configuration(), documents: 600).pipeline(Self.pack)
      .evaluate(split: .test)
    #expect(try #require(alone.classifier).metrics.accuracy < 0.8)
    for features in [
      "numeric: [price]", "categorical: [channel]", "embeddings: { column: vector }",
    ] {
      let report = try makeProject(Self.configuration(features), documents: 600).pipeline(Self.pack)
        .evaluate(split: .test)
      #expect(try #require(report.classifier).metrics.accuracy == 1, "\(features)")
    }
  }

  @Test("a stored classifier serves as long as its columns hold the same")
  func keyedByContent() throws {
    let project = try makeProject()
    func isReused() throws -> Bool { try project.pipeline(Self.pack).train().reused }
    #expect(try !isReused())
    #expect(try isReused())
    try project.execute("UPDATE documents SET note = 'seen'")
    #expect(try isReused())
    try project.execute("UPDATE documents SET price = 7 WHERE id = 3")
    #expect(try !isReused())
    #expect(try isReused())
    try project.execute("UPDATE documents SET channel = NULL WHERE id = 3")
    #expect(try !isReused())
    try project.execute(
      "UPDATE documents SET vector = ? WHERE id = 3", [Self.blob([1, 2, 3])])
    #expect(try !isReused())
    try project.write(
      "hunch.yaml", Self.yaml.replacingOccurrences(of: "  categorical: [channel]\n", with: ""))
    #expect(try !isReused())
    // Votes do not depend on it.
    #expect(try project.pipeline(Self.pack).apply().evaluations == 0)
  }

  @Test("a corpus that nobody has written is not read to find its classifier; one that was is")
  func keyedBySignature() throws {
    let project = try makeProject()
    func isReused() throws -> Bool {
      try project.pipeline(Self.pack, secondsLater: 60).train().reused
    }
    #expect(try !isReused())
    func known() throws -> String? {
      try project.value("SELECT content FROM columns", in: "hunch.workspace")
    }
    let before = try #require(try known())
    #expect(try isReused())
    #expect(try known() == before)
    try project.execute("UPDATE documents SET price = 7 WHERE id = 3")
    #expect(try !isReused())
    #expect(try #require(try known()) != before)
    try project.execute("UPDATE documents SET price = 102 WHERE id = 3")
    #expect(try isReused())
    #expect(try known() == before)
    // The file of a moment ago is read each time, and nothing is remembered of it.
    try project.execute("DELETE FROM columns", in: "hunch.workspace")
    #expect(try project.pipeline(Self.pack, secondsLater: -60).train().reused)
    #expect(try known() == nil)
  }

  @Test("predictions of lines with the same fields are those of the corpus")
  func predicts() throws {
    let project = try makeProject()
    let pipeline = try project.pipeline(Self.pack)
    _ = try pipeline.export(.predictions, to: project.path("p.csv"))
    _ = try pipeline.export(.model, to: project.path("m.model"))
    let expected = try project.rows("p.csv").dropFirst().map { $0.suffix(2).map { Double($0) } }
    let predictor = try Predictor(modelFile: project.path("m.model"))
    #expect(predictor.columns?.numeric == ["price"])
    var input = ""
    for index in 0..<120 {
      let isSpam = index % 2 == 0
      let word = index % 6 > 3 ? "cup" : isSpam ? "prize" : "thanks"
      let price = isSpam ? "\(100 + index)" : "\"\(Double(index) / 10)\""
      input +=
        "{\"text\":\"\(word) \(index % 7)\",\"price\":\(price),"
        + "\"channel\":\"\(isSpam ? "web" : "phone")\",\"other\":[{}],"
        + "\"embedding\":[\(isSpam ? 1 : -1),\(index % 5),0.5]}\n"
    }
    let (found, absent) = try predictions(predictor, input)
    #expect(found.count == 120 && absent.isEmpty)
    for (line, row) in zip(found, expected) {
      #expect(line["ham"] == row[0] && line["spam"] == row[1])
    }
  }

  @Test("absent fields count as missing and are counted; null is missing")
  func absentFields() throws {
    let project = try makeProject()
    _ = try project.pipeline(Self.pack).export(.model, to: project.path("m.model"))
    let predictor = try Predictor(modelFile: project.path("m.model"))
    let lines = """
      {"text":"cup"}
      {"text":"cup","other":1}
      {"text":"cup","price":null,"channel":null,"embedding":null}
      {"text":"cup","price":120}
      """
    let (found, absent) = try predictions(predictor, lines)
    #expect(absent == ["price": 2, "channel": 3, "embedding": 3])
    #expect(found[0] == found[1] && found[1] == found[2] && found[2] != found[3])
    for (line, problem) in [
      ("{\"text\":\"x\",\"price\":\"dear\"}", "'price' must be a number or null"),
      ("{\"text\":\"x\",\"price\":true}", "'price' must be a number or null"),
      ("{\"text\":\"x\",\"price\":1,\"channel\":[]}", "'channel' must be a text, a number or null"),
      (
        "{\"text\":\"x\",\"embedding\":[1]}", "'embedding' must hold 3 numbers, and holds 1"
      ),
      ("{\"text\":\"x\",\"embedding\":\"y\"}", "'embedding' must be an array of numbers or null"),
    ] {
      let error = #expect(throws: HunchError.self) { _ = try predictions(predictor, line) }
      #expect("\(try #require(error))" == "in:1: \(problem)")
    }
  }

  private func predictions(
    _ predictor: Predictor, _ input: String
  ) throws -> (lines: [[String: Double]], absent: [String: Int]) {
    struct Line: Decodable { var probabilities: [String: Double] }
    var stream = try PredictionStream(predictor, path: "in", threads: 2)
    var output: [UInt8] = []
    try stream.append(Array(input.utf8)) { output += $0 }
    try stream.finish { output += $0 }
    let lines = output.split(separator: UInt8(ascii: "\n"))
    return (
      try lines.map { try JSONDecoder().decode(Line.self, from: Data($0)).probabilities },
      stream.absent
    )
  }

  @Test func explains() throws {
    let report = try makeProject().pipeline(Self.pack).explain(id: "5")
    let features = report.features + report.against
    #expect(features.contains { $0.feature == "price = 104" && $0.kind == "numeric" })
    #expect(features.contains { $0.feature == "channel = web" && $0.kind == "categorical" })
    #expect(features.contains { $0.feature == "embedding" && $0.kind == "embedding" })
  }

  @Test("a value that is none is named by column and document")
  func badValues() throws {
    func failure(_ change: String, _ arguments: StatementArguments = []) throws -> Shown? {
      let project = try makeProject()
      try project.execute("UPDATE documents SET \(change) WHERE id = 9", arguments)
      return project.failure { _ = try project.pipeline(Self.pack).train() }
    }
    func shown(_ rest: String) -> Shown {
      Shown("DIR/corpus.sqlite: document '9': column \(rest)", .badData)
    }
    #expect(try failure("price = 'dear'") == shown("'price' must hold a number or NULL"))
    #expect(try failure("price = x'00'") == shown("'price' must hold a number or NULL"))
    #expect(try failure("price = ''") == nil)
    #expect(
      try failure("channel = x'00'")
        == shown("'channel' must hold a text, a number or NULL, and holds a BLOB"))
    #expect(
      try failure("vector = ?", [Self.blob([1, 2])])
        == shown(
          "'vector' must hold an embedding of 3 numbers (12 bytes), as the documents before it, "
            + "and holds 8 bytes"))
    #expect(
      try failure("vector = 'x'")
        == shown("'vector' must hold an embedding, a BLOB of 32-bit numbers, or NULL"))
    #expect(
      try failure("vector = ?", [Self.blob([1, .nan, 2])])
        == shown("'vector' must hold an embedding of finite numbers, and one is not"))
    #expect(try failure("vector = NULL") == nil)
    let project = try makeProject()
    try project.execute("UPDATE documents SET vector = x'000000' WHERE id = 1")
    #expect(
      project.failure { _ = try project.pipeline(Self.pack).train() }?.message
        == "DIR/corpus.sqlite: document '1': column 'vector' must hold an embedding, 32-bit "
        + "numbers of 4 bytes each, and holds 3 bytes")
  }

  @Test func aMissingColumnIsNamedWithTheNearest() throws {
    let project = try makeProject(Self.yaml.replacingOccurrences(of: "[price]", with: "[prise]"))
    #expect(
      project.failure { _ = try project.pipeline(Self.pack) }
        == Shown(
          "DIR/corpus.sqlite: no column 'prise' ('features: numeric:' in hunch.yaml)",
          hint: "did you mean 'price'?", .badConfiguration))
  }

  @Test("the configuration is read strictly")
  func configuration() throws {
    func read(_ features: String) throws -> Result<ProjectConfiguration, HunchError> {
      let project = try TestProject(TestProject.yaml + "\nfeatures:\n" + features)
      do { return .success(try project.project(Self.pack).configuration) } catch let error
        as HunchError
      { return .failure(error) }
    }
    let all = try read(
      "  numeric: [a, b]\n  categorical: [c]\n"
        + "  embeddings: { url: http://localhost:8000/v1/embeddings, model: small }"
    ).get().features
    #expect(all.numeric == ["a", "b"] && all.categorical == ["c"])
    #expect(
      all.embedding == .endpoint(url: "http://localhost:8000/v1/embeddings", model: "small"))
    #expect(
      try read("  embeddings: { column: v }").get().features.embedding == .column("v"))
    for (features, words) in [
      ("  numerical: [a]", "unknown key 'numerical' in 'features'"),
      (
        "  numeric: a", "'features: numeric' must be a list of columns, such as [price, word_count]"
      ),
      (
        "  numeric: [a]\n  categorical: [a]",
        "'features: categorical' must be a list of columns, each named once ('a' is named twice)"
      ),
      (
        "  embeddings: { column: v, model: m }",
        "'features: embeddings' must be given either a 'column', or a 'url' and a 'model'"
      ),
      ("  embeddings: { uri: v }", "unknown key 'uri' in 'features: embeddings'"),
      (
        "  embeddings: { url: \"http://me:secret@host/\", model: m }",
        "'features: embeddings: url' must be an address"
      ),
      ("  embeddings: { url: localhost, model: m }", "must be an address such as http://localhost"),
    ] {
      let error = #expect(throws: HunchError.self) { _ = try read(features).get() }
      let message = "\(try #require(error))"
      #expect(message.contains(words), "\(message)")
      #expect(!message.contains("secret"))
    }
  }
}
