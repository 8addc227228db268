import Foundation
import Testing

@Suite("Importing and exporting what others write and read")
struct ImportCommandTests {
  private func count(_ folder: Folder, _ arguments: [String]) throws -> [String: Any] {
    try HunchBinary.json(["import"] + arguments + ["--into", "c.sqlite", "--replace"], in: folder)
  }

  @Test("separators and encodings")
  func dialects() throws {
    let folder = try Folder()
    try folder.write("a.csv", "id;text\n1;x, y\n2;z\n")
    #expect(try count(folder, ["a.csv"])["rows"] as? Int == 2)
    try folder.write("b.csv", "id,a;b;c\n1,x\n")
    #expect(try count(folder, ["b.csv", "--separator", ","])["rows"] as? Int == 1)
    try folder.write("c.csv", "id\ta,b,c\n1\tx\n")
    #expect(try count(folder, ["c.csv", "--separator", "tab"])["rows"] as? Int == 1)
    let wrong = try HunchBinary.run(
      ["import", "a.csv", "--into", "c.sqlite", "--separator", "ab"], in: folder)
    #expect(wrong.status == 64)
    try Data("id,text\n1,caf".utf8 + [0xE9, 0x0A]).write(
      to: URL(fileURLWithPath: folder.path("d.csv")))
    let refused = try HunchBinary.run(["import", "d.csv", "--into", "d.sqlite"], in: folder)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("--encoding windows-1252"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("d.sqlite")))
    let files = try #require(
      try count(folder, ["d.csv", "--encoding", "windows-1252"])["files"] as? [[String: Any]])
    #expect(files[0]["written"] as? Int == 1)
  }

  @Test("over a tenth rejected is an error, unless it is to go on")
  func limit() throws {
    let folder = try Folder()
    try folder.write("a.csv", "id,text\n1,x\n2\n")
    let arguments = ["import", "a.csv", "--into", "c.sqlite"]
    #expect(try HunchBinary.run(arguments, in: folder).status == 65)
    _ = try HunchBinary.succeed(arguments + ["--keep-going"], in: folder)
  }

  @Test("exports without formulas")
  func safe() throws {
    let folder = try Folder()
    try folder.write("d.csv", "id,text\n-1,a\n2,b\n3,c\n")
    try folder.write("v.csv", "id,f,g\n-1,=a,=a\n2,b,b\n3,=a,\n")
    try folder.write(
      "hunch.yaml",
      """
      labels: ["=a", b]
      corpus: { path: c.sqlite, table: documents, id: id, text: text }
      votes: [{ path: v.csv }]
      label_model: majority

      """)
    _ = try HunchBinary.succeed(["import", "d.csv", "--into", "c.sqlite"], in: folder)
    let export = ["export", ".", "posteriors", "--output"]
    _ = try HunchBinary.succeed(export + ["plain.csv"], in: folder)
    _ = try HunchBinary.succeed(export + ["safe.csv", "--safe"], in: folder)
    let plain = try folder.text("plain.csv")
    #expect(plain.hasPrefix("id,split,covered,label,=a,b\n-1,train,true,=a,"))
    #expect(try folder.text("safe.csv") == plain.replacing("=a", with: "'=a"))
    let model = ["export", ".", "model", "--output", "m", "--safe"]
    #expect(try HunchBinary.run(model, in: folder).status == 64)
  }
}
