import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A service with the interface of `/v1/embeddings` that fails as it is told to; it also closes the
/// connection in the middle of an answer of `/v1/chat/completions`.
package final class StubServer: Sendable {
  /// What a request gets.
  package enum Answer: Sendable {
    case good
    case status(Int, retryAfter: String? = nil)
    /// Good, after so long.
    case slow(milliseconds: Int64)
    /// The connection is closed in the middle of the answer.
    case drop
    /// The connection is reset when the request has been read.
    case reset
    /// One embedding of the answer is longer than the others.
    case wrongLength
    case oneTooFew
    case notJSON
    /// Two embeddings with one index.
    case sameIndex
    /// Good, last text first.
    case reversed
    case redirect
    /// What has the right head, and any body, in pieces of so many bytes.
    case body(String, piece: Int)
    /// White space without end, in the place of an embedding.
    case endless
  }

  package struct State: Sendable {
    /// What the next requests get; after these all is well.
    var plan: [Answer] = []
    package var requests = 0
    /// What stands in the first lines of requests behind the method.
    package var targets: Set<String> = []
    /// The same of requests for a tunnel, as proxies get them; there is none.
    package var tunnels: Set<String> = []
    /// The bytes of endless answers.
    package var endlessBytes = 0
    /// How often each text got an embedding.
    package var embedded: [String: Int] = [:]
    package var keys: Set<String> = []
    package var models: Set<String> = []
    /// Requests under way at a time, now and at most.
    var underWay = 0
    package var mostUnderWay = 0
  }

  private let shared: SharedState
  private let channel: any Channel
  /// Where it listens.
  package let url: String

  package init(_ plan: [Answer] = []) throws {
    let state = SharedState(plan)
    shared = state
    channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(state))
        }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1/embeddings"
  }

  deinit { try? channel.close().wait() }

  /// What happened so far.
  package var seen: State { shared.state.withLock { $0 } }

  /// The embedding of a text: numbers that depend on it, and one that tells whether it has an `e`.
  package static func embedding(of text: String) -> [Float] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return [text.contains("e") ? 3 : -3]
      + (0..<7).map { Float(Int64((hash >> (8 * $0)) & 0xFF)) / 256 }
  }
}

/// What server and connections share.
private final class SharedState: Sendable {
  let state: Mutex<StubServer.State>
  init(_ plan: [StubServer.Answer]) {
    var state = StubServer.State()
    state.plan = plan
    self.state = Mutex(state)
  }
}

