/// Which requests are meant for this server, so that a page of some website cannot ask it through
/// the browser of somebody who is at this machine: neither by a name of its own that resolves to
/// this machine, nor from another site.
struct HostPolicy: Sendable {
  /// Names and addresses beside those of loopback, in small letters.
  private let names: Set<String>

  /// Creates a policy.
  ///
  /// - Parameter names: Names and addresses that requests may have in `Host`.
  init(_ names: [String]) {
    self.names = Set(names.map { Self.name(ofAuthority: $0) ?? $0.lowercased() })
  }

  /// Lets a request pass.
  ///
  /// - Throws: ``RequestProblem/foreignHost`` or ``RequestProblem/foreignSite``.
  func check(_ request: HTTPExchange) throws(RequestProblem) {
    guard let host = request[header: "Host"].flatMap(Self.name(ofAuthority:)),
      Self.isLoopback(host) || names.contains(host)
    else { throw .foreignHost }
    if let site = request[header: "Sec-Fetch-Site"],
      !["same-origin", "same-site", "none"].contains(site)
    {
      throw .foreignSite
    }
    if let origin = request[header: "Origin"], Self.name(ofOrigin: origin) != host {
      throw .foreignSite
    }
  }

  /// The name or address of `name:port`, without the brackets of an IPv6 address; nil for what is
  /// nothing of the kind.
  static func name(ofAuthority authority: String) -> String? {
    let text = authority.lowercased()
    var name = Substring(text)
    var rest = Substring()
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      name = text[..<end].dropFirst()
      rest = text[text.index(after: end)...]
    } else if let colon = text.firstIndex(of: ":") {
      // Several colons are an IPv6 address without brackets, as options give it.
      if text[text.index(after: colon)...].contains(":") { return text }
      (name, rest) = (text[..<colon], text[colon...])
    }
    let port = rest.dropFirst()
    let isPort = rest.isEmpty || rest.first == ":" && port.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    if name.isEmpty || !isPort { return nil }
    if name.last == "." { name.removeLast() }
    return String(name)
  }

  /// The name or address of an origin such as `http://name:port`; nil for `null`.
  private static func name(ofOrigin origin: String) -> String? {
    guard let scheme = origin.firstRange(of: "://") else { return nil }
    return name(ofAuthority: String(origin[scheme.upperBound...]))
  }

  /// Whether a name or address is always this machine.
  private static func isLoopback(_ name: String) -> Bool {
    if name == "localhost" || name == "::1" || name == "127.0.0.1" { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } && UInt8($0) != nil }
  }
}
