import Foundation
import Testing

@Suite("hunch workers")
struct WorkersCommandTests {
  /// The fruit notes with a crowd of four who know fruit and one who says sweet to everything, five
  /// times over.
  private func project() throws -> Folder {
    let folder = try Projects.fruit(
      yaml: Projects.fruitConfiguration.replacing(
        "- path: votes.csv", with: "- { path: crowd.csv, id: note, worker: who }"))
    var rows = "note,who,label\n"
    for id in 1...12 {
      for who in ["ann", "bob", "cyd", "dan"] {
        let slips = (id + who.utf8.reduce(0) { $0 + Int($1) }) % 7 == 0
        rows += "\(id),\(who),\((id % 2 == 1) != slips ? "sweet" : "sour")\n"
      }
      rows += "\(id),eve,sweet\n"
    }
    try folder.write("crowd.csv", rows)
    return folder
  }

  @Test("the table fits, and says who answers without regard to the class")
  func table() throws {
    let folder = try project()
    let text = try HunchBinary.succeed(["workers", "."], in: folder)
    #expect(text.contains("5 workers gave 60 answers about 12 documents"))
    #expect(text.contains("Krippendorff's alpha"))
    #expect(text.contains("always the same"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(text)")
    let first = try HunchBinary.succeed(["workers", ".", "--count", "1"], in: folder)
    #expect(first.contains("and 4 more"))
    #expect(try HunchBinary.run(["workers", ".", "--count", "0"], in: folder).status == 64)
  }

  @Test("JSON has every worker; analyze has the crowd without them")
  func json() throws {
    let folder = try project()
    let report = try HunchBinary.json(["workers", "."], in: folder)
    let crowd = try #require((report["crowds"] as? [[String: Any]])?.first)
    #expect(crowd["worker_count"] as? Int == 5)
    let workers = try #require(crowd["workers"] as? [[String: Any]])
    #expect(
      workers[0].keys.sorted() == [
        "accuracy", "accuracy_interval", "agreement", "answered", "answers", "bias", "confusion",
        "gold", "information", "skill", "skill_interval", "verdict", "worker",
      ])
    #expect(workers[0]["verdict"] as? String == "one-class")
    let analysis = try HunchBinary.json(["analyze", "."], in: folder)
    let summary = try #require((analysis["crowds"] as? [[String: Any]])?.first)
    #expect(summary["workers"] == nil && summary["alpha"] is Double)
    let fit = try HunchBinary.json(["fit", "."], in: folder)
    #expect(fit["chosen_model"] as? String == "dawid-skene")
  }

  @Test("a project without a crowd says how to name one")
  func none() throws {
    let text = try HunchBinary.succeed(["workers", "."], in: try Projects.fruit())
    #expect(text.hasPrefix("the project has no crowd"))
  }
}
