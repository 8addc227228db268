import Foundation

/// How the input of `hunch predict` is read, and what of it comes back with the answers.
package struct PredictionInput: Sendable {
  /// How documents stand in the input.
  package enum Format: String, Sendable, CaseIterable {
    /// Every line is a text.
    case lines
    /// Every line is a JSON object; blank lines are passed over.
    case jsonl
    /// A header, and a document in each row.
    case csv, tsv

    /// The format that the ending of a file's name says; nil for any other ending.
    package init?(path: String) {
      let table = TableFormat(path: path)
      // An array over several lines is told line by line, rather than labelled.
      let isJSON = table == nil && path.lowercased().hasSuffix(".json")
      self.init(rawValue: isJSON ? "jsonl" : table?.rawValue ?? "")
    }

    /// The format of a table; nil where lines are read.
    var table: TableFormat? { self == .jsonl ? nil : TableFormat(rawValue: rawValue) }
  }

  /// The most bytes of a line, unless somebody asks for less: as of a row of a table.
  package static let lineLimit = TableReader.rowLimit

  /// The format; nil finds it out: by the ending of the file's name, else by the first line that is
  /// not blank: JSONL if that is an object with a text, else lines.
  package var format: Format?
  /// The field that holds the text; nil for `text`.
  package var text: String?
  /// The field that identifies a document; nil for `id`, if there is one.
  package var id: String?
  /// The fields that answers give back.
  package var keep: [String]
  /// The most bytes of a line.
  package var lineLimit: Int

  package init(
    format: Format? = nil, text: String? = nil, id: String? = nil, keep: [String] = [],
    lineLimit: Int = PredictionInput.lineLimit
  ) {
    self.format = format
    self.text = text
    self.id = id
    self.keep = keep
    self.lineLimit = lineLimit
  }

  /// The field that holds the text.
  var textName: String { text ?? "text" }
  /// The field that identifies a document.
  var idName: String { id ?? "id" }
  /// Whether fields are named, which plain lines do not have.
  var namesFields: Bool { text != nil || id != nil || !keep.isEmpty }

  /// The keys of answers that no kept field may take.
  static let answerKeys = ["id", "label", "probabilities"]

  /// The kept field whose name an answer has for something else, or that is kept twice.
  package var takenName: String? {
    var taken = Set(Self.answerKeys)
    return keptFields.first { !taken.insert($0).inserted }
  }

  /// What is given back beside the id.
  var keptFields: [String] { keep.filter { $0 != idName } }

  /// Whether a line begins JSONL.
  func beginsObjects(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    var scanner = JSONObjectScanner()
    do { try scanner.scan(bytes, line) } catch { return false }
    if namesFields { return true }
    return scanner.members.contains { member in
      member.kind == .string && bytes[member.key.range].elementsEqual(textName.utf8)
    }
  }
}
