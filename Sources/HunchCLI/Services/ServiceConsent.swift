import Foundation
import Hunch
import HunchServices

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Sees to it that nobody's texts go to an address that somebody else chose without being asked.
final class ServiceConsent: Sendable {
  /// The answer to a question that is asked at the terminal; nil where there is none.
  typealias Question = @Sendable (_ origin: ServiceOrigin) throws -> Bool?

  private let file: AllowedServices
  private let policy: Guarded<ServicePolicy>
  private let ask: Question

  /// - Parameters:
  ///   - allowed: Addresses that the command line allows.
  ///   - ask: Asks whoever sits there; returns nil where nobody does.
  /// - Throws: ``Hunch/ServiceConsentError/badAddress(option:)``.
  init(
    _ allowed: [String],
    environment: [String: String] = ProcessInfo.processInfo.environment,
    ask: @escaping Question = ServiceQuestion.ask
  ) throws {
    let origins = try allowed.map { address in
      guard let origin = ServiceOrigin(address) else {
        throw ServiceConsentError.badAddress(option: "--allow-service")
      }
      return origin
    }
    file = AllowedServices(environment: environment)
    policy = Guarded(
      ServicePolicy(
        allowed: Set(origins),
        named: Set(
          environment[ChatClient.addressVariable].flatMap(ServiceOrigin.init).map { [$0] } ?? []),
        remembered: file.origins()))
    self.ask = ask
  }

  /// Lets an address be asked, or throws. Where several threads need it, one asks and all wait.
  ///
  /// - Throws: ``Hunch/ServiceConsentError``, ``Hunch/HunchError/interrupted``.
  func require(_ url: String) throws {
    // What is no address is nowhere sent.
    guard let origin = ServiceOrigin(url) else { return }
    try policy.withLock { policy in
      switch policy.decision(origin) {
      case .given: return
      case .givenNow: break
      case .open:
        guard let answer = try ask(origin) else {
          throw ServiceConsentError.notAllowed(origin: "\(origin)")
        }
        guard answer else { throw ServiceConsentError.refused(origin: "\(origin)") }
      }
      policy.remembered.insert(origin)
      do {
        try file.add(origin)
      } catch {
        Console.error("hunch: the leave for \(origin) holds for this run alone: \(error)\n")
      }
    }
  }
}

/// Embeddings of a service that may be asked.
struct ConsentingEmbedder: TextEmbedder {
  let embedder: any TextEmbedder
  let url: String
  let consent: ServiceConsent

  func prepare() throws { try consent.require(url) }

  func embed(_ texts: [String], isCancelled: () -> Bool) throws -> [[Float]] {
    try consent.require(url)
    return try embedder.embed(texts, isCancelled: isCancelled)
  }
}

/// The question whether a service may be asked.
enum ServiceQuestion {
  /// Asks at the terminal, on standard error, and takes a line from standard input.
  ///
  /// - Returns: Nil where one of them is no terminal, or the input ends.
  /// - Throws: ``Hunch/HunchError/interrupted`` after Ctrl-C.
  static func ask(_ origin: ServiceOrigin) throws -> Bool? {
    guard isatty(STDIN_FILENO) == 1, Console.isErrorTerminal else { return nil }
    let key = ProcessInfo.processInfo.environment[EmbeddingClient.keyVariable] ?? ""
    Console.error(text(origin, sendsKey: !key.isEmpty))
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // Ctrl-C is heard in between.
      if poll(&descriptor, 1, 100) == 0 {
        if Interrupts.isStopping { throw HunchError.interrupted }
        continue
      }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else {
        if errno == EINTR { continue }
        return nil
      }
      line.append(byte)
    }
    return isYes(String(decoding: line, as: UTF8.self))
  }

  /// What is asked.
  static func text(_ origin: ServiceOrigin, sendsKey: Bool) -> String {
    "Texts of documents" + (sendsKey ? " and the key in \(EmbeddingClient.keyVariable)" : "")
      + " would be sent to \(origin), for embeddings.\n"
      + "Allow that, now and in future? [y/N] "
  }

  /// Whether a line says yes: what is not plain is no.
  static func isYes(_ line: String) -> Bool {
    ["y", "yes"].contains(line.trimmingCharacters(in: .whitespacesAndNewlines).lowercased())
  }
}
