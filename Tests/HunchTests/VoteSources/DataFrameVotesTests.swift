import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Files of votes as data frames write them, and cells and ids that could mean several things.
@Suite struct DataFrameVotesTests {
  private func project(
    _ votes: String, labels: String = "[ham, spam]", entry: String = "{ path: votes.csv }",
    ids: [String] = ["0", "1", "2"]
  ) throws -> TestProject {
    let project = try TestProject(
      TestProject.configuration("labels: \(labels)", votes: [entry]),
      documents: zip(ids, ["a", "b", "c"]).map { TestDocument($0, $1) })
    try project.write("votes.csv", votes)
    return project
  }

  /// The votes of the first function.
  private func column(_ project: TestProject) throws -> [String] {
    try project.apply().votes.dropFirst().map { $0[1] }
  }

  private func failure(_ project: TestProject) -> Shown? {
    project.failure { _ = try project.apply() }
  }

  @Test(arguments: [
    ",id,lf_a,lf_b\n0,0,1.0,0.0\n1,1,,1.0\n2,2,-1.0,0.0\n",
    "Unnamed: 0,id,lf_a,lf_b\n0,0,1,0\n1,1,NaN,1\n2,2,NA,0\n",
    "id,lf_a,lf_b\n0, spam,ham \n1,None, spam\n2,  ,ham\n",
    "id,lf_a,lf_b\n0.0,1,0\n1.0,<NA>,1.\n2.0,-1.00,0\n",
  ])
  func dataFrames(file: String) throws {
    let project = try project(file)
    #expect(
      try project.apply().votes == [
        ["id", "lf_a", "lf_b"], ["0", "1", "0"], ["1", "-1", "1"], ["2", "-1", "0"],
      ])
  }

  @Test(arguments: [
    ("[\"1\", \"2\"]", "2.0", "2"), ("[\"1\", \"2\"]", "1.", "1"), ("[\"1\", \"2\"]", "-1", ""),
    ("[\"4\", \"4.5\"]", "4.50", "4.5"), ("[\"-1\", \"1\"]", "-1.0", "-1"),
    ("[\"-1\", \"1\"]", "NaN", ""), ("[\"true\", \"false\"]", "True", "0"),
    ("[\"True\", \"False\"]", "false", "1"), ("[NA, DE]", "NA", "0"), ("[none, some]", "NaN", "-1"),
  ])
  func cellsOfOtherClasses(labels: String, cell: String, vote: String) throws {
    #expect(try column(project("id,f\n1,\(cell)\n", labels: labels))[1] == vote)
  }

  @Test(arguments: [
    ("[ham, spam]", "Spam", "write 'spam': case counts in class names"),
    ("[ham, none]", "None", "write 'none': case counts in class names"),
    ("[ham, spam]", "ABSTAIN", "an abstention is written as an empty cell or as -1"),
    ("[\"0\", spam]", "abstain", "an abstention is written as an empty cell"),
    (
      "[ham, spam]", "True",
      "write the names of classes, or their indices, in place of True and False"
    ),
    (
      "[\"1\", \"2\"]", "0",
      "some classes are named by whole numbers, so a number is a class's name and never its index"
    ),
    (
      "[\"1\", \"1.0\"]", "1.00",
      "some classes are named by whole numbers, so a number is a class's name and never its index"
    ),
  ])
  func cellsThatMightMeanAnything(labels: String, cell: String, hint: String) throws {
    let shown = try #require(try failure(project("id,f\n1,\(cell)\n", labels: labels)))
    #expect(shown.status == .badData && shown.hint == hint)
    #expect(shown.message.hasPrefix("DIR/votes.csv:2: column 'f': not a class ("))
  }

  @Test func aTextIsNotRepeated() throws {
    let shown = try #require(try failure(project("id,text\n1,call me tonight\n")))
    #expect(!shown.message.contains("tonight"))
  }

  @Test func headers() throws {
    #expect(
      try failure(project("ID,f\n1,ham\n"))
        == Shown(
          "DIR/votes.csv: the header has no column 'id'", hint: "rename the column 'ID' to 'id'",
          .badData))
    #expect(
      try failure(project(",f\n1,ham\n"))
        == Shown(
          "DIR/votes.csv: the header has no column 'id'",
          hint: "the first column has no name: write the table with index_label='id'", .badData))
    #expect(
      try failure(project("id,,f\n1,ham,ham\n"))
        == Shown(
          "DIR/votes.csv: column 2 of the header has no name",
          hint: "give it the name of a function, or leave it out", .badData))
  }

  // MARK: - Ids

  @Test func idsThatAreTextsWithAFraction() throws {
    let own = try project("id,f\n1.0,ham\n2.0,spam\n", ids: ["1.0", "2.0"])
    #expect(try column(own) == ["0", "1"])
    let both = try project("id,f\n1.0,ham\n2.0,spam\n", ids: ["1.0", "2"])
    let shown = try #require(failure(both))
    #expect(shown.status == .badData)
    #expect(shown.message.hasPrefix("DIR/votes.csv: the ids '1.0' and '2.0' cannot be told"))
    let twice = try project("id,f\n1,ham\n1.0,spam\n")
    #expect(
      failure(twice)?.message == "DIR/votes.csv: the ids '1' and '1.0' are the same document")
  }

  @Test(arguments: [
    ("{ path: votes.csv }", "id,f\n000,ham\n001,spam\n"),
    ("{ path: votes.csv, worker: who, label: f }", "id,who,f\n000,ann,ham\n001,bob,spam\n"),
    ("{ path: votes.csv, label: f }", "id,f\n000,ham\n001,spam\n"),
    (
      "{ path: votes.csv, probabilities: { ham: a, spam: b } }", "id,a,b\n000,.5,.5\n001,1,0\n"
    ),
  ])
  func rowsOfWhichNoneNamesADocument(entry: String, file: String) throws {
    let project = try project(file, entry: entry)
    let expected = Shown(
      "DIR/votes.csv: no row names a document of the corpus: the first id is '000', and ids of the "
        + "corpus are such as '0'",
      hint: "the ids of 'votes' must be those of the column 'corpus: id:' in hunch.yaml", .badData)
    #expect(failure(project) == expected)
    // Nothing was stored that would hide it.
    #expect(failure(project) == expected)
  }

  // MARK: - Crowds

  @Test(arguments: [
    "{ path: votes.csv, document: task, label: answer }", "{ path: votes.csv }",
  ])
  func aCrowdWithoutWorkers(entry: String) throws {
    let project = try project("task,annotator,answer\n1,ann,ham\n1,bob,spam\n", entry: entry)
    let shown = try #require(failure(project))
    #expect(shown.status == .badData)
    #expect(
      shown.hint
        == "if each row is one answer of a worker, say in hunch.yaml which column names the worker: "
        + "'worker: annotator'")
  }

  @Test func workersAreCalledAsTheyAreWithoutBlanks() throws {
    let project = try project(
      "id,who,f\n0,ann,ham\n1,ann ,spam\n2, ann,ham\n2,bob,ham\n",
      entry: "{ path: votes.csv, worker: who, label: f }")
    let crowd = try project.pipeline().workers().crowds[0]
    #expect(crowd.workers?.map(\.worker).sorted() == ["ann", "bob"])
  }

  // MARK: - Scores

  @Test func roundingBeyondZeroAndOne() throws {
    let scored = try project(
      "id,f,p\n0,ham,1.00000536\n1,spam, 0.98 \n2,ham,-0.000001\n",
      entry: "{ path: votes.csv, label: f, score: p, bands: 1 }")
    #expect(try column(scored) == ["0", "1", "0"])
    let probabilities = try project(
      "id,a,b\n0,1.0000054,-0.0000054\n1, 0,1 \n2,NaN,\n",
      entry: "{ path: votes.csv, probabilities: { ham: a, spam: b }, bands: 1 }")
    #expect(try column(probabilities) == ["0", "1", "-1"])
  }

  @Test(arguments: ["\"0,5\"", "50%", "1.03", "-0.03", "0x1", "1 0"])
  func whatIsNoProbability(cell: String) throws {
    let project = try project(
      "id,f,p\n0,ham,\(cell)\n", entry: "{ path: votes.csv, label: f, score: p }")
    #expect(
      failure(project)
        == Shown(
          "DIR/votes.csv:2: column 'p': not a probability: a number from 0 to 1", .badData))
  }
}
