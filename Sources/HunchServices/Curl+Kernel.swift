import CCurl
import Hunch

// SAFETY: a library that was opened is never closed, so what it made may be used at any time. A
// `CurlConnection` owns its `ccurl` from `ccurl_new` to `ccurl_free` and is used by one thread at a
// time: whoever takes it out of a pool has it alone until it is put back. Texts and bytes that a
// request points to live until `ccurl_begin` returns, which copies them. Received bytes are read
// between two steps, when nothing writes to them, with the count that comes with them.

/// An open libcurl.
struct CurlLibrary: @unchecked Sendable {
  private let library: OpaquePointer

  /// The first of these that the system has; none where it has none.
  #if os(macOS)
    static let names = ["libcurl.4.dylib"]
  #else
    static let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]
  #endif

  /// Opened when it is asked for the first time; nil where the system has none.
  static let system = CurlLibrary(names: names)

  /// Opens the first of some libraries that is there; nil where none is.
  init?(names: [String]) {
    let texts = names.map { $0.utf8CString }
    var pointers: [UnsafePointer<CChar>?] = []
    func open(_ rest: ArraySlice<ContiguousArray<CChar>>) -> OpaquePointer? {
      guard let text = rest.first else { return ccurl_open(pointers, pointers.count) }
      return text.withUnsafeBufferPointer { buffer in
        pointers.append(buffer.baseAddress)
        return open(rest.dropFirst())
      }
    }
    guard let library = open(texts[...]) else { return nil }
    self.library = library
  }

  /// A connection, nil where there is no memory.
  func connection() -> CurlConnection? { ccurl_new(library).map(CurlConnection.init) }
}

/// A connection to a service, kept from one request to the next.
final class CurlConnection: @unchecked Sendable {
  /// What is asked.
  struct Request {
    var url: String
    var body: [UInt8]
    /// A whole header, or nil.
    var authorization: String?
    var largestAnswer: Int
    var connect: Duration
    var whole: Duration
    /// No proxy, whatever the environment says.
    var isDirect: Bool
    /// A file of trusted certificates; nil for the system's.
    var certificates: String?
  }

  private let curl: OpaquePointer

  fileprivate init(_ curl: OpaquePointer) { self.curl = curl }

  deinit { ccurl_free(curl) }

  /// Begins a request; false where there is no memory.
  func begin(_ request: Request) -> Bool {
    func with<Result>(_ text: String?, _ work: (UnsafePointer<CChar>?) -> Result) -> Result {
      guard let text else { return work(nil) }
      return text.withCString { work($0) }
    }
    return request.url.withCString { url in
      with(request.authorization) { authorization in
        with(request.certificates) { certificates in
          request.body.withUnsafeBytes { body in
            var terms = ccurl_request(
              url: url, authorization: authorization, body: body.baseAddress,
              body_count: body.count, largest_answer: request.largestAnswer,
              connect_milliseconds: request.connect.wholeMilliseconds,
              whole_milliseconds: request.whole.wholeMilliseconds, is_direct: request.isDirect,
              certificates: certificates)
            return ccurl_begin(curl, &terms)
          }
        }
      }
    }
  }

  /// Goes on with the request, and waits at most so long for something to happen.
  ///
  /// - Parameter take: Gets what came of a successful answer since the last step.
  /// - Returns: Whether it is still under way.
  func step(
    _ wait: Duration, _ take: (Span<UInt8>) throws(ServiceFailure) -> Void
  ) throws(ServiceFailure) -> Bool {
    let isUnderWay = ccurl_step(curl, Int32(clamping: wait.wholeMilliseconds))
    var count = 0
    let bytes = ccurl_received(curl, &count)
    if count > 0 {
      defer { ccurl_forget(curl) }
      try take(UnsafeBufferPointer(start: bytes, count: count).span)
    }
    return isUnderWay
  }

  /// Ends the request, finished or not, and says how it went.
  func end() -> ccurl_outcome { ccurl_end(curl) }

  /// The status of the answer, 0 where there is none.
  var status: Int { ccurl_status(curl) }

  /// The header `Retry-After`; nil where there is none.
  var retryAfter: String? {
    guard let text = ccurl_retry_after(curl), text.pointee != 0 else { return nil }
    return String(validatingCString: text)
  }

  /// Whether the service may have got the request.
  var wasSent: Bool { ccurl_was_sent(curl) }
}

extension Duration {
  fileprivate var wholeMilliseconds: Int {
    Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
  }
}
