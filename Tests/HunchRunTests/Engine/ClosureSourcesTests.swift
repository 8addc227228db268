import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// What stands for closures in fingerprints: the text of the rule's own call and of what all files
/// share, as it was compiled.
@Suite struct ClosureSourcesTests {
  private static let source = """
    import HunchLabeling

    let limit = 5

    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("first") { $0.words.count < limit ? .ham : nil }
      Heuristic("second") { isOffer($0) ? .spam : nil }.described("an offer")
    }
    """

  private static let helpers = """
    import HunchLabeling

    func isOffer(_ document: Document) -> Bool { document.contains("offer") }

    let other = RulePack("other", for: Verdict.self) {
      Heuristic("third") { $0.contains("win") ? .spam : nil }
    }
    """

  /// The identities of the rules of both files, in order.
  private func identities(
    _ source: String = source, _ helpers: String = helpers,
    names: [String] = ["first", "second", "third"], summary: String = "an offer"
  ) -> [String] {
    var packs: [RulePack] = []
    for (file, text) in [("rules.swift", source), ("helpers.swift", helpers)] {
      var rules: [RuleDefinition] = []
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (line, content) in lines.enumerated() {
        guard let call = content.utf8.firstRange(of: "Heuristic(".utf8) else { continue }
        let column = content.utf8.distance(from: content.startIndex, to: call.upperBound)
        let heuristic = Heuristic<Verdict>(
          names[packs.flatMap(\.functions).count + rules.count], fileID: "Rules/\(file)",
          line: line + 1, column: column
        ) { _ in nil }
        let isDescribed = content.contains(".described")
        rules.append(isDescribed ? heuristic.described(summary).definition : heuristic.definition)
      }
      packs.append(RulePack("sample", for: Verdict.self) { rules })
    }
    let compiled = CompiledRules(
      packs, sources: [("rules.swift", source), ("helpers.swift", helpers)])
    return compiled.packs.flatMap { pack in
      let sources = ClosureSources(pack)
      return pack.functions.map { sources.identity(of: $0) }
    }
  }

  @Test func anEditOfOneRuleLeavesTheOthersInAnyFile() {
    let before = identities()
    #expect(Set(before).count == 3)
    let after = identities(Self.source.replacing("< limit", with: "> limit"))
    #expect(after[0] != before[0])
    #expect(after[1...] == before[1...])
    let third = identities(Self.source, Self.helpers.replacing("\"win\"", with: "\"prize\""))
    #expect(third[..<2] == before[..<2])
    #expect(third[2] != before[2])
  }

  @Test func whatAFileSharesCountsForAllInAnyFile() {
    let before = identities()
    for after in [
      identities(Self.source.replacing("limit = 5", with: "limit = 6")),
      identities(Self.source, Self.helpers.replacing("\"offer\"", with: "\"prize\"")),
    ] {
      for (old, new) in zip(before, after) { #expect(old != new) }
    }
  }

  @Test func namesDescriptionsExamplesCommentsAndPlacesDoNotCount() {
    let before = identities()
    #expect(
      identities("// A comment.\n\n" + Self.source.replacing("  Heur", with: "      Heur"))
        == before)
    #expect(
      identities(
        Self.source.replacing("\"first\"", with: "\"renamed\""),
        names: ["renamed", "second", "third"]) == before)
    #expect(
      identities(Self.source.replacing("an offer", with: "other words"), summary: "other words")
        == before)
    let examples = Self.source.replacing(
      "limit ? .ham : nil }",
      with: "limit ? .ham : nil }\n    .expects([\"a b\": .ham, \"x\": nil])")
    #expect(identities(examples) == before)
    #expect(identities(examples.replacing("\"a b\"", with: "\"c\"")) == before)
  }

  @Test func whatIsNotUnderstoodCountsAsAWhole() {
    // A slash that may begin a regular expression.
    let odd = Self.source + "\nlet odd = limit </ 2"
    let before = identities(odd)
    let after = identities(odd.replacing("isOffer($0)", with: "!isOffer($0)"))
    #expect(after[0] != before[0] && after[1] != before[1])
  }

  @Test func theProgramStandsForRulesThatArePartOfIt() {
    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("first") { _ in nil }
      Heuristic("second") { _ in nil }
    }
    let first = ClosureSources(pack)
    let second = ClosureSources(pack)
    let all = pack.functions.map { first.identity(of: $0) }
    #expect(Set(all).count == 2)
    #expect(all.allSatisfy { $0.hasPrefix("program ") })
    #expect(all == pack.functions.map { second.identity(of: $0) })
  }

  @Test func rulesOfALoopAreToldApartByName() {
    let text = "let pack = [for w in [1, 2] { Heuristic(\"r\\(w)\") { w } }]"
    func identities(_ names: [String]) -> [String] {
      let pack = RulePack("sample", for: Verdict.self) {
        for name in names {
          Heuristic(name, fileID: "Rules/R.swift", line: 1, column: 38) { _ in nil }
        }
      }
      let compiled = CompiledRules([pack], sources: [("R.swift", text)]).packs[0]
      let sources = ClosureSources(compiled)
      return compiled.functions.map { sources.identity(of: $0) }
    }
    let two = identities(["r1", "r2"])
    #expect(two[0] != two[1])
    #expect(identities(["r2", "r1"]) == [two[1], two[0]])
  }
}
