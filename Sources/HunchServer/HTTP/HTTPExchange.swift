import NIOCore
package import NIOHTTP1

/// An answer to a request.
package struct HTTPAnswer {
  package enum Body {
    case whole([UInt8])
    /// A first part and those that follow until there is none, each asked for once the one before is
    /// on its way.
    case parts([UInt8], then: () async throws -> [UInt8]?)
  }

  package var status: HTTPResponseStatus
  package var headers: HTTPHeaders
  package var body: Body

  /// Creates an answer with a content type.
  package init(_ status: HTTPResponseStatus, _ type: String, _ body: Body) {
    self.status = status
    headers = HTTPHeaders([("Content-Type", type)])
    self.body = body
  }
}

/// A request, of which the body is still to be read, and its answer.
package final class HTTPExchange {
  /// The body of a request has more bytes than may be read.
  package struct TooLarge: Error {}

  /// What the first lines of the request say.
  package let head: HTTPRequestHead
  /// Where the request came in.
  let connection: Connection
  /// When the first lines of the request were read.
  let began = NIODeadline.now()
  private let parts: HTTPParts
  /// Whether the connection ends with the answer.
  private(set) var isLast: Bool
  /// Whether the client sends its body only when it is told that somebody wants it.
  private(set) var isAwaited: Bool

  init(_ head: HTTPRequestHead, _ parts: HTTPParts, _ connection: Connection, isLast: Bool) {
    (self.head, self.parts, self.connection) = (head, parts, connection)
    self.isLast = isLast
    isAwaited = head.headers["Expect"].contains { $0.lowercased() == "100-continue" }
  }

  /// The path, without a query.
  package var path: String {
    let target = head.uri.prefix { $0 != "?" && $0 != "#" }
    guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else {
      return String(target)
    }
    // As proxies are asked: http://name:port/path.
    return String(target[scheme.upperBound...].drop { $0 != "/" })
  }

  /// The value of a header; several of one name count as one list.
  package subscript(header name: String) -> String? {
    let values = head.headers[name]
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }

  /// The whole body.
  ///
  /// - Throws: ``TooLarge`` for more bytes than the limit; what the connection throws.
  package func body(upTo limit: Int) async throws -> [UInt8] {
    // A length that is said beforehand need not be waited for.
    if let length = self[header: "Content-Length"].flatMap({ Int($0) }), length > limit {
      throw TooLarge()
    }
    if isAwaited {
      isAwaited = false
      try await parts.askForBody()
    }
    var bytes: [UInt8] = []
    while let part = try await parts.body() {
      if bytes.count + part.readableBytes > limit { throw TooLarge() }
      bytes.append(contentsOf: part.readableBytesView)
    }
    return bytes
  }

  /// Sends the answer, as fast as the client reads it.
  ///
  /// - Throws: What the connection or a part of the body throws.
  package func answer(_ answer: HTTPAnswer) async throws {
    connection.enter(.sending)
    var headers = answer.headers
    headers.add(name: "Date", value: ResponseDate.now())
    if case .whole(let body) = answer.body {
      headers.add(name: "Content-Length", value: "\(body.count)")
    }
    // A body that nobody asked for may come or not.
    isLast = isLast || isAwaited
    if isLast { headers.add(name: "Connection", value: "close") }
    // Whoever speaks HTTP/1.0 knows no chunks: there the end of the connection ends the body.
    let version = head.version == .http1_1 ? head.version : .http1_0
    let first = HTTPServerResponsePart.head(
      HTTPResponseHead(version: version, status: answer.status, headers: headers))
    switch answer.body {
    case _ where head.method == .HEAD: try await parts.write([first, .end(nil)])
    case .whole(let body):
      try await parts.write([first, .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil)])
    case .parts(let body, let next):
      try await parts.write([first, .body(.byteBuffer(ByteBuffer(bytes: body)))])
      while let part = try await next() {
        try await parts.write([.body(.byteBuffer(ByteBuffer(bytes: part)))])
      }
      try await parts.write([.end(nil)])
    }
  }
}

/// The parts of requests and answers that come and go on a connection.
final class HTTPParts {
  /// The client went away before its request was whole.
  private struct BrokenOff: Error {}

  private var iterator: NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
  private let writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  private var isInBody = false
  /// Whether a part of an answer was sent, and its end was not.
  private(set) var isAnswering = false

  init(
    _ parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
    _ writer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  ) {
    iterator = parts.makeAsyncIterator()
    self.writer = writer
  }

  /// The first lines of the next request; nil where there is none.
  func head() async throws -> HTTPRequestHead? {
    guard case .head(let head)? = try await iterator.next() else { return nil }
    isInBody = true
    return head
  }

  /// The next part of the body; nil behind the last one.
  func body() async throws -> ByteBuffer? {
    if !isInBody { return nil }
    switch try await iterator.next() {
    case .body(let bytes)?: return bytes
    case .end?:
      isInBody = false
      return nil
    case .head?, nil: throw BrokenOff()
    }
  }

  /// Tells a client that waits for it that its body is wanted.
  func askForBody() async throws {
    try await writer.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
  }

  /// Reads what is left of the body.
  func skipBody() async throws {
    while try await body() != nil {}
  }

  func write(_ parts: [HTTPServerResponsePart]) async throws {
    isAnswering = true
    try await writer.write(contentsOf: parts)
    if case .end? = parts.last { isAnswering = false }
  }
}