private final class Handler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let shared: SharedState
  private var body: [UInt8] = []
  private var key: String?
  private var target = ""
  private var isTunnel = false

  init(_ shared: SharedState) { self.shared = shared }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      body = []
      key = head.headers.first(name: "Authorization")
      target = head.uri
      isTunnel = head.method == .CONNECT
    case .body(let part): body += part.readableBytesView
    case .end: answer(context.channel)
    }
  }

  private func answer(_ channel: any Channel) {
    if isTunnel {
      shared.state.withLock { [key, target] state in
        state.tunnels.insert(target)
        if let key { state.keys.insert(key) }
      }
      return respond(channel, 400, [])
    }
    guard let request = try? JSONDecoder().decode(Request.self, from: Data(body)) else {
      return respond(channel, 400, [])
    }
    let answer = shared.state.withLock { [key, target] state in
      state.requests += 1
      state.targets.insert(target)
      state.models.insert(request.model)
      if let key { state.keys.insert(key) }
      state.underWay += 1
      state.mostUnderWay = max(state.mostUnderWay, state.underWay)
      return state.plan.isEmpty ? StubServer.Answer.good : state.plan.removeFirst()
    }
    let shared = self.shared
    // A moment, so that requests can overlap.
    var delay = TimeAmount.milliseconds(5)
    if case .slow(let milliseconds) = answer { delay = .milliseconds(milliseconds) }
    channel.eventLoop.scheduleTask(in: delay) {
      shared.state.withLock { $0.underWay -= 1 }
      Self.give(answer, to: request, shared, channel)
    }
  }

  private static func give(
    _ answer: StubServer.Answer, to request: Request, _ shared: SharedState,
    _ channel: any Channel
  ) {
    let texts = request.input ?? request.messages?.map(\.content) ?? ["nothing"]
    var items = texts.enumerated().map {
      Item(index: $0, embedding: StubServer.embedding(of: $1))
    }
    switch answer {
    case .status(let status, let retryAfter):
      return respond(
        channel, status, Array("{\"error\": \"\(texts[0])\"}".utf8),
        retryAfter.map { [("Retry-After", $0)] } ?? [])
    case .redirect:
      return respond(channel, 302, [], [("Location", "http://127.0.0.1:1/elsewhere")])
    case .notJSON: return respond(channel, 200, Array("<p>\(texts[0])</p>".utf8))
    case .wrongLength: items[items.count - 1].embedding.append(1)
    case .oneTooFew: items.removeLast()
    case .sameIndex: items[items.count - 1].index = 0
    case .reversed: items.reverse()
    case .reset:
      // Without lingering, a close is a reset.
      (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        .whenComplete { _ in channel.close(promise: nil) }
      return
    case .body(let body, let piece):
      return respond(channel, 200, Array(body.utf8), piece: piece)
    case .endless:
      channel.write(
        HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
      let start = ByteBuffer(string: "{\"data\": [{\"embedding\": [1")
      channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(start)), promise: nil)
      return goOn(channel, shared)
    case .good, .slow, .drop: break
    }
    let bytes =
      request.messages == nil
      ? (try? JSONEncoder().encode(Answer(data: items))).map { [UInt8]($0) } ?? []
      : Array(#"{"choices": [{"message": {"content": "yes"}}]}"#.utf8)
    if case .drop = answer {
      // Announces more than it sends.
      let head = HTTPResponseHead(
        version: .http1_1, status: .ok, headers: ["Content-Length": "\(bytes.count)"])
      channel.write(HTTPServerResponsePart.head(head), promise: nil)
      let half = ByteBuffer(bytes: bytes.prefix(bytes.count / 2))
      channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(half))).whenComplete { _ in
        channel.close(promise: nil)
      }
      return
    }
    // What cannot be used is not embedded.
    switch answer {
    case .good, .slow, .reversed:
      shared.state.withLock { state in
        for text in texts { state.embedded[text, default: 0] += 1 }
      }
    default: break
    }
    respond(channel, 200, bytes)
  }

  private static func goOn(_ channel: any Channel, _ shared: SharedState) {
    let part = ByteBuffer(repeating: UInt8(ascii: " "), count: 1 << 16)
    channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(part))).whenSuccess {
      shared.state.withLock { $0.endlessBytes += 1 << 16 }
      goOn(channel, shared)
    }
  }

  private func respond(_ channel: any Channel, _ status: Int, _ body: [UInt8]) {
    Self.respond(channel, status, body)
  }

  private static func respond(
    _ channel: any Channel, _ status: Int, _ body: [UInt8], _ headers: [(String, String)] = [],
    piece: Int = .max
  ) {
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: status),
      headers: HTTPHeaders(headers + [("Content-Length", "\(body.count)")]))
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    var rest = body[...]
    while !rest.isEmpty {
      let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: rest.prefix(piece))))
      rest = rest.dropFirst(piece)
      if rest.isEmpty {
        channel.write(part, promise: nil)
      } else {
        channel.writeAndFlush(part, promise: nil)
      }
    }
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
  }

  private struct Request: Decodable, Sendable {
    var model: String
    var input: [String]?
    var messages: [Message]?
  }
  private struct Message: Decodable, Sendable {
    var content: String
  }
  private struct Item: Encodable {
    var index: Int
    var embedding: [Float]
  }
  private struct Answer: Encodable {
    var data: [Item]
  }
}
