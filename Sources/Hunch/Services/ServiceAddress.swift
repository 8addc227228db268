import Foundation

/// How the address of a service is shown.
package enum ServiceAddress {
  /// Scheme, host, port and path of an address: name, password and query may be secrets.
  package static func shown(_ url: String) -> String {
    guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host
    else { return "the address of the service" }
    return "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")\(parts.path)"
  }
}
