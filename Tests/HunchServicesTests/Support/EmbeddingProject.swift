import Hunch
import HunchLabeling
import HunchServices
import ProjectSupport

enum Tone: String, LabelSet {
  case glad, cross

  /// Different documents of which some have a vote; every fourth has a label and is for testing.
  static func documents(_ count: Int) -> [(text: String, label: String?)] {
    let words = [["thanks", "great", "lovely", "kind"], ["broken", "late", "cold", "damp"]]
    return (0..<count).map { index in
      let tone = index % 2
      let label = index / 2 % 4 == 3 ? ["glad", "cross"][tone] : nil
      return ("\(words[tone][index / 2 % 4]) cup \(index) zörk", label)
    }
  }

  /// A project with a pack `tone` on texts with a class where it is known.
  ///
  /// - Parameter more: The lines of the configuration behind pack and corpus.
  static func project(
    _ documents: [(text: String, label: String?)], _ more: String
  ) throws -> TestProject {
    try TestProject(
      configuration(more),
      documents: documents.enumerated().map { index, document in
        TestDocument(
          index + 1, document.text, split: document.label == nil ? "train" : "test",
          gold: document.label)
      })
  }

  static func configuration(_ more: String) -> String {
    TestProject.configuration("pack: tone", columns: [.gold, .split], more: more)
  }
}

/// A project with embeddings from an endpoint.
struct EmbeddingProject {
  let folder: TestProject

  static let pack = RulePack("tone", for: Tone.self) {
    Keywords("thanks", ["thanks", "great"], votes: .glad)
    Keywords("broken", ["broken", "late"], votes: .cross)
  }

  /// - Parameter documents: Texts with a class where it is known.
  init(url: String, _ documents: [(text: String, label: String?)]) throws {
    folder = try Tone.project(
      documents, "features:\n  embeddings: { url: \"\(url)\", model: small }\n")
  }

  func pipeline(
    key: String? = nil, patience: JSONService.Patience = .short,
    cancellation: Cancellation = Cancellation(), progress: StepProgress = .silent
  ) throws -> ProjectSteps {
    try folder.pipeline(
      Self.pack, cancellation: cancellation, progress: progress,
      configure: {
        $0.embedder = { EmbeddingClient(url: $0, model: $1, key: key, patience: patience) }
      })
  }
}

extension JSONService.Patience {
  /// Waits that a test can afford.
  static var short: Self {
    var patience = Self()
    patience.firstWait = .milliseconds(5)
    patience.longestWait = .milliseconds(200)
    patience.answer = .milliseconds(400)
    return patience
  }
}
