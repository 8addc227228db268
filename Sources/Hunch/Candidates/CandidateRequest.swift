/// What to make candidates of: documents with two entities, for rules about a ``MentionPair``.
///
/// For example, one candidate for each two companies that a sentence names, in either order:
///
///     var request = CandidateRequest(sentences: "news.jsonl", first: "companies")
///     request.bothOrders = true
///     let report = try CandidateExtractor(project, request).run(output: "candidates.jsonl")
package struct CandidateRequest: Sendable, Equatable {
  /// The table of sentences: CSV, TSV or JSONL, or `-` for standard input.
  package var sentences: String
  /// The knowledge base whose entities may be first.
  package var first: String
  /// The one whose entities may be second; `nil` for the same.
  package var second: String?
  /// Whether two entities of one base make two candidates, one in either order, and not one in the
  /// order in which the sentence first names them.
  package var bothOrders = false
  /// The most words between the two mentions.
  package var within: Int?
  /// Whether the text keeps its names instead of markers.
  package var keepsNames = false
  /// The most words that the text has on either side of the two mentions; `nil` for all of it.
  package var window: Int?
  /// The column that identifies a sentence; `nil` for `id`, or the rows' numbers where there is no
  /// such column.
  package var id: String?
  /// The column with the sentence.
  package var text = "text"
  /// The format of the sentences; `nil` takes it from the file's ending.
  package var format: TableFormat?

  /// Describes candidates of one base's entities.
  package init(sentences: String, first: String) {
    (self.sentences, self.first) = (sentences, first)
  }
}

/// What an extraction of candidates came to.
package struct CandidateReport: Codable, Sendable, Equatable {
  /// The sentences read.
  package var sentences = 0
  /// The sentences that make no candidate.
  package var withoutPair = 0
  /// How often entities are named.
  package var mentions = 0
  /// The mentions that may be one of several entities; they are left out.
  package var ambiguousMentions = 0
  /// The pairs with too many words between them.
  package var tooFar = 0
  /// The candidates written.
  package var candidates = 0
  /// Where they were written; `-` is standard output.
  package var output: String
}

/// Why candidates could not be made. No message carries text of a sentence.
package enum CandidateError: ReportableError, Equatable {
  case unknownBase(String, known: [String])
  /// The sentences have a column that candidates have too.
  case columnTaken(path: String, column: String)
  case noID(path: String, line: Int)
  case repeatedID(path: String, line: Int)
  /// The sentences would be written over.
  case sameFile(path: String)

  package var status: ExitStatus {
    switch self {
    case .unknownBase: .badConfiguration
    case .columnTaken, .noID, .repeatedID: .badData
    case .sameFile: .usage
    }
  }

  package var description: String {
    switch self {
    case .unknownBase(let name, _): "hunch.yaml names no knowledge base '\(name)'"
    case .columnTaken(let path, let column):
      "\(path): the column '\(column)' would stand twice in the candidates"
    case .sameFile(let path): "\(path) holds the sentences and would be written over"
    case .noID(let path, let line): "\(path):\(line): the sentence has no id"
    case .repeatedID(let path, let line): "\(path):\(line): an earlier sentence has the same id"
    }
  }

  package var hint: String? {
    switch self {
    case .unknownBase(let name, let known): suggestion(for: name, in: known)
    case .columnTaken: "rename it"
    case .sameFile: "write the candidates to another file"
    case .noID, .repeatedID: "give every sentence an id of its own, or none of them"
    }
  }
}
