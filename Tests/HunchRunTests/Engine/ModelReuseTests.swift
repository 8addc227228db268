import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// A stored classifier serves again only where everything that it learned from is the same.
@Suite struct ModelReuseTests {
  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("prize", ["prize"], votes: .spam)
    Keywords("thanks", ["thanks"], votes: .ham)
  }

  /// One chunk of documents and ten more behind it.
  private static let first = 4_096

  private func texts(_ count: Int, _ word: String) -> [String] {
    (0..<count).map { $0 % 2 == 0 ? "prize \(word) \($0 % 7)" : "thanks \(word) \($0 % 5)" }
  }

  @Test("unchanged documents use it; the same votes on other texts do not")
  func contentDecides() throws {
    let project = try TestProject()
    try project.makeCorpus(texts(Self.first, "morning") + texts(10, "noon"))
    func train() throws -> TrainReport {
      try project.pipeline(Self.pack, threads: 1).train()
    }
    #expect(try !train().reused)
    #expect(try train().reused)
    // The workspace forgets the second chunk, and the next one may be given its number.
    try project.execute("DELETE FROM documents WHERE id > \(Self.first)")
    #expect(try !train().reused)
    try project.append(texts(10, "evening"))
    #expect(try !train().reused)
  }
}
