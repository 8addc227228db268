import HunchLabeling

/// The rows of a file with one column for each function.
///
/// In JSON, a function that is called `id` stands with all others in an object `votes`, beside the id.
final class VoteRows {
  /// The functions, in the order of the columns.
  let functions: [String]
  private let reader: TableReader
  private let idColumn: Int
  /// The places of the functions' columns; nil where they stand in an object.
  private let voteColumns: [Int]?
  private let objectColumn: Int

  static let id = "id"
  static let object = "votes"

  /// Opens a file and finds its columns.
  ///
  /// - Throws: ``HunchError/votesHeader(path:problem:hint:)``, ``TableError``.
  init(path: String) throws {
    reader = try TableReader(path: path, firstColumnMayRepeat: true)
    let columns = reader.columns
    guard let idColumn = columns.firstIndex(of: Self.id) else {
      throw Self.withoutID(path, columns)
    }
    self.idColumn = idColumn
    objectColumn = columns.firstIndex(of: Self.object) ?? idColumn
    if reader.format == .jsonl, columns.count == 2, objectColumn != idColumn,
      let functions = try Self.functions(inObjects: path)
    {
      voteColumns = nil
      self.functions = functions
      return
    }
    let voteColumns = columns.indices.filter {
      $0 != idColumn && !($0 == 0 && Self.isIndex(columns[0]))
    }
    if let nameless = voteColumns.first(where: { columns[$0].trimmed.isEmpty }) {
      throw HunchError.votesHeader(
        path: path, problem: "column \(nameless + 1) of the header has no name",
        hint: "give it the name of a function, or leave it out")
    }
    functions = voteColumns.map { columns[$0] }
    self.voteColumns = voteColumns
    if functions.isEmpty {
      throw HunchError.votesHeader(
        path: path, problem: "the header names no function beside 'id'", hint: nil)
    }
  }

  /// Whether a first column holds the row numbers that data frames are written with.
  private static func isIndex(_ column: String) -> Bool {
    column.trimmed.isEmpty
      || (column.hasPrefix("Unnamed: ") && Int(column.dropFirst("Unnamed: ".count)) != nil)
  }

  private static func withoutID(_ path: String, _ columns: [String]) -> HunchError {
    var hint = crowdHint(columns)
    if let near = nearest(id, in: columns) {
      hint = "rename the column '\(near)' to '\(id)'"
    } else if let first = columns.first, isIndex(first) {
      hint = "the first column has no name: write the table with index_label='\(id)'"
    }
    return .votesHeader(path: path, problem: "the header has no column '\(id)'", hint: hint)
  }

  /// What to do where the file seems to hold one answer of a worker in each row.
  var crowdHint: String? { Self.crowdHint(reader.columns) }

  /// What to do with a file that has one of these columns, if it is that of the workers.
  static func crowdHint(_ columns: [String]) -> String? {
    let worker = columns.first { column in
      let name = column.lowercased()
      return ["who", "user", "rater", "coder"].contains(name)
        || ["worker", "annotator", "labeler", "labeller"].contains { name.contains($0) }
    }
    return worker.map {
      "if each row is one answer of a worker, say in hunch.yaml which column names the worker: "
        + "'worker: \($0)'"
    }
  }

  func next() throws -> (id: String, cells: [String?], line: Int)? {
    guard let row = try reader.next() else { return nil }
    let id = row.values[idColumn] ?? ""
    if let voteColumns { return (id, voteColumns.map { row.values[$0] }, row.line) }
    var cells: [String: String] = [:]
    for (function, cell) in Self.members(row.values[objectColumn] ?? "{}") ?? [] {
      cells[function] = cell
    }
    return (id, functions.map { cells[$0] }, row.line)
  }

  // MARK: - Objects

  /// The functions in the objects of a file; nil where the first row has none.
  private static func functions(inObjects path: String) throws -> [String]? {
    let reader = try TableReader(path: path, columns: [object])
    var functions: [String] = []
    var known: Set<String> = []
    while let row = try reader.next() {
      guard let text = row.values[0] else { continue }
      guard let members = members(text) else { return nil }
      for (function, _) in members where known.insert(function).inserted {
        functions.append(function)
      }
    }
    return functions.isEmpty ? nil : functions
  }

  /// The members of a JSON object; nil for another value.
  private static func members(_ object: String) -> [(String, String?)]? {
    let bytes = Array(object.utf8)
    var scanner = JSONObjectScanner()
    guard (try? scanner.scan(bytes, 0..<bytes.count)) != nil else { return nil }
    var scratch: [UInt8] = []
    func text(_ text: JSONObjectScanner.Text) -> String? {
      JSONObjectScanner.text(bytes, text, &scratch)
    }
    return scanner.members.compactMap { member in
      text(member.key).map { ($0, member.kind == .null ? nil : text(member.value)) }
    }
  }
}
