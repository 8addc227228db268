/// A sentence of a table.
struct Sentence {
  var id: String
  var text: String
  /// The values of the other columns.
  var carried: [TableValue]
}

/// Reads sentences from a table and checks their ids.
final class SentenceReader {
  /// The columns beside id and text.
  let carriedColumns: [String]

  private let path: String
  private let reader: TableReader
  private let idColumn: Int?
  private let textColumn: Int
  private var ids: Set<String> = []

  /// - Throws: ``TableError`` where the table cannot be read or lacks a column.
  init(_ request: CandidateRequest) throws(TableError) {
    path = request.sentences
    let format = request.format ?? (path == TablePath.standard ? .jsonl : nil)
    reader = try TableReader(path: path, format: format)
    let columns = reader.columns
    idColumn = columns.firstIndex(of: request.id ?? "id")
    guard let textColumn = columns.firstIndex(of: request.text) else {
      throw .missingColumn(path: path, column: request.text, known: columns)
    }
    if let id = request.id, idColumn == nil {
      throw .missingColumn(path: path, column: id, known: columns)
    }
    self.textColumn = textColumn
    carriedColumns = columns.indices.filter { [idColumn] in $0 != idColumn && $0 != textColumn }
      .map { columns[$0] }
  }

  /// The next sentences, at most `limit`; none at the end.
  ///
  /// - Throws: ``TableError`` for a row that cannot be read, ``CandidateError`` for one without an
  ///   id or with that of an earlier one.
  func next(_ limit: Int) throws -> [Sentence] {
    var sentences: [Sentence] = []
    while sentences.count < limit, let row = try reader.next() {
      let id: String
      if let idColumn {
        id = row.values[idColumn] ?? ""
        if id.isEmpty { throw CandidateError.noID(path: path, line: row.line) }
        guard ids.insert(id).inserted else {
          throw CandidateError.repeatedID(path: path, line: row.line)
        }
      } else {
        id = String(row.number)
      }
      sentences.append(
        Sentence(
          id: id, text: row.values[textColumn] ?? "",
          carried: row.values.indices.filter { $0 != idColumn && $0 != textColumn }
            .map { row.values[$0].map(TableValue.text) ?? .null }))
    }
    return sentences
  }
}
