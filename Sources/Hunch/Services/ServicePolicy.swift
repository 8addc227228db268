/// Whether a service may get the texts of documents.
///
/// An address in `hunch.yaml` or in a model file was chosen by whoever made that file, so somebody
/// has to allow it: once, for a whole origin. This machine, and what the environment names, need no
/// leave.
package struct ServicePolicy: Sendable {
  /// What comes of an address.
  package enum Decision: Sendable, Equatable {
    /// It may be asked.
    case given
    /// It may be asked, and is to be remembered.
    case givenNow
    /// Somebody has to be asked first.
    case open
  }

  /// Origins that the command line allows.
  package var allowed: Set<ServiceOrigin>
  /// Origins of addresses that the environment names.
  package var named: Set<ServiceOrigin>
  /// Origins that were allowed before.
  package var remembered: Set<ServiceOrigin>

  package init(
    allowed: Set<ServiceOrigin> = [], named: Set<ServiceOrigin> = [],
    remembered: Set<ServiceOrigin> = []
  ) {
    (self.allowed, self.named, self.remembered) = (allowed, named, remembered)
  }

  /// What comes of an origin.
  package func decision(_ origin: ServiceOrigin) -> Decision {
    if origin.isLoopback || named.contains(origin) || remembered.contains(origin) { return .given }
    return allowed.contains(origin) ? .givenNow : .open
  }
}

/// Why a service is not asked. Nothing was sent.
package enum ServiceConsentError: ReportableError, Equatable {
  /// Nobody has allowed texts to be sent to an origin.
  case notAllowed(origin: String)
  /// Somebody was asked and said no.
  case refused(origin: String)
  /// What is given on the command line is no address of a service.
  case badAddress(option: String)

  package var status: ExitStatus {
    switch self {
    case .notAllowed, .refused: .badConfiguration
    case .badAddress: .usage
    }
  }

  package var description: String {
    switch self {
    case .notAllowed(let origin):
      "texts would be sent to \(origin), which nobody has allowed yet; nothing was sent"
    case .refused(let origin): "texts may not be sent to \(origin); nothing was sent"
    case .badAddress(let option): "\(option) takes an address such as https://api.example.com"
    }
  }

  package var hint: String? {
    switch self {
    case .notAllowed(let origin), .refused(let origin):
      "'--allow-service \(origin)' allows it, and remembers that"
    case .badAddress: nil
    }
  }
}
