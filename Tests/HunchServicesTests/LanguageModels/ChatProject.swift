import Foundation
import GRDB
import Hunch
import HunchLabeling
import HunchServices
import ProjectSupport
import ServiceStubs
import Testing

/// A project whose rules ask a language model.
struct ChatProject: Sendable {
  static let key = "sk-secret-4711"

  /// One keyword rule on each side, and two questions.
  static let pack = RulePack("tone", for: Tone.self) {
    Keywords("thanks", ["thanks", "great"], votes: .glad)
    Keywords("broken", ["broken", "late"], votes: .cross)
    Prompt(
      "asked_cross", ask: "Is the customer cross?", answers: ["yes": .cross, "no": nil])
    Prompt(
      "asked_tone", ask: "Which tone is it?",
      answers: ["glad": .glad, "cross": .cross, "neither": nil])
  }

  let folder: TestProject

  /// - Parameter section: What stands in `language_model:`, as a flow mapping without braces.
  init(
    _ section: String = "budget: { requests: 100000 }, calibrate: false",
    _ documents: [(text: String, label: String?)] = Tone.documents(60)
  ) throws {
    folder = try Tone.project(documents, "")
    try configure(section)
  }

  /// Writes the configuration anew.
  func configure(_ section: String, seed: Int = 0) throws {
    try folder.write(
      "hunch.yaml",
      Tone.configuration("language_model: { model: small, \(section) }\nseed: \(seed)\n"))
  }

  /// - Parameter url: The address of the service; nil for none.
  func pipeline(
    _ url: String?, pack: RulePack = ChatProject.pack, attempts: Int = 7,
    cancellation: Cancellation = Cancellation(), progress: StepProgress = .silent
  ) throws -> ProjectSteps {
    try ProjectSteps(
      folder.project(pack), options: Self.options(url, attempts: attempts, cancellation, progress))
  }

  /// - Parameter url: The address of the service.
  func session(_ url: String) throws -> Session {
    try Session(folder.project(Self.pack), options: Self.options(url, attempts: 7))
  }

  private static func options(
    _ url: String?, attempts: Int, _ cancellation: Cancellation = Cancellation(),
    _ progress: StepProgress = .silent
  ) -> SessionOptions {
    var options = SessionOptions(threads: 2, cancellation: cancellation, progress: progress)
    if let url {
      options.chatModel = { model, _ in
        var patience = JSONService.Patience.chat
        patience.attempts = attempts
        return try ChatClient(
          url: url + "?token=hidden", model: model, key: Self.key, patience: patience)
      }
    }
    return options
  }

  func ask(_ url: String, pack: RulePack = ChatProject.pack) throws -> AskReport {
    try pipeline(url, pack: pack).ask(dryRun: false)
  }

  /// The votes of a function by document, in the order of the corpus; "-1" where it abstains.
  func votes(_ function: String, pack: RulePack = ChatProject.pack) throws -> [String] {
    _ = try pipeline(nil, pack: pack).export(.votes, to: folder.path("votes.csv"))
    let rows = try folder.rows("votes.csv")
    let column = try #require(rows[0].firstIndex(of: function))
    return rows.dropFirst().map { $0[column] }
  }

  /// Opens the workspace's file.
  func workspace<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try folder.inDatabase("hunch.workspace", body)
  }

  /// Says what is in the document: words of a cross one are known.
  static func answer(_ question: ChatStub.Question) -> ChatStub.Reply {
    let isCross = isCross(question.document)
    if question.prompt.contains("JSON object") {
      return ChatStub.Reply(
        "{\"q1\": \"\(isCross ? "Yes." : "no")\", \"q2\": \"\(isCross ? "CROSS" : "glad!")\"}")
    }
    return question.prompt.contains("Is the customer cross?")
      ? ChatStub.Reply(isCross ? "Yes." : " no") : ChatStub.Reply(tone(isCross))
  }

  static func isCross(_ document: String) -> Bool {
    ["broken", "late", "cold", "damp"].contains { document.contains($0) }
  }

  private static func tone(_ isCross: Bool) -> String { isCross ? "\"cross\"" : "GLAD" }
}

extension JSONService.Patience {
  /// Waits that a test can afford.
  static var chat: Self {
    var patience = ChatClient.chatPatience
    patience.firstWait = .milliseconds(5)
    patience.longestWait = .milliseconds(200)
    patience.answer = .seconds(3)
    return patience
  }
}
