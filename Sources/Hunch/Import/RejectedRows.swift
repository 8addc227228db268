/// Counts the rows that are not imported and writes them to a file where one is asked for.
struct RejectedRows {
  private let writer: TableWriter?
  private let withContent: Bool
  private var counts: [String: Int] = [:]
  private(set) var count = 0

  init(_ request: ImportRequest) throws(TableError) {
    withContent = request.rejectedContent
    var columns = ["file", "line", "reason"]
    if withContent { columns.append("row") }
    if let path = request.rejected {
      writer = try TableWriter(path: path, columns: columns)
    } else {
      writer = nil
    }
  }

  /// Begins to count for the next file.
  mutating func begin() {
    counts = [:]
    count = 0
  }

  /// Rejects the row that was read last.
  ///
  /// - Parameters:
  ///   - reason: What rows are counted under.
  ///   - detail: What the file says; without a detail the reason.
  mutating func reject(
    _ reader: TableReader, line: Int, reason: String, detail: String? = nil
  ) throws(TableError) {
    counts[reason, default: 0] += 1
    count += 1
    guard let writer else { return }
    var values: [TableValue] = [
      .text(reader.path), .integer(line), .text(detail ?? reason),
    ]
    if withContent { values.append(.text(reader.lastRowText)) }
    try writer.write(values)
  }

  /// The counts, the most frequent reason first.
  var reasons: [ImportReport.Rejection] {
    counts.map { ImportReport.Rejection(reason: $0, rows: $1) }
      .sorted { ($1.rows, $0.reason) < ($0.rows, $1.reason) }
  }

  /// The rows rejected for one reason.
  func count(_ reason: String) -> Int { counts[reason] ?? 0 }

  /// Gives the file its name.
  func finish() throws(TableError) { try writer?.finish() }
}
