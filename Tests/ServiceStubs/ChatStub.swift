import Foundation
import HunchServer
import NIOHTTP1
import Synchronization

/// A service with the interface of `/v1/chat/completions` that fails as it is told to.
package final class ChatStub: Sendable {
  /// What a request gets.
  package enum Fault: Sendable {
    case good
    case status(Int, retryAfter: String? = nil)
    /// Good, after so long.
    case slow(milliseconds: Int)
    case brokenJSON
    /// Good, but with other words.
    case words(String)
    /// Good, without counts of tokens.
    case noUsage
    /// Good, with something else in place of the counts, as JSON.
    case usage(String)
  }

  /// What is asked.
  package struct Question: Sendable {
    package var model: String
    /// All turns, one after the other.
    package var prompt: String
    /// The document in the prompt.
    package var document: String
    package var answerTokens: Int
    package var wantsProbabilities: Bool
  }

  /// What is answered.
  package struct Reply: Sendable {
    package var content: String
    /// The likeliest first tokens with their probabilities.
    package var first: [(token: String, probability: Double)] = []

    package init(_ content: String, first: [(token: String, probability: Double)] = []) {
      (self.content, self.first) = (content, first)
    }
  }

  /// What happened so far.
  package struct State: Sendable {
    var plan: [Fault] = []
    package var requests = 0
    /// How often each prompt got a good answer.
    package var answered: [String: Int] = [:]
    /// The documents of these, in the order of the answers.
    package var documents: [String] = []
    package var keys: Set<String> = []
    package var models: Set<String> = []
    /// Tokens counted in good answers, read and written.
    package var promptTokens = 0
    package var answerTokens = 0
    package var wantedProbabilities = 0
    /// Requests under way at a time, now and at most.
    var underWay = 0
    package var mostUnderWay = 0
  }

  /// Where it listens, without `/chat/completions`.
  package let url: String
  private let shared: Shared
  private let task: Task<Void, Never>

  /// Starts a server and waits until it listens.
  ///
  /// - Parameters:
  ///   - plan: What the first requests get; after these all is well.
  ///   - answer: What is answered where all is well.
  package init(
    _ plan: [Fault] = [], answer: @escaping @Sendable (Question) -> Reply
  ) async {
    let shared = Shared(plan, answer)
    self.shared = shared
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    task = Task(executorPreference: OwnThread.shared) {
      try? await HTTPServer(ServerOptions(port: 0)).run(
        onListening: { address in
          port.yield(address.port)
          port.finish()
        },
        untilStopped: { try? await Task.sleep(for: .seconds(1 << 30)) },
        respond: { request in try await request.answer(try await shared.answer(to: request)) })
    }
    var found = 0
    for await each in ports { found = each }
    url = "http://127.0.0.1:\(found)/v1"
  }

  deinit { task.cancel() }

  /// What happened so far.
  package var seen: State { shared.state.withLock { $0 } }

  /// Lets the next requests fail.
  package func plan(_ faults: [Fault]) { shared.state.withLock { $0.plan = faults } }
}

/// What server and requests share.
private final class Shared: Sendable {
  let state: Mutex<ChatStub.State>
  let answer: @Sendable (ChatStub.Question) -> ChatStub.Reply

  init(
    _ plan: [ChatStub.Fault], _ answer: @escaping @Sendable (ChatStub.Question) -> ChatStub.Reply
  ) {
    var state = ChatStub.State()
    state.plan = plan
    self.state = Mutex(state)
    self.answer = answer
  }

  private struct Body: Decodable {
    struct Message: Decodable { var content: String }
    var model: String
    var messages: [Message]
    var maxTokens: Int
    var temperature: Double
    var logprobs: Bool?
    enum CodingKeys: String, CodingKey {
      case model, messages, temperature, logprobs
      case maxTokens = "max_tokens"
    }
  }

