import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Votes made elsewhere, in files.
@Suite struct VoteFileTests {
  private static let yaml = TestProject.configuration(
    labels: ["ham", "spam", "eggs"], votes: ["votes.csv"])

  private func project(_ votes: String, yaml: String = yaml, name: String = "votes.csv") throws
    -> TestProject
  {
    let project = try TestProject(yaml)
    try project.makeCorpus(["a", "b", "c", "d"])
    try project.write(name, votes)
    return project
  }

  private func failure(_ votes: String, yaml: String = yaml) throws -> Shown? {
    let project = try project(votes, yaml: yaml)
    return project.failure { _ = try project.apply() }
  }

  @Test func namesIndicesAndAbstentions() throws {
    let project = try project("id,f,g\n1,ham,1\n2,spam,-1\n4,,2\n")
    let (report, votes) = try project.apply()
    #expect(
      votes == [
        ["id", "f", "g"], ["1", "0", "1"], ["2", "1", "-1"], ["3", "-1", "-1"], ["4", "-1", "2"],
      ])
    #expect(report.warnings == [])
    #expect(report.functions == 2)
    #expect(
      try project.pipeline().analyze(split: nil).functions.map(\.kind) == [
        "votes-file", "votes-file",
      ])
  }

  @Test func aClassNamedLikeAnIndexIsMeantByName() throws {
    let yaml = Self.yaml.replacing("eggs", with: "\"0\"")
    #expect(try project("id,f\n1,0\n", yaml: yaml).apply().votes[1] == ["1", "0"])
    #expect(
      try failure("id,f\n1,1\n", yaml: yaml)
        == Shown(
          "DIR/votes.csv:2: column 'f': not a class (ham, spam, 0) or empty",
          hint: "some classes are named by whole numbers, so a number is a class's name and never "
            + "its index", .badData))
  }

  @Test func theColumnOfIDsMayStandAnywhere() throws {
    #expect(
      try project("f,id,g\nham,3,spam\n").apply().votes
        == [
          ["id", "f", "g"], ["1", "-1", "-1"], ["2", "-1", "-1"], ["3", "0", "1"],
          ["4", "-1", "-1"],
        ])
  }

  @Test func textIDs() throws {
    let project = try TestProject(
      Self.yaml, documents: [TestDocument("k,1", ""), TestDocument("ё", "")])
    try project.write("votes.csv", "id,f\n\"k,1\",ham\nё,spam\n1,ham\n")
    let pipeline = try project.pipeline()
    #expect(
      try pipeline.apply().warnings == [
        "\(project.path("votes.csv")): 1 rows name no document of the corpus"
      ])
    #expect(try pipeline.analyze(split: nil).functions[0].coverage == 1)
  }

  @Test func rowsThatNameNoDocument() throws {
    let project = try project("id,f\n1,ham\n77,ham\nx,ham\n")
    let (report, votes) = try project.apply()
    #expect(votes.map { $0[1] } == ["f", "0", "-1", "-1", "-1"])
    #expect(
      report.warnings == ["\(project.path("votes.csv")): 2 rows name no document of the corpus"])
  }

  @Test func otherFormats() throws {
    let tsv = try project(
      "id\tf\n2\tspam\n", yaml: Self.yaml.replacing("votes.csv", with: "v.tsv"), name: "v.tsv")
    #expect(try tsv.apply().votes[2] == ["2", "1"])
    let jsonl = try project(
      "{\"id\": 2, \"f\": \"spam\"}\n{\"id\": 3, \"f\": 0}\n{\"id\": 4, \"f\": null}\n",
      yaml: Self.yaml.replacing("votes.csv", with: "v.jsonl"),
      name: "v.jsonl")
    #expect(try jsonl.apply().votes.map { $0[1] } == ["f", "-1", "1", "0", "-1"])
  }

  @Test(arguments: ["Hams", "3", "-2", "1.5", "99999999999", "ham spam"])
  func badCells(_ cell: String) throws {
    #expect(
      try failure("id,f,g\n1,ham,\n2,ham,\(cell)\n")
        == Shown(
          "DIR/votes.csv:3: column 'g': not a class (ham, spam, eggs), a class index in 0..<3, or "
            + "empty or -1", .badData))
  }

  @Test func theLineOfABadCellIsThatOfTheFile() throws {
    #expect(
      try failure("id,f\n\"1\n1\",ham\n\n2,what\n")?.message.hasPrefix(
        "DIR/votes.csv:5: column 'f'")
        == true)
  }

  @Test func duplicateIDs() throws {
    #expect(
      try failure("id,f\n1,ham\n2,ham\n1,ham\n")
        == Shown("DIR/votes.csv:4: a second row for the same id", .badData))
  }

  @Test func badHeaders() throws {
    #expect(
      try failure("key,f\n1,ham\n")
        == Shown("DIR/votes.csv: the header has no column 'id'", .badData))
    #expect(
      try failure("id\n1\n")
        == Shown("DIR/votes.csv: the header names no function beside 'id'", .badData))
    #expect(try failure("id,f,f\n1,ham,ham\n")?.status == .badData)
    #expect(try failure("")?.status == .badData)
  }

  @Test func rowsThatAreMalformed() throws {
    #expect(
      try failure("id,f\n1,ham\n2\n")
        == Shown(
          "DIR/votes.csv:3: 1 field where the header has 2",
          hint: "quote fields that contain separators or line breaks", .badData))
  }

  @Test func missingFiles() throws {
    #expect(
      try failure("", yaml: Self.yaml.replacing("votes.csv", with: "none.csv"))
        == Shown("DIR/none.csv: no such file", .inputMissing))
  }

  @Test func namesThatAreTaken() throws {
    let yaml = TestProject.yaml + "\nvotes:\n  - path: votes.csv\n"
    let taken = try project("id,new,offer\n1,ham,ham\n", yaml: yaml)
    #expect(
      taken.failure { _ = try taken.apply(samplePack) }
        == Shown(
          "DIR/votes.csv: a function named 'offer' exists already",
          hint: "rename the column, or the rule of the pack", .badConfiguration))
    let twice = try project(
      "id,f\n1,ham\n",
      yaml: TestProject.configuration(
        labels: ["ham", "spam", "eggs"], votes: ["votes.csv", "votes.csv"]))
    #expect(
      twice.failure { _ = try twice.apply() }?.message
        == "DIR/votes.csv: a function named 'f' exists already")
  }

  @Test func noFunctionsAtAll() throws {
    let project = try TestProject(TestProject.configuration(labels: ["a", "b"]))
    try project.makeCorpus(["a"])
    #expect(
      project.failure { _ = try project.apply() }
        == Shown(
          "the project has no labeling functions",
          hint: "name files with rules by 'rules:' or a file with 'votes:' in hunch.yaml",
          .badConfiguration))
  }

  @Test func aMistakeLeavesNoVotes() throws {
    let project = try project("id,f\n1,ham\n2,what\n")
    #expect(project.failure { _ = try project.apply() }?.status == .badData)
    try project.write("votes.csv", "id,f\n1,ham\n2,spam\n")
    #expect(try project.apply().report.evaluations == 4)
  }
}
