/// Why labels cannot be given, taken back or imported. Nothing is stored then.
public enum LabelError: ReportableError, Equatable {
  /// A row of a file that cannot be imported.
  case row(path: String, line: Int, column: String, problem: String)
  /// A document that has no label in the workspace.
  case noLabel(id: String)
  /// A line of piped keys that means nothing; what came before it is stored.
  case unknownKey(line: Int, known: String)

  /// How a command that meets this failure ends.
  public var status: ExitStatus {
    switch self {
    case .row, .unknownKey: .badData
    case .noLabel: .usage
    }
  }

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .row(let path, let line, let column, let problem):
      "\(path):\(line): column '\(column)': \(problem)"
    case .noLabel(let id): "the workspace has no label of the document '\(id)'"
    case .unknownKey(let line, _): "standard input:\(line): not a key"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .row: "nothing was imported: correct the file and import it again"
    case .noLabel: "'hunch label DIR --list' shows all"
    case .unknownKey(_, let known): "keys are \(known); what was stored before this line is kept"
    }
  }
}
