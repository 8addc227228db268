import Foundation
import Hunch

/// Writes the made-up inputs to the folder that `HUNCH_BENCHMARK_INPUTS` names, so that other
/// programs can be measured on the same ones.
enum InputExport {
  private struct Function: Encodable {
    var name: String
    var words: [String]
    var label: Int
  }

  /// Says so where it fails; the benchmarks go on.
  static func runIfAsked() {
    do { try run() } catch { print("inputs were not written: \(error)") }
  }

  private static func run() throws {
    guard let path = ProcessInfo.processInfo.environment["HUNCH_BENCHMARK_INPUTS"] else { return }
    let folder = URL(fileURLWithPath: path)
    let last = folder.appendingPathComponent("keywords.json")
    if FileManager.default.fileExists(atPath: last.path) { return }
    let texts = try TableWriter(
      path: folder.appendingPathComponent("news.jsonl").path, columns: ["text"])
    for text in Inputs.news.texts { try texts.write([.text(text)]) }
    try texts.finish()
    try TemporaryProject.writeCSV(
      Inputs.news, to: folder.appendingPathComponent("news.csv").path)
    let functions = RuleInputs.keywords.map { function in
      Function(
        name: function.name, words: function.words,
        label: Topic.allCases.firstIndex(of: function.label) ?? 0)
    }
    try JSONEncoder().encode(functions).write(to: last)
  }
}
