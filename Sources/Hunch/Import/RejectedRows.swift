/// Counts the rows that are not imported and writes them to a file where one is asked for.
struct RejectedRows {
  private let writer: TableWriter?
  private let withContent: Bool
  private var counts: [String: Int] = [:]
  private(set) var count = 0
  /// What to do about the problem that comes first in the file, by reason.
  private var advice: [String: String] = [:]
  /// Bytes of rows that are not UTF-8, which show what the file is instead.
  private var sample: [UInt8] = []

  private static let sampleSize = 4096

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
    (counts, count) = ([:], 0)
    (advice, sample) = ([:], [])
  }

  /// Rejects the row that was read last for what is wrong with it.
  mutating func reject(
    _ reader: TableReader, line: Int, problem: RowProblem
  ) throws(TableError) {
    if advice[problem.reason] == nil { advice[problem.reason] = problem.hint }
    if case .invalidUTF8 = problem, sample.count < Self.sampleSize {
      sample += reader.lastRowBytes.prefix(Self.sampleSize)
    }
    try reject(reader, line: line, reason: problem.reason, detail: problem.description)
  }

  /// The most frequent reason, but for further rows with a key, of which no harm comes.
  var mainReason: String {
    reasons.first { $0.reason != RejectionReason.duplicateKey }?.reason ?? ""
  }

  /// What to do about the most frequent reason.
  var mainAdvice: String {
    if !sample.isEmpty, mainReason == RowProblem.invalidUTF8(column: nil).reason {
      return "the file may be in another encoding, say --encoding \(TextEncoding.guess(sample))"
    }
    return advice[mainReason] ?? "look at the file"
  }

  /// Rejects the row that was read last.
  ///
  /// - Parameters:
  ///   - reason: What rows are counted under.
  ///   - detail: What is written to the file in place of that.
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
