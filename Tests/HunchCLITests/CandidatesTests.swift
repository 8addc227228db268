import Foundation
import TestSupport
import Testing

@Suite("hunch candidates")
struct CandidatesTests {
  private static let configuration = """
    labels: [yes, no]
    corpus: { path: corpus.sqlite, table: t, id: id, text: text }
    knowledge:
      firms: { path: firms.csv, key: id }
      people: { path: people.csv, key: id }

    """

  /// Three firms and two people, and four sentences about them.
  private func project() throws -> Folder {
    let folder = try Folder()
    try folder.write("hunch.yaml", Self.configuration)
    try folder.write("firms.csv", "id,city\nNorvane,Leeds\nBelltrick,Cork\nSolvanta,Vigo\n")
    try folder.write("people.csv", "id\nMara Quill\nKai\n")
    try folder.write(
      "news.jsonl",
      """
      {"id": 7, "text": "Norvane buys Belltrick, says Kai", "split": "train", "page": null}
      {"id": 8, "text": "nobody", "split": "test", "page": 3}
      {"id": 9, "text": "Solvanta and then, after many years, Norvane", "split": "test"}
      {"id": "x", "text": "Kai left Norvane", "split": "test"}

      """)
    return folder
  }

  private func rows(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("rows, their columns, and the account of them")
  func rows() throws {
    let folder = try project()
    let outcome = try HunchBinary.run(
      ["candidates", ".", "news.jsonl", "--between", "firms"], in: folder)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors == """
        Candidates  2 from 4 sentences
        5 mentions of entities
        2 sentences without a pair

        """)
    let found = try rows(outcome.output)
    #expect(found.map { $0["id"] as? String } == ["7:Norvane>Belltrick", "9:Solvanta>Norvane"])
    #expect(
      found.map { $0["text"] as? String } == [
        "_FIRST_ buys _SECOND_, says Kai", "_FIRST_ and then, after many years, _SECOND_",
      ])
    #expect(
      outcome.output.split(separator: "\n")[0] == """
        {"id":"7:Norvane>Belltrick","text":"_FIRST_ buys _SECOND_, says Kai","first":"Norvane",\
        "second":"Belltrick","first_name":"Norvane","second_name":"Belltrick",\
        "order":"first_second","words_between":1,"first_start":0,"first_end":7,"second_start":13,\
        "second_end":22,"sentence_id":"7","sentence":"Norvane buys Belltrick, says Kai",\
        "split":"train","page":null}
        """)
  }

  @Test("both orders, a limit, a window, names, two bases; the same rows whatever the format")
  func options() throws {
    let folder = try project()
    func ids(_ options: [String], file: String = "news.jsonl") throws -> [String] {
      let arguments = ["candidates", ".", file, "--quiet"] + options
      return try rows(try HunchBinary.succeed(arguments, in: folder)).compactMap {
        $0["id"] as? String
      }
    }
    let both = ["--between", "firms", "--both-orders"]
    #expect(
      try ids(both) == [
        "7:Norvane>Belltrick", "7:Belltrick>Norvane", "9:Solvanta>Norvane", "9:Norvane>Solvanta",
      ])
    #expect(try ids(["--between", "firms", "--within", "1"]) == ["7:Norvane>Belltrick"])
    #expect(
      try ids(["--between", "firms", "--and", "people"])
        == ["7:Norvane>Kai", "7:Belltrick>Kai", "x:Norvane>Kai"])
    let cut = try rows(
      try HunchBinary.succeed(
        ["candidates", ".", "news.jsonl", "-q", "--between", "firms", "--window", "0"], in: folder))
    #expect(cut[0]["text"] as? String == "_FIRST_ buys _SECOND_")
    let named = try rows(
      try HunchBinary.succeed(
        ["candidates", ".", "news.jsonl", "-q", "--between", "firms", "--keep-names"], in: folder))
    #expect(named[0]["text"] as? String == "Norvane buys Belltrick, says Kai")
    let report = try HunchBinary.json(
      ["candidates", ".", "news.jsonl", "--output", "c.csv"] + both + ["--within", "2"], in: folder)
    #expect(report["candidates"] as? Int == 2 && report["too_far"] as? Int == 2)
    #expect(try folder.text("c.csv").hasPrefix("id,text,first,second,first_name,"))
    try folder.write("plain.csv", "text,mood\n\"Belltrick, Norvane\",good\n")
    #expect(try ids(["--between", "firms"], file: "plain.csv") == ["1:Belltrick>Norvane"])
    let piped = try HunchBinary.succeed(
      ["candidates", ".", "-q"] + both, in: folder, input: try folder.text("news.jsonl"))
    #expect(try rows(piped).count == 4)
  }

  @Test("the same base named twice is one base; the nearest mentions are those of the marked text")
  func nearest() throws {
    let folder = try project()
    try folder.write("firms.csv", "id\nNorvane\nA Very Long Name of a Firm Ltd\nBelltrick\n")
    // In bytes of the sentence the second Norvane is nearer, with markers the first one.
    try folder.write(
      "near.jsonl",
      "{\"text\": \"Norvane A Very Long Name of a Firm Ltd Belltrick internationalised Norvane\"}\n"
    )
    let text = try HunchBinary.succeed(
      ["candidates", ".", "near.jsonl", "--between", "firms", "--and", "firms"], in: folder)
    let rows = try rows(text)
    #expect(rows.count == 3)
    let row = try #require(rows.first { $0["id"] as? String == "1:Norvane>Belltrick" })
    #expect(row["text"] as? String == "_FIRST_ _OTHER_ _SECOND_ internationalised _FIRST_")
    #expect(row["order"] as? String == "first_second")
    #expect(row["first_start"] as? Int == 0)
  }

  @Test("errors end with the status of the interface and show no text of a sentence")
  func errors() throws {
    let folder = try project()
    func fail(_ file: String, _ options: [String], _ status: Int32, _ words: String) throws {
      let outcome = try HunchBinary.run(
        ["candidates", ".", file, "--output", "out.jsonl"] + options, in: folder)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!outcome.errors.contains("secret"))
      #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }
    let firms = ["--between", "firms"]
    try fail("news.jsonl", ["--between", "firm"], 78, "did you mean 'firms'?")
    try fail("news.jsonl", [], 64, "--between")
    try fail("news.jsonl", firms + ["--within", "-1"], 64, "--within")
    try fail("news.jsonl", firms + ["--window", "-1"], 64, "--window")
    try fail("news.jsonl", firms + ["--and", "people", "--both-orders"], 64, "--both-orders")
    try fail("none.jsonl", firms, 66, "none.jsonl")
    try fail("news.jsonl", firms + ["--text", "txt"], 65, "no column 'txt'")
    try fail("news.jsonl", firms + ["--id", "number"], 65, "no column 'number'")
    try folder.write("twice.csv", "id,text\n1,secret\n1,secret Norvane\n")
    try fail("twice.csv", firms, 65, "twice.csv:3: an earlier sentence has the same id")
    try folder.write("unnamed.csv", "id,text\n,secret\n")
    try fail("unnamed.csv", firms, 65, "unnamed.csv:2: the sentence has no id")
    try folder.write("taken.csv", "id,text,first\n1,secret,secret\n")
    try fail("taken.csv", firms, 65, "the column 'first' would stand twice")
    try folder.write(
      "bad.jsonl", "{\"id\": 1, \"text\": \"secret\"}\n{\"id\": 2, \"text\": \"secret\n")
    try fail("bad.jsonl", firms, 65, "bad.jsonl:2")
    try folder.write("words.jsonl", "secret words\n")
    try fail("words.jsonl", firms, 65, "words.jsonl:1: not")
    // The sentences are not written over.
    let sentences = try folder.text("news.jsonl")
    let over = try HunchBinary.run(
      ["candidates", ".", "news.jsonl", "--output", "./news.jsonl"] + firms, in: folder)
    #expect(over.status == 64 && over.errors.contains("would be written over"))
    #expect(try folder.text("news.jsonl") == sentences)
    let output = try HunchBinary.run(
      ["candidates", ".", "news.jsonl", "--output", "none/out.jsonl"] + firms, in: folder)
    #expect(output.status == 73)
  }
}