  func answer(to request: HTTPExchange) async throws -> HTTPAnswer {
    guard request.head.method == .POST, request.path == "/v1/chat/completions" else {
      return Self.answer(.notFound, "{}")
    }
    let bytes = try await request.body(upTo: 1 << 20)
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes))
    else {
      return Self.answer(.badRequest, "{}")
    }
    let prompt = body.messages.map(\.content).joined(separator: "\n")
    var document = prompt[...]
    if let start = prompt.range(of: "<document>\n"), let end = prompt.range(of: "\n</document>") {
      document = prompt[start.upperBound..<max(start.upperBound, end.lowerBound)]
    }
    let question = ChatStub.Question(
      model: body.model, prompt: prompt, document: String(document), answerTokens: body.maxTokens,
      wantsProbabilities: body.logprobs ?? false)
    let key = request[header: "Authorization"]
    let fault = state.withLock { state in
      state.requests += 1
      state.models.insert(body.model)
      if let key { state.keys.insert(key) }
      if question.wantsProbabilities { state.wantedProbabilities += 1 }
      state.underWay += 1
      state.mostUnderWay = max(state.mostUnderWay, state.underWay)
      return state.plan.isEmpty ? ChatStub.Fault.good : state.plan.removeFirst()
    }
    defer { state.withLock { $0.underWay -= 1 } }
    var delay = 2
    if case .slow(let milliseconds) = fault { delay = milliseconds }
    // The task ends with the connection; the delay must not.
    try? await Task.sleep(for: .milliseconds(delay))
    return reply(fault, question)
  }

  private func reply(_ fault: ChatStub.Fault, _ question: ChatStub.Question) -> HTTPAnswer {
    var reply = answer(question)
    var countsTokens = true
    switch fault {
    case .status(let status, let retryAfter):
      // Services repeat what was sent.
      var answer = Self.answer(
        HTTPResponseStatus(statusCode: status), "{\"error\": \"\(question.document)\"}")
      if let retryAfter { answer.headers.add(name: "Retry-After", value: retryAfter) }
      return answer
    case .brokenJSON: return Self.answer(.ok, "{\"choices\": [{\"message\": \(question.document)")
    case .words(let words): reply = ChatStub.Reply(words)
    case .noUsage, .usage: countsTokens = false
    case .good, .slow: break
    }
    let promptTokens = question.prompt.utf8.count / 4 + 10
    let answerTokens = max(1, min(question.answerTokens, reply.content.utf8.count / 4))
    state.withLock { state in
      state.answered[question.prompt, default: 0] += 1
      state.documents.append(question.document)
      if countsTokens {
        state.promptTokens += promptTokens
        state.answerTokens += answerTokens
      }
    }
    var choice: [String: Any] = ["message": ["role": "assistant", "content": reply.content]]
    if question.wantsProbabilities, !reply.first.isEmpty {
      let top = reply.first.map {
        ["token": $0.token, "logprob": Foundation.log($0.probability)] as [String: Any]
      }
      choice["logprobs"] = ["content": [["token": "x", "logprob": 0, "top_logprobs": top]]]
    }
    var answer: [String: Any] = ["choices": [choice]]
    if countsTokens {
      answer["usage"] = ["prompt_tokens": promptTokens, "completion_tokens": answerTokens]
    }
    if case .usage(let json) = fault {
      answer["usage"] = try? JSONSerialization.jsonObject(with: Data(json.utf8))
    }
    let data = (try? JSONSerialization.data(withJSONObject: answer)) ?? Data()
    return Self.answer(.ok, String(decoding: data, as: UTF8.self))
  }

  private static func answer(_ status: HTTPResponseStatus, _ text: String) -> HTTPAnswer {
    HTTPAnswer(status, "application/json", .whole(Array(text.utf8)))
  }
}

/// Runs work that waits on a thread of its own: the server's tasks need those of the tests.
package func waiting<Result: Sendable>(
  _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    let thread = Thread { continuation.resume(with: Swift.Result { try work() }) }
    thread.stackSize = 8 << 20
    thread.start()
  }
}
