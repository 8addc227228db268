import HunchLabeling
import Testing

@Suite struct PackNamesTests {
  @Test(
    arguments: [
      ("let a = RulePack(\"a\", for: T.self) { }", ["a"]),
      ("public let a: RulePack = make()\nlet b = HunchLabeling.RulePack(\"b\")", ["a", "b"]),
      ("let a: HunchLabeling.RulePack = make()", ["a"]),
      ("// let a = RulePack(\"a\")\n/* let b = RulePack() */ let c = RulePack()", ["c"]),
      ("let text = \"let a = RulePack()\"\nlet raw = #\"\"\"\nlet b = RulePack()\n\"\"\"#", []),
      ("func f() { let a = RulePack() }\nenum E { static let b = RulePack() }", []),
      ("private let a = RulePack()\nfileprivate let b = RulePack()\nlet c = RulePack()", ["c"]),
      ("private func f() {}\nlet a = RulePack()", ["a"]),
      ("@available(macOS 15, *) let a = RulePack()", ["a"]),
      ("let `class` = RulePack()", ["`class`"]),
      ("let notOne = RulePacks()\nlet word = 1", []),
      ("let a = RulePack(", []), ("", []),
    ])
  func found(source: String, names: [String]) {
    #expect(PackNames.all(in: source) == names)
  }
}
