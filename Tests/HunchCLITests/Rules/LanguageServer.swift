import Foundation
import Testing

/// sourcekit-lsp as an editor speaks to it; ended with its last owner.
///
/// One document is edited at a time: the one that was opened last.
final class LanguageServer {
  /// Where it stands; nil where the machine has none.
  static let path: String? =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/sourcekit-lsp" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  enum Problem: Error {
    case ended
    case timeout(String)
    case refused(String)
  }

  private let process = Process()
  private let input = Pipe()
  private let inbox = Inbox()
  private var document = (uri: "", text: "", version: 0)
  private var requests = 0

  init(root: URL) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try #require(Self.path))
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let (inbox, reading) = (inbox, output.fileHandleForReading)
    Thread { inbox.fill(from: reading) }.start()
    _ = try request(
      "initialize", ["processId": NSNull(), "rootUri": root.absoluteString, "capabilities": [:]])
    try send(["method": "initialized", "params": [:]])
  }

  deinit { process.terminate() }

  // MARK: - Editing

  func open(_ file: URL, _ text: String) throws {
    document = (file.absoluteString, text, 1)
    let item: [String: Any] = [
      "uri": document.uri, "languageId": "swift", "version": 1, "text": text,
    ]
    try send(["method": "textDocument/didOpen", "params": ["textDocument": item]])
  }

  func change(_ text: String) throws {
    document = (document.uri, text, document.version + 1)
    let item: [String: Any] = ["uri": document.uri, "version": document.version]
    try send([
      "method": "textDocument/didChange",
      "params": ["textDocument": item, "contentChanges": [["text": text]]],
    ])
  }

  // MARK: - Asking

  /// Waits for a list of the document's problems ("line: message") that satisfies a condition.
  func diagnostics(where condition: ([String]) -> Bool) throws -> [String] {
    try receive("diagnostics") { message in
      guard message["method"] as? String == "textDocument/publishDiagnostics",
        let parameters = message["params"] as? [String: Any],
        parameters["uri"] as? String == document.uri,
        let problems = parameters["diagnostics"] as? [[String: Any]]
      else { return nil }
      let lines = problems.map { "\(Self.line($0)): \($0["message"] as? String ?? "")" }
      return condition(lines) ? lines : nil
    }
  }

  /// What is offered behind the first occurrence of a text.
  func completions(after text: String) throws -> [String] {
    let result = try request(
      "textDocument/completion", at: try #require(document.text.range(of: text)).upperBound)
    let items = (result as? [String: Any])?["items"] as? [[String: Any]] ?? []
    return items.compactMap { $0["label"] as? String }
  }

  /// Where the first occurrence of a word, behind another text, is declared: "file:line".
  func definitions(of word: String, after text: String = "") throws -> [String] {
    let result = try request(
      "textDocument/definition", at: try #require(document.text.range(of: text + word)).upperBound)
    return (result as? [[String: Any]] ?? []).map { location in
      let file = (location["uri"] as? String).flatMap { URL(string: $0)?.lastPathComponent }
      return "\(file ?? "?"):\(Self.line(location))"
    }
  }

  /// What is said about the first occurrence of a word.
  func hover(_ word: String) throws -> String {
    let result = try request(
      "textDocument/hover", at: try #require(document.text.range(of: word)).lowerBound)
    return "\((result as? [String: Any])?["contents"] ?? "")"
  }

  private static func line(_ item: [String: Any]) -> Int {
    let start = (item["range"] as? [String: Any])?["start"] as? [String: Any]
    return (start?["line"] as? Int ?? -1) + 1
  }

  // MARK: - Messages

  private func request(_ method: String, at index: String.Index) throws -> Any {
    let lines = document.text[..<index].split(separator: "\n", omittingEmptySubsequences: false)
    let position = ["line": lines.count - 1, "character": lines.last?.utf16.count ?? 0]
    return try request(
      method, ["textDocument": ["uri": document.uri], "position": position])
  }

  private func request(_ method: String, _ parameters: [String: Any]) throws -> Any {
    requests += 1
    try send(["id": requests, "method": method, "params": parameters])
    return try receive(method) { message in
      guard message["id"] as? Int == requests, message["method"] == nil else { return nil }
      if let error = message["error"] { throw Problem.refused("\(method): \(error)") }
      return message["result"] ?? NSNull()
    }
  }

  private func send(_ message: [String: Any]) throws {
    guard process.isRunning else { throw Problem.ended }
    let body = try JSONSerialization.data(
      withJSONObject: message.merging(["jsonrpc": "2.0"]) { old, _ in old })
    try input.fileHandleForWriting.write(
      contentsOf: Data("Content-Length: \(body.count)\r\n\r\n".utf8) + body)
  }

  /// The first message that is what is waited for; others are dropped, and requests of the server
  /// agreed to.
  private func receive<Value>(
    _ what: String, _ value: ([String: Any]) throws -> Value?
  ) throws -> Value {
    let deadline = Date(timeIntervalSinceNow: 60)
    while let data = inbox.next(before: deadline) {
      guard let message = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        continue
      }
      if let found = try value(message) { return found }
      if let id = message["id"], message["method"] != nil {
        try send(["id": id, "result": NSNull()])
      }
    }
    throw Date() < deadline ? Problem.ended : Problem.timeout(what)
  }

  /// What the server sent and nobody has looked at; guarded by a condition.
  private final class Inbox: @unchecked Sendable {
    private var messages: [Data] = []
    private var isClosed = false
    private let condition = NSCondition()

    /// Takes messages apart until the server closes its output.
    func fill(from output: FileHandle) {
      let separator = Data("\r\n\r\n".utf8)
      var bytes = Data()
      while case let chunk = output.availableData, !chunk.isEmpty {
        bytes.append(chunk)
        while let head = bytes.range(of: separator) {
          let header = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
          let length = header.split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { !$0.isNumber }) }
          guard let length, bytes.endIndex - head.upperBound >= length else { break }
          let body = Data(bytes[head.upperBound...].prefix(length))
          bytes = Data(bytes[(head.upperBound + length)...])
          condition.withLock {
            messages.append(body)
            condition.signal()
          }
        }
      }
      condition.withLock {
        isClosed = true
        condition.signal()
      }
    }

    /// The next message; nil when there is none in time, or none to come.
    func next(before deadline: Date) -> Data? {
      condition.withLock {
        while messages.isEmpty, !isClosed {
          guard condition.wait(until: deadline) else { return nil }
        }
        return messages.isEmpty ? nil : messages.removeFirst()
      }
    }
  }
}
