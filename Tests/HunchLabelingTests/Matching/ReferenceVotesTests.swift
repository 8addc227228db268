import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// The regular expressions of two data sets against the votes published with them.
///
/// The votes were made by Python's `re.search` on the stripped text in lower case; here the same
/// patterns run caseless on the text as it is.
@Suite struct ReferenceVotesTests {
  private struct Function: Decodable {
    var name: String
    var label: String
    var pattern: String
  }

  private struct Line: Decodable {
    var id: Int
    var text: String
  }

  /// Documents, functions, and the published votes by document.
  private func load(_ folder: URL) throws -> (lines: [Line], [Function], [String], [[Int16]]) {
    let decoder = JSONDecoder()
    func file(_ name: String) throws -> Data {
      try Data(contentsOf: folder.appendingPathComponent(name))
    }
    let lines = try file("documents.jsonl").split(separator: 0x0A).map {
      try decoder.decode(Line.self, from: $0)
    }
    let table = String(decoding: try file("votes.csv"), as: UTF8.self)
    let votes = table.split(whereSeparator: \.isNewline).dropFirst().map { row in
      row.split(separator: ",").map { Int16($0) ?? .min }
    }
    let functions = try decoder.decode([Function].self, from: file("lfs.json"))
    let labels = try decoder.decode([String].self, from: file("labels.json"))
    return (lines, functions, labels, votes)
  }

  @Test(
    .enabled(
      if: Repository.sharedData("sms") != nil && Repository.sharedData("trec") != nil,
      "the shared data sets are not on this machine"),
    arguments: [("sms", 5_502, 73), ("trec", 5_965, 68)])
  func patternsReproduceThePublishedVotes(
    _ name: String, _ documentCount: Int, _ functionCount: Int
  ) throws {
    let (lines, functions, labels, published) = try load(#require(Repository.sharedData(name)))
    #expect(lines.count == documentCount)
    #expect(functions.count == functionCount)
    #expect(published.map { $0.first.map(Int.init) } == lines.map(\.id))
    let batch = TextBatch(lines.map(\.text))
    let matcher = PatternMatcher()
    var differences: [String] = []
    for (index, function) in functions.enumerated() {
      let pattern = try CompiledPattern(function.pattern, options: [])
      let vote = Int16(try #require(labels.firstIndex(of: function.label)))
      var votes = [Int16](repeating: -1, count: lines.count)
      let found = matcher.matches(
        pattern, batch, starts: lines.indices.map { ($0, 0) })
      #expect(found.failures.isEmpty, "\(function.name)")
      for document in found.documents { votes[Int(document)] = vote }
      for (document, line) in lines.enumerated()
      where votes[document] != published[document][index + 1] {
        differences.append("\(function.name) on \(line.id): \(votes[document])")
      }
    }
    #expect(differences == [])
  }

  @Test(
    .enabled(
      if: Repository.sharedData("sms") != nil, "the shared data sets are not on this machine"))
  func groupsMakeNoDifference() throws {
    let (lines, functions, _, _) = try load(#require(Repository.sharedData("sms")))
    let batch = TextBatch(lines.prefix(1_000).map(\.text))
    let matcher = PatternMatcher()
    for function in functions {
      #expect(CompiledPattern.canDropNumberedGroups(function.pattern))
      let full = try CompiledPattern(function.pattern, options: [], captures: true)
      let lean = try CompiledPattern(function.pattern, options: [])
      let starts = (0..<batch.count).map { (document: $0, start: 0) }
      let found = [full, lean].map { matcher.matches($0, batch, starts: starts) }
      #expect(found[0].documents == found[1].documents)
      #expect(found[0].failures == found[1].failures)
    }
  }
}
