import Foundation
import Hunch
import Testing

/// Which services may be asked, and where that is kept.
struct ServicePolicyTests {
  @Test(arguments: [
    ("http://localhost:8000/v1/embeddings", "http://localhost:8000"),
    ("HTTPS://API.Example.com/v1?key=x", "https://api.example.com"),
    ("https://api.example.com:443", "https://api.example.com"),
    ("http://api.example.com.:80/", "http://api.example.com"),
    ("https://name:secret@api.example.com:8443/v1#x", "https://api.example.com:8443"),
    ("http://[::1]:9/v1", "http://[::1]:9"), ("http://127.0.0.1", "http://127.0.0.1"),
    ("http://127.0.0.1@evil.example/", "http://evil.example"),
  ])
  func origins(url: String, origin: String) {
    #expect(ServiceOrigin(url)?.description == origin)
    // An origin is the address of its own.
    #expect(ServiceOrigin(origin)?.description == origin)
  }

  @Test(arguments: [
    "", "localhost:8000", "ftp://host", "https://", "http:///v1", "http://host:0/",
    "file:///etc/passwd",
    "http://host:99999/", "http://a b/", "http://a%2fb/", "/v1", "sk-pasted-key",
  ])
  func noOrigins(url: String) { #expect(ServiceOrigin(url) == nil) }

  @Test(arguments: [
    ("localhost", true), ("LOCALHOST.", true), ("a.localhost", true), ("127.0.0.1", true),
    ("127.255.0.9", true), ("[::1]", true), ("128.0.0.1", false), ("127.0.0", false),
    ("127.1", false), ("127.0.0.01", false), ("127.0.0.256", false), ("localhost.example", false),
    ("127.0.0.1.example", false), ("0.0.0.0", false), ("[::]", false), ("192.0.2.1", false),
    ("notlocalhost", false), ("[::ffff:127.0.0.1]", false),
  ])
  func loopback(host: String, isLoopback: Bool) throws {
    #expect(try #require(ServiceOrigin("http://\(host):8000/v1")).isLoopback == isLoopback)
  }

  @Test func decisions() throws {
    func origin(_ url: String) throws -> ServiceOrigin { try #require(ServiceOrigin(url)) }
    let policy = ServicePolicy(
      allowed: [try origin("https://allowed.example")],
      named: [try origin("https://named.example")],
      remembered: [try origin("https://known.example")])
    #expect(policy.decision(try origin("https://allowed.example/v1")) == .givenNow)
    #expect(policy.decision(try origin("https://named.example/v1")) == .given)
    #expect(policy.decision(try origin("https://known.example/v2")) == .given)
    #expect(policy.decision(try origin("http://127.0.0.1:8000/v1")) == .given)
    // Another scheme or port is another service.
    for url in [
      "http://allowed.example", "https://known.example:8443", "https://sub.known.example",
      "http://192.0.2.1",
    ] {
      #expect(policy.decision(try origin(url)) == .open)
    }
    let error = ServiceConsentError.notAllowed(origin: "https://api.example")
    #expect(error.status == .badConfiguration && "\(error)".contains("https://api.example"))
    #expect(error.hint?.contains("--allow-service https://api.example") == true)
  }

  @Test func theFolderOfSettings() {
    func path(_ environment: [String: String]) -> String? {
      AllowedServices(environment: environment).path
    }
    #expect(path(["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/hunch/services")
    #expect(path(["HOME": "/h"]) == "/h/.config/hunch/services")
    // Relative paths would lead into the project.
    #expect(path(["XDG_CONFIG_HOME": "x", "HOME": "/h"]) == "/h/.config/hunch/services")
    #expect(path(["XDG_CONFIG_HOME": "", "HOME": "."]) == nil)
  }

  @Test func remembers() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hunch-services-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = AllowedServices(environment: ["XDG_CONFIG_HOME": folder])
    #expect(file.origins().isEmpty)
    let first = try #require(ServiceOrigin("https://one.example"))
    let second = try #require(ServiceOrigin("http://two.example:81"))
    try file.add(second)
    try file.add(first)
    try file.add(first)
    let path = try #require(file.path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == "http://two.example:81\nhttps://one.example\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/hunch") == ["services"])
    // Lines that are no origins neither count nor hurt.
    try (text + "nonsense\n\u{0}\n  https://three.example  \r\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(
      file.origins() == [first, second, try #require(ServiceOrigin("https://three.example"))])
    // A folder that cannot be made is an error with the place.
    let blocked = AllowedServices(environment: ["XDG_CONFIG_HOME": path])
    let error = #expect(throws: HunchError.self) { try blocked.add(first) }
    #expect(error?.status == .cannotCreate)
  }
}
