/// What to make candidates of: documents with two entities, for rules about a ``MentionPair``.
///
/// For example, one candidate for each two companies that a sentence names, in either order:
///
///     var request = CandidateRequest(sentences: "news.jsonl", first: "companies")
///     request.bothOrders = true
///     let report = try CandidateExtractor(project, request).run(output: "candidates.jsonl")
public struct CandidateRequest: Sendable, Equatable {
  /// The table of sentences: CSV, TSV or JSONL, or `-` for standard input.
  public var sentences: String
  /// The knowledge base whose entities may be first.
  public var first: String
  /// The one whose entities may be second; `nil` for the same.
  public var second: String?
  /// Whether two entities of one base make two candidates, one in either order, and not one in the
  /// order in which the sentence first names them.
  public var bothOrders = false
  /// The most words between the two mentions.
  public var within: Int?
  /// Whether the text keeps its names instead of markers.
  public var keepsNames = false
  /// The most words that the text has on either side of the two mentions; `nil` for all of it.
  public var window: Int?
  /// The column that identifies a sentence; `nil` for `id`, or the rows' numbers where there is no
  /// such column.
  public var id: String?
  /// The column with the sentence.
  public var text = "text"
  /// The format of the sentences; `nil` takes it from the file's ending.
  public var format: TableFormat?

  /// Describes candidates of one base's entities.
  public init(sentences: String, first: String) {
    (self.sentences, self.first) = (sentences, first)
  }
}

/// What an extraction of candidates came to.
public struct CandidateReport: Codable, Sendable, Equatable {
  /// The sentences read.
  public var sentences = 0
  /// The sentences that make no candidate.
  public var withoutPair = 0
  /// How often entities are named.
  public var mentions = 0
  /// The mentions that may be one of several entities; they are left out.
  public var ambiguousMentions = 0
  /// The pairs with too many words between them.
  public var tooFar = 0
  /// The candidates written.
  public var candidates = 0
  /// Where they were written; `-` is standard output.
  public var output: String
}

/// Why candidates could not be made. No message carries text of a sentence.
public enum CandidateError: ReportableError, Equatable {
  case unknownBase(String, known: [String])
  /// The sentences have a column that candidates have too.
  case columnTaken(path: String, column: String)
  case noID(path: String, line: Int)
  case repeatedID(path: String, line: Int)
  /// The sentences would be written over.
  case sameFile(path: String)

  /// How a command that meets this failure ends.
  public var status: ExitStatus {
    switch self {
    case .unknownBase: .badConfiguration
    case .columnTaken, .noID, .repeatedID: .badData
    case .sameFile: .usage
    }
  }

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .unknownBase(let name, _): "hunch.yaml names no knowledge base '\(name)'"
    case .columnTaken(let path, let column):
      "\(path): the column '\(column)' would stand twice in the candidates"
    case .sameFile(let path): "\(path) holds the sentences and would be written over"
    case .noID(let path, let line): "\(path):\(line): the sentence has no id"
    case .repeatedID(let path, let line): "\(path):\(line): an earlier sentence has the same id"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownBase(let name, let known): suggestion(for: name, in: known)
    case .columnTaken: "rename it"
    case .sameFile: "write the candidates to another file"
    case .noID, .repeatedID: "give every sentence an id of its own, or none of them"
    }
  }
}
