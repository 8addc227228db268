import Foundation

/// A file of votes made elsewhere: header `id,<function>,…`, one row per document.
///
/// Documents that the file does not name are abstained on; rows that name no document are counted.
struct VoteFile: VoteSource {
  let path: String
  /// The functions, one per column beside `id`.
  let functions: [SourceFunction]
  let content: String

  let version = "votes-file-2"

  init(path: String) throws {
    self.path = path
    functions = try VoteRows(path: path).functions.map {
      SourceFunction(name: $0, kind: "votes-file", place: $0)
    }
    content = try ContentHash.file(path)
  }

  var parts: [(name: String, text: String)] { [("votes file", content)] }

  /// Reads the whole file.
  ///
  /// - Throws: ``HunchError`` for a cell that is no class or a second row for an id;
  ///   ``TableError`` for a malformed row.
  func read(
    labels: [String], models: ModelStore,
    _ take: (_ id: String, _ votes: [Int16], _ rows: Int) throws -> Bool
  ) throws {
    let rows = try VoteRows(path: path)
    let parser = VoteParser(labels: labels)
    while let row = try rows.next() {
      var votes: [Int16] = []
      for (column, cell) in row.cells.enumerated() {
        guard let vote = parser.vote(cell) else {
          var problem = parser.problem(cell ?? "")
          problem.hint = problem.hint ?? rows.crowdHint
          throw HunchError.badCell(
            path: path, line: row.line, column: rows.functions[column], problem)
        }
        votes.append(vote)
      }
      if try !take(row.id, votes, 1) {
        throw HunchError.duplicateVote(path: path, line: row.line, hint: rows.crowdHint)
      }
    }
  }
}
