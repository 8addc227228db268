import Hunch
import Synchronization

/// What the server counts, as Prometheus reads it. No text and nothing of a request is in it.
final class ServerMetrics: Sendable {
  /// The upper ends of the buckets of request times, in seconds.
  static let bounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  private struct Request: Hashable {
    var route: Route?
    var status: Int
  }

  private struct State {
    var requests: [Request: Int] = [:]
    /// One more than there are bounds.
    var buckets: [Int]
    var seconds = 0.0
    var labels: [Int]
  }

  private let names: [String]
  private let state: Mutex<State>

  init(labels: [String]) {
    names = labels
    state = Mutex(
      State(
        buckets: [Int](repeating: 0, count: Self.bounds.count + 1),
        labels: [Int](repeating: 0, count: labels.count)))
  }

  /// Counts a request that was answered.
  func count(_ route: Route?, status: Int, seconds: Double) {
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    state.withLock { state in
      state.requests[Request(route: route, status: status), default: 0] += 1
      state.buckets[bucket] += 1
      state.seconds += seconds
    }
  }

  /// Counts labels that were given, by class.
  func count(labels: some Sequence<Int>) {
    state.withLock { state in for label in labels { state.labels[label] += 1 } }
  }

  /// The text form, version 0.0.4.
  func text(_ connections: Connections) -> String {
    let state = state.withLock { $0 }
    var lines: [String] = []
    func begin(_ name: String, _ type: String, _ help: String) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
    }
    begin("hunch_requests_total", "counter", "Requests answered, by route and status.")
    let requests = state.requests.map { request, count in
      let route = request.route?.rawValue ?? "other"
      return "hunch_requests_total{route=\"\(route)\",status=\"\(request.status)\"} \(count)"
    }
    lines += requests.sorted()
    begin("hunch_request_seconds", "histogram", "Time from the head of a request to its answer.")
    var sum = 0
    for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], state.buckets) {
      sum += count
      lines.append("hunch_request_seconds_bucket{le=\"\(bound)\"} \(sum)")
    }
    lines += ["hunch_request_seconds_sum \(state.seconds)", "hunch_request_seconds_count \(sum)"]
    begin("hunch_labels_total", "counter", "Texts answered, by label.")
    for (name, count) in zip(names, state.labels) {
      lines.append("hunch_labels_total{label=\"\(Self.escaped(name))\"} \(count)")
    }
    begin("hunch_connections", "gauge", "Connections that are open.")
    lines.append("hunch_connections \(connections.count)")
    begin("hunch_connections_closed_total", "counter", "Connections closed by the server.")
    for (reason, count) in connections.closed {
      lines.append("hunch_connections_closed_total{reason=\"\(reason.rawValue)\"} \(count)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ label: String) -> String {
    label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
