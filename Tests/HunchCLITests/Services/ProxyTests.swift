import Foundation
import ServiceStubs
import Testing

/// The proxies that the environment names, with a service for a proxy: what it is asked for says
/// whether it was one.
@Suite("Proxies")
struct ProxyTests {
  /// Fetches embeddings from an address by way of what the variables say.
  private func embed(
    _ url: String, _ variables: [String: String]
  ) throws -> HunchBinary.Outcome {
    let folder = try Projects.fruit(
      yaml: Projects.fruitConfiguration
        + "features:\n  embeddings: { url: \"\(url)\", model: small }\n")
    let process = try HunchBinary.process(["train", ".", "--allow-service", url], in: folder)
    for name in ["http", "https", "all", "no"] {
      process.environment?["\(name)_proxy"] = nil
      process.environment?["\(name.uppercased())_PROXY"] = nil
    }
    process.environment?["XDG_CONFIG_HOME"] = folder.path("settings")
    process.environment?.merge(variables) { $1 }
    try process.run()
    process.waitUntilExit()
    return try HunchBinary.outcome(process, in: folder)
  }

  @Test("are used", arguments: ["http_proxy", "all_proxy", "ALL_PROXY"])
  func used(variable: String) throws {
    let proxy = try StubServer()
    let url = "http://service.invalid/v1/embeddings"
    let address = String(proxy.url.dropLast("/v1/embeddings".count))
    let outcome = try embed(url, [variable: address])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(proxy.seen.targets == [url])
  }

  @Test("are not used for hosts that need none, nor ever for this machine")
  func exceptions() throws {
    let service = try StubServer()
    let proxy = try StubServer()
    let address = String(proxy.url.dropLast("/v1/embeddings".count))
    for (url, exceptions) in [
      (service.url.replacingOccurrences(of: "127.0.0.1", with: "127.1"), "127.1,127.0.0.1"),
      (service.url, ""),
      (service.url.replacingOccurrences(of: "127.0.0.1", with: "localhost"), "service.invalid"),
    ] {
      let outcome = try embed(
        url, ["http_proxy": address, "all_proxy": address, "no_proxy": exceptions])
      #expect(outcome.status == 0, "\(url): \(outcome.errors)")
    }
    #expect(proxy.seen.requests == 0)
    #expect(service.seen.targets == ["/v1/embeddings"])
  }

  @Test("get no key of an encrypted service", arguments: ["https_proxy", "HTTPS_PROXY"])
  func tunnels(variable: String) throws {
    // A proxy that knows no tunnels; what it is asked for has no key all the same.
    let proxy = try StubServer()
    let address = String(proxy.url.dropLast("/v1/embeddings".count))
    let outcome = try embed(
      "https://service.invalid/v1/embeddings",
      [variable: address, "HUNCH_EMBEDDINGS_KEY": "sk-secret-4711"])
    #expect(outcome.status == 74 && outcome.errors.contains("proxy refuses the connection"))
    #expect(proxy.seen.keys.isEmpty && proxy.seen.targets.isEmpty)
    #expect(proxy.seen.tunnels == ["service.invalid:443"])
    #expect(!outcome.errors.contains("sk-secret"))
  }
}
