import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

@Suite struct JSONLReaderTests {
  @Test(arguments: [1, 2, 3, 7, 1 << 16])
  func valuesKeepTheirJSONText(blockSize: Int) throws {
    let folder = try Folder()
    let path = try folder.write(
      "t.jsonl",
      """
      {"s": "x", "n": 1.50e3, "b": true, "z": null, "o": {"k": [1, "]"]}}

      {"extra": -0, "s": "a\\"b\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\udc4d\\u0000", "o": [ ]}
      """)
    let reading = Reading(path, blockSize: blockSize)
    #expect(reading.failure == nil)
    #expect(reading.columns == ["s", "n", "b", "z", "o", "extra"])
    #expect(
      reading.outcomes == [
        .row(["x", "1.50e3", "true", nil, "{\"k\": [1, \"]\"]}", nil], line: 1),
        .row(["a\"b\\/\u{8}\u{C}\n\r\té👍\u{0}", nil, nil, nil, "[ ]", "-0"], line: 3),
      ])
  }

  @Test func keysMayComeInAnyOrderAndEscaped() throws {
    let folder = try Folder()
    let path = try folder.write(
      "t.ndjson", "\u{FEFF}{\"a\":1,\"b\":2}\r\n{\"b\":3,\"\\u0061\":4}\r\n{}\n")
    let reading = Reading(path)
    #expect(reading.columns == ["a", "b"])
    #expect(reading.rows == [["1", "2"], ["4", "3"], [nil, nil]])
  }

  @Test func chosenColumnsNeedNotExist() throws {
    let folder = try Folder()
    let path = try folder.write("t.jsonl", "{\"a\":1,\"b\":2}\n{\"b\":3}\n")
    #expect(Reading(path, columns: ["b", "x"]).rows == [["2", nil], ["3", nil]])
  }

  @Test func emptyFilesHaveNoColumns() throws {
    let folder = try Folder()
    for text in ["", "\n \n", "{}\n"] {
      let path = try folder.write("t.jsonl", text)
      #expect(Reading(path).failure == .empty(path: path))
    }
  }

  @Test func aFileOfBadLinesAloneSaysWhatIsWrongWithTheFirst() throws {
    let folder = try Folder()
    let path = try folder.write("t.jsonl", "\n[1]\n{\"a\"\n")
    #expect(Reading(path).failure == .badRow(path: path, line: 2, problem: .notAnObject))
  }

  static let malformed: [String] = [
    "{", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":01}",
    "{\"a\":+1}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":nan}", "{\"a\":tru}",
    "{\"a\":\"x}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":+Infinity}",
    "{\"a\":\"\\ud80\"}", "{\"a\":Infinit}", "{\"a\":\"\t\"}", "{\"a\":[1,]}",
    "{\"a\":{\"b\"}}", "{\"a\":1} x", "{\"a\":1}{\"a\":2}", "nope", "{\"a\":[}",
    "{\"a\":" + String(repeating: "[", count: 100_000),
  ]

  @Test(arguments: malformed)
  func malformedLinesAreBadRows(_ line: String) throws {
    let folder = try Folder()
    let path = try folder.write("t.jsonl", "{\"a\":1}\n\(line)\n{\"a\":2}\n")
    for blockSize in [1, 7, 1 << 16] where blockSize > 1 || line.utf8.count < 1000 {
      let reading = Reading(path, blockSize: blockSize)
      #expect(reading.rows == [["1"], ["2"]])
      try #require(reading.outcomes.count == 3)
      guard case .bad(.invalidJSON, line: 2) = reading.outcomes[1] else {
        Issue.record("\(reading.outcomes[1])")
        continue
      }
    }
  }

  @Test(arguments: [1, 3, 7, 1 << 16])
  func whatPythonWritesIsRead(blockSize: Int) throws {
    let folder = try Folder()
    let text = #"""
      {"a": NaN, "b": [1, NaN, {"c": -Infinity}], "d": "NaN"}
      {"a": Infinity, "b": "\ud83d", "d": "x\ud83d\u0041\udc4dy\ud83d\ude00"}
      {"a": -Infinity, "b": "\ude00\ud83d", "d": "\ud83d\ud83d\ude00"}
      """#
    let reading = Reading(try folder.write("t.jsonl", text), blockSize: blockSize)
    #expect(reading.failure == nil)
    #expect(
      reading.outcomes == [
        .row([nil, "[1, null, {\"c\": null}]", "NaN"], line: 1),
        .row([nil, "\u{FFFD}", "x\u{FFFD}A\u{FFFD}y😀"], line: 2),
        .row([nil, "\u{FFFD}\u{FFFD}", "\u{FFFD}😀"], line: 3),
      ])
  }

  @Test func pythonDictionariesAreNamed() throws {
    let folder = try Folder()
    for line in ["{'a': 1}", "{\"a\": 'x'}", "{\"a\": [{'b': 1}]}"] {
      let failure = Reading(try folder.write("t.jsonl", line + "\n")).failure
      #expect(failure?.description.contains("double quotes, not single ones") == true)
      #expect(failure?.hint?.contains("json.dumps") == true)
    }
  }

  @Test(arguments: [1, 2, 3, 7, 1 << 16], ["t.json", "t.jsonl"])
  func anArrayOfObjectsIsRead(blockSize: Int, name: String) throws {
    let folder = try Folder()
    let text = #"""
       [ {"a":1,"b":"]}, {\\\""} ,
      {
        "a" : [1, {"x": "}"}],
        "b":2},7,{"a":3}
      ,{"c":4], {"a":5} ]

      """#
    let path = try folder.write(name, "\u{FEFF}\n" + text)
    let reading = Reading(path, blockSize: blockSize)
    #expect(reading.failure == nil)
    #expect(reading.columns == ["a", "b"])
    #expect(
      reading.rows == [
        ["1", "]}, {\\\""], ["[1, {\"x\": \"}\"}]", "2"], ["3", nil], ["5", nil],
      ])
    #expect(reading.outcomes.count == 6)
    #expect(reading.outcomes[2] == .bad(.notAnObject, line: 5))
    #expect(reading.outcomes[3] == .row(["3", nil], line: 5))
    guard case .bad(.invalidJSON, line: 6) = reading.outcomes[4] else {
      Issue.record("\(reading.outcomes[4])")
      return
    }
  }

  @Test(arguments: ["[{\"a\":1}", "[{\"a\":1},", "[{\"a\":1},{\"a\"", "[{\"a\":1}] x"])
  func aDamagedArrayIsNotSilent(_ text: String) throws {
    let folder = try Folder()
    let reading = Reading(try folder.write("t.json", text))
    #expect(reading.rows == [["1"]])
    #expect(reading.outcomes.count == 2)
  }

  @Test func longElementsArePassedOver() throws {
    let folder = try Folder()
    let long = String(repeating: "x", count: 90)
    let path = try folder.write("t.json", "[{\"a\":1},\n{\"a\":\"\(long)\n\"},\n{\"a\":2}]")
    for blockSize in [1, 7, 1 << 16] {
      #expect(
        Reading(path, blockSize: blockSize, limit: 50).outcomes == [
          .row(["1"], line: 1), .bad(.tooLong(limit: 50), line: 2), .row(["2"], line: 4),
        ])
    }
  }

  @Test(arguments: ["\r", "\r\n", "\n"])
  func lineEndsOfAllKindsEndObjects(_ end: String) throws {
    let folder = try Folder()
    let lines = ["{\"a\":1}", "{\"a\":\"x\u{2028}y\"}", "", "{\"a\":3}"]
    let text = lines.joined(separator: end) + end + "\u{1A}"
    for blockSize in [1, 7, 1 << 16] {
      let reading = Reading(try folder.write("t.jsonl", text), blockSize: blockSize)
      #expect(
        reading.outcomes
          == [.row(["1"], line: 1), .row(["x\u{2028}y"], line: 2), .row(["3"], line: 4)])
    }
  }

  @Test func otherBadRows() throws {
    let folder = try Folder()
    var bytes = Array("{\"a\":1}\n[1]\n\"x\"\n{\"a\":1,\"a\":2}\n{\"a\":\"".utf8)
    bytes += [0xFF]
    bytes += Array("\"}\n{\"a\":\"\(String(repeating: "x", count: 60))\"}\n{\"a\":2}\n".utf8)
    let path = try folder.write("t.jsonl", bytes)
    for blockSize in [1, 7, 30, 1 << 16] {
      let reading = Reading(path, blockSize: blockSize, limit: 50)
      #expect(
        reading.outcomes == [
          .row(["1"], line: 1), .bad(.notAnObject, line: 2), .bad(.notAnObject, line: 3),
          .bad(.repeatedKey(column: "a"), line: 4), .bad(.invalidUTF8(column: "a"), line: 5),
          .bad(.tooLong(limit: 50), line: 6), .row(["2"], line: 7),
        ])
    }
  }

  @Test func theMessageNamesTheByte() throws {
    let folder = try Folder()
    let path = try folder.write("t.jsonl", "{\"a\":1}\n  {\"a\":secret}\n")
    guard case .bad(let problem, _) = Reading(path).outcomes[1] else {
      Issue.record("a bad row is missing")
      return
    }
    #expect(problem.description == "not valid JSON at byte 8: a value expected")
  }

  @Test(arguments: 0..<300)
  func damagedObjectsAreAcceptedOnlyWhereFoundationDoes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // Foundation drops a byte-order mark at the beginning of a string.
    let texts = [random.text(), random.text()].map {
      $0.replacingOccurrences(of: "\u{FEFF}", with: "")
    }
    let object = ["a": texts[0], "b": texts[1], "c": "\(seed)"]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var bytes = [UInt8](try encoder.encode(object))
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let replacements = Array("\"\\{}[],: 0a-".utf8)
      bytes[place] = replacements[Int.random(in: 0..<replacements.count, using: &random)]
    }
    let parsed = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let folder = try Folder()
    let path = try folder.write("t.jsonl", bytes + [0x0A])
    let reading = Reading(path)
    if let parsed, let values = reading.rows.first {
      let read = Dictionary(uniqueKeysWithValues: zip(reading.columns, values))
      for (key, value) in parsed {
        if let value = value as? String { #expect(read[key] == value) }
      }
      #expect(read.count == parsed.count)
    }
    if case .bad(.repeatedKey, _) = reading.outcomes.first { return }
    #expect(reading.rows.isEmpty == (parsed == nil), "\(String(decoding: bytes, as: UTF8.self))")
  }

  @Test func pipesAreReadTwice() throws {
    let folder = try Folder()
    let pipe = folder.path("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: pipe)
      handle?.write(Data("{\"a\":1}\n{\"b\":2}\n".utf8))
      try? handle?.close()
    }
    writer.start()
    let reading = Reading(pipe, format: .jsonl)
    #expect(reading.columns == ["a", "b"])
    #expect(reading.rows == [["1", nil], [nil, "2"]])
  }
}
