import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

@Suite struct ImportJoinTests {
  @Test func everyRowOfEitherSideIsCounted() throws {
    let folder = try Folder()
    let main = try folder.write(
      "docs.csv", "id,author,t\n1,ann,a\n2,bob,b\n3,ann,c\n4,,d\n5,zoe,e\n")
    let joined = try folder.write(
      "people.csv", "name,age,t\nann,30,x\nbob,,y\ncid,50,z\nann,31,w\n,1,q\nbad\n")
    let report = try folder.run([main]) {
      $0.joins = [.init(file: joined, key: "name", on: "author")]
      $0.rejected = folder.path("bad.csv")
      $0.keepGoing = true
    }
    #expect(
      try folder.rows() == [
        ["1", "'ann'", "'a'", "30", "'x'"], ["2", "'bob'", "'b'", "NULL", "'y'"],
        ["3", "'ann'", "'c'", "30", "'x'"], ["4", "NULL", "'d'", "NULL", "NULL"],
        ["5", "'zoe'", "'e'", "NULL", "NULL"],
      ])
    #expect(
      report.schema
        == ["id INTEGER", "author TEXT", "t TEXT", "age INTEGER", "people_t TEXT"])
    #expect(
      report.joins.map(\.summary)
        == ["6 3 3, duplicate key 1, no key 1, wrong number of fields 1; 1 3 2 2 1"])
    #expect(report.joins.map(\.file) == [joined])
    #expect(report.joins.map(\.key) == ["name"])
    #expect(report.joins.map(\.on) == ["author"])
    #expect(
      Reading(folder.path("bad.csv")).rows.map { [$0[0], $0[1]] }
        == [[joined, "5"], [joined, "6"], [joined, "7"]])
  }

  @Test func theIDIsTheDefault() throws {
    let folder = try Folder()
    let main = try folder.write("a.csv", "key,t\nx,1\ny,2\n")
    let gold = try folder.write("gold.jsonl", "{\"key\":\"y\",\"label\":\"spam\"}\n")
    let split = try folder.write("split.tsv", "key\tsplit\nx\ttrain\ny\ttest\n")
    let report = try folder.run([main]) {
      $0.id = "key"
      $0.joins = [
        .init(file: gold, key: "key"), .init(file: split, key: "key", prefix: "the_"),
      ]
    }
    #expect(
      try folder.rows()
        == [["'x'", "1", "NULL", "'train'"], ["'y'", "2", "'spam'", "'test'"]])
    #expect(report.schema.last == "the_split TEXT")
    #expect(report.joins.map(\.matched) == [1, 2])
    #expect(report.joins.map(\.on) == ["key", "key"])
  }

  @Test func integersMatchAcrossFormats() throws {
    let folder = try Folder()
    let main = try folder.write("a.csv", "id,t\n1,a\n02,b\n")
    let joined = try folder.write("b.jsonl", "{\"id\":1,\"x\":0.1}\n{\"id\":\"02\",\"x\":2.0}\n")
    try folder.run([main]) { $0.joins = [.init(file: joined, key: "id")] }
    #expect(try folder.rows() == [["'1'", "'a'", "0.1"], ["'02'", "'b'", "2.0"]])
  }

  @Test func clashesAndMissingNamesAreErrors() throws {
    let folder = try Folder()
    let main = try folder.write("a.csv", "id,name,b_name\n1,x,y\n")
    let joined = try folder.write("b.csv", "id,name\n1,z\n")
    let numbered = try folder.write("c.csv", "t\nx\n")
    let clash = folder.failure([main]) { $0.joins = [.init(file: joined, key: "id")] }
    #expect(clash == .joinClash(file: joined, column: "b_name"))
    #expect(clash?.hint == "give the join a prefix of its own")
    let key = folder.failure([main]) { $0.joins = [.init(file: joined, key: "nam")] }
    #expect(key == .table(.missingColumn(path: joined, column: "nam", known: ["id", "name"])))
    #expect(key?.hint == "did you mean 'name'?")
    let on = folder.failure([main]) { $0.joins = [.init(file: joined, key: "id", on: "x")] }
    #expect(on == .table(.missingColumn(path: main, column: "x", known: ["id", "name", "b_name"])))
    #expect(
      folder.failure([numbered]) { $0.joins = [.init(file: joined, key: "id")] }
        == .joinWithoutID(file: joined))
    #expect(try folder.names == ["a.csv", "b.csv", "c.csv"])
  }

  @Test(arguments: 0..<20)
  func countsAgreeWithSets(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try Folder()
    let keys = (0..<60).map { _ in "k\(Int.random(in: 0..<40, using: &random))" }
    let others = (0..<50).map { _ in "k\(Int.random(in: 0..<60, using: &random))" }
    let main = try folder.write(
      "a.csv", "k,n\n" + keys.enumerated().map { "\($1),\($0)\n" }.joined())
    let joined = try folder.write(
      "b.csv", "k,m\n" + others.enumerated().map { "\($1),\($0)\n" }.joined())
    let report = try folder.run([main]) {
      $0.joins = [.init(file: joined, key: "k", on: "k")]
      $0.batchSize = 9
    }
    let (left, right) = (Set(keys), Set(others))
    let join = report.joins[0]
    #expect(join.kept == right.count)
    #expect(join.duplicateKeys == others.count - right.count)
    #expect(join.matched == keys.filter(right.contains).count)
    #expect(join.used == left.intersection(right).count)
    let expected = keys.enumerated().map { number, key in
      [
        "\(number + 1)", "'\(key)'", "\(number)",
        others.firstIndex(of: key).map(String.init) ?? "NULL",
      ]
    }
    #expect(try folder.rows() == expected)
  }
}
