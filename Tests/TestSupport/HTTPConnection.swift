import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A TCP connection to a server on this machine that sends what it is told to, right or wrong.
package final class HTTPConnection {
  /// An answer of the server.
  package struct Answer: Sendable, Equatable {
    package var status: Int
    /// By lower-case name.
    package var headers: [String: String]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; nil for anything but an object.
    package func object() throws -> [String: Any]? {
      try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
    }
  }

  /// What the system or the server did instead of answering.
  package struct Failure: Error {
    package var step: String
    package var code: Int32
  }

  private let socket: Int32
  private var received: [UInt8] = []

  /// Connects to a port of 127.0.0.1.
  package init(port: Int) throws {
    #if canImport(Glibc)
      socket = Self.open(Int32(SOCK_STREAM.rawValue))
    #else
      socket = Self.open(SOCK_STREAM)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
    }
    guard result == 0 else {
      let code = errno
      close(socket)
      throw Failure(step: "connect", code: code)
    }
  }

  deinit { close(socket) }

  private static func open(_ type: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.socket(AF_INET, type, 0)
    #elseif canImport(Musl)
      Musl.socket(AF_INET, type, 0)
    #else
      Darwin.socket(AF_INET, type, 0)
    #endif
  }

  /// Asks for `/health` on so many connections that each of the server's event loops has answered
  /// one: what was sent on other connections before has been read then.
  package static func settle(port: Int) throws {
    for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
      _ = try HTTPConnection(port: port).request("GET", "/health")
    }
  }

  /// Sends bytes as they are.
  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(step: "write", code: errno) }
      sent += count
    }
  }

  /// Sends text as it is.
  package func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Sends a whole request and waits for the answer.
  package func request(
    _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
  ) throws -> Answer {
    try send(Self.head(method, path, headers: headers, length: body.count))
    try send(body)
    return try answer(withBody: method != "HEAD")
  }

  /// The head of a request with a body of a length.
  package static func head(
    _ method: String, _ path: String, headers: [String: String] = [:], length: Int
  ) -> String {
    let fields = headers.merging(["Host": "localhost"]) { given, _ in given }
      .map { "\($0.key): \($0.value)\r\n" }.joined()
    return "\(method) \(path) HTTP/1.1\r\n\(fields)Content-Length: \(length)\r\n\r\n"
  }

  /// Waits for the next answer.
  package func answer(withBody: Bool = true) throws -> Answer {
    let separator = Array("\r\n\r\n".utf8)
    while received.firstRange(of: separator) == nil { try receive() }
    let end = received.firstRange(of: separator)?.upperBound ?? 0
    let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
    received.removeFirst(end)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    var body: [UInt8] = []
    if withBody, headers["transfer-encoding"] == "chunked" {
      while true {
        let chunk = try take(Int(line(), radix: 16) ?? 0)
        _ = try line()
        if chunk.isEmpty { break }
        body += chunk
      }
    } else if withBody {
      body = try take(Int(headers["content-length"] ?? "") ?? 0)
    }
    return Answer(
      status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: body)
  }

  /// The next bytes of a body.
  private func take(_ count: Int) throws -> [UInt8] {
    while received.count < count { try receive() }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// The next line of a body in chunks.
  private func line() throws -> String {
    let separator = Array("\r\n".utf8)
    while received.firstRange(of: separator) == nil { try receive() }
    let end = received.firstRange(of: separator)?.upperBound ?? 0
    return String(decoding: try take(end).dropLast(2), as: UTF8.self)
  }

  /// Whether the server has closed the connection and sent nothing more; waits for either.
  package func isClosed() -> Bool {
    do { try receive() } catch { return true }
    return false
  }

  /// What the server sends until it closes the connection.
  package func rest() -> String {
    while !isClosed() {}
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  private func receive() throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = buffer.withUnsafeMutableBytes { read(socket, $0.baseAddress, $0.count) }
    guard count > 0 else { throw Failure(step: "read", code: count < 0 ? errno : 0) }
    received += buffer[..<count]
  }
}
