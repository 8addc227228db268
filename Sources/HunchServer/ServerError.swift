package import Hunch

/// Why a server cannot start. The wording stands below, in one place.
package enum ServerError: ReportableError {
  case portInUse(ServerAddress)
  case portForbidden(ServerAddress)
  case unknownHost(String)
  case cannotListen(ServerAddress, problem: String)

  package var status: ExitStatus {
    switch self {
    case .portInUse: .busy
    case .portForbidden: .cannotCreate
    case .unknownHost: .usage
    case .cannotListen: .inputOutput
    }
  }

  package var description: String {
    switch self {
    case .portInUse(let address):
      "port \(address.port) of \(address.host) is in use by another process"
    case .portForbidden(let address):
      "port \(address.port) of \(address.host): the system does not allow this user to listen there"
    case .unknownHost(let host): "'\(host)' is no address of this machine"
    case .cannotListen(let address, let problem): "cannot listen on \(address.url): \(problem)"
    }
  }

  package var hint: String? {
    switch self {
    case .portInUse: "stop that process, choose another --port, or --port 0 for a free one"
    case .portForbidden: "choose a --port from 1024 on"
    case .unknownHost: "--host takes 127.0.0.1 (this machine only) or 0.0.0.0 (all networks)"
    case .cannotListen: nil
    }
  }
}
