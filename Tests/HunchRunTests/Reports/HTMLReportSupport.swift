import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page read by an XML parser: proof that it is well-formed, and what it consists of.
final class HTMLOutline: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  private(set) var text = ""

  /// - Throws: What the parser complains about.
  init(_ html: String) throws {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    if !parser.parse() {
      throw parser.parserError ?? CocoaError(.fileReadCorruptFile)
    }
  }

  func values(of attribute: String) -> [String] {
    attributes.filter { $0.name == attribute }.map(\.value)
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[element, default: 0] += 1
    for (name, value) in attributes { self.attributes.append((element, name, value)) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

/// Projects to report on.
enum HTMLProject {
  /// Documents with the votes of functions from a file.
  static func make(
    labels: [String], functions: [String], documents: [TestDocument]
  ) throws -> TestProject {
    try TestProject(
      TestProject.configuration(
        labels: labels, columns: [.gold, .split], votes: ["votes.csv"]),
      documents: documents, functions: functions)
  }

  /// Documents whose words tell their class, with functions of which each speaks for one class and
  /// errs now and then.
  static func synthetic(
    classes: Int, functions: Int, documents: Int, gold: Bool, seed: UInt64 = 7
  ) throws -> TestProject {
    var random = SplitMix64(seed: seed)
    let labels = (0..<classes).map { "class_\($0)" }
    let rows = (0..<documents).map { index -> TestDocument in
      let truth = Int.random(in: 0..<classes, using: &random)
      let votes = (0..<functions).map { function -> String? in
        let own = function % classes
        let chance = own == truth ? 0.4 : 0.05
        return Double.random(in: 0..<1, using: &random) < chance ? labels[own] : nil
      }
      let split = index % 10 == 0 ? "test" : index % 10 == 1 ? "valid" : "train"
      return TestDocument(
        "d\(index)", "word\(truth) and word\(Int.random(in: 0..<50, using: &random))",
        split: split, gold: gold && split != "train" ? labels[truth] : nil, votes: votes)
    }
    return try make(
      labels: labels, functions: (0..<functions).map { "function_\($0)" }, documents: rows)
  }
}

extension TestProject {
  /// The report as a page.
  func page(texts: Bool = true) throws -> String { try pipeline().htmlReport(texts: texts) }
}
