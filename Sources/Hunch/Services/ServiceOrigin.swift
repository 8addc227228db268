import Foundation

/// Where a service is: scheme, host and port of its address. That decides who gets texts and key.
package struct ServiceOrigin: Hashable, Sendable, CustomStringConvertible {
  /// `http` or `https`.
  package let scheme: String
  /// In small letters; an IPv6 address in brackets.
  package let host: String
  /// Also where the address does not say it.
  package let port: Int

  /// The origin of an address; nil for what is no address of a service over HTTP.
  ///
  /// - Parameter url: Whatever else it holds plays no part.
  package init?(_ url: String) {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
      let port = ["http": 80, "https": 443][scheme], var host = parts.encodedHost?.lowercased()
    else { return nil }
    if host.hasSuffix(".") { host.removeLast() }
    // Nothing that two readers of addresses could take for different hosts.
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let allowed =
      isBracketed ? "0123456789abcdef:." : "0123456789abcdefghijklmnopqrstuvwxyz.-_"
    let name = isBracketed ? host.dropFirst().dropLast() : host[...]
    guard !name.isEmpty, name.allSatisfy(allowed.contains) else { return nil }
    self.scheme = scheme
    self.host = host
    self.port = parts.port ?? port
    guard (1...65_535).contains(self.port) else { return nil }
  }

  /// The address of the origin, the port where it is not the usual one of the scheme.
  package var description: String {
    let isUsual = port == (scheme == "http" ? 80 : 443)
    return "\(scheme)://\(host)\(isUsual ? "" : ":\(port)")"
  }

  /// Whether it is this machine: what is sent there stays here.
  package var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127"
      && numbers.allSatisfy { number in
        // A leading zero would be read as octal by some.
        UInt8(number).map { "\($0)" == number } ?? false
      }
  }
}
