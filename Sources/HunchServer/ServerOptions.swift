/// Where a ``PredictionServer`` listens and what it accepts.
package struct ServerOptions: Sendable {
  /// The name or address of the interface, such as `127.0.0.1`, `0.0.0.0` or `::1`.
  package var host: String

  /// The TCP port; 0 takes a free one.
  package var port: Int

  /// Names and addresses that requests may have in `Host`, beside ``host`` and those of loopback.
  package var allowedHosts: [String] = []

  /// The most bytes that the body of a request may have.
  package var bodyLimit = 1 << 20

  /// The most texts that a request may have.
  package var textLimit = 10_000

  /// The most connections at a time, if the process may have as many; for more, those that have
  /// waited for longest are closed.
  package var connectionLimit = 1_024

  /// How long a connection may be without a request.
  package var idleTimeout = Duration.seconds(60)

  /// How long the body of a request may take.
  package var bodyTimeout = Duration.seconds(30)

  /// How long a client may take nothing of an answer.
  package var readerTimeout = Duration.seconds(30)

  /// The number of threads for large requests, at least 1. Small ones are answered beside them.
  package var threads = 1

  /// How long requests under way may take once the server is told to stop.
  package var grace = Duration.seconds(10)

  package init(host: String = "127.0.0.1", port: Int = 8080) {
    self.host = host
    self.port = port
  }
}

/// Where a server listens.
package struct ServerAddress: Sendable, Equatable {
  /// The host as it was given.
  package let host: String
  /// The port, also where a free one was asked for.
  package let port: Int

  package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

  /// The address for a client: `http://127.0.0.1:8080`.
  package var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
