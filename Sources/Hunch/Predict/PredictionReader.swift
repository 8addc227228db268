import Foundation
import HunchModels
import HunchText

/// Reads documents out of lines and rows, and predicts them. Each thread has one of its own.
struct PredictionReader: Sendable {
  /// What stands for a document in the input.
  struct Item: Sendable {
    enum Content: Sendable {
      /// A line of the buffer, without its end.
      case line(Range<Int>)
      /// The cells of a row.
      case row([String?])
      /// Nothing that can be read, and why.
      case unreadable(String)
    }

    /// The line on which it begins, from 1.
    var number: Int
    var content: Content
  }

  /// The output of some items.
  struct Piece: Sendable {
    var bytes: [UInt8] = []
    /// Items that could not be read: where their output would stand, their lines, and why.
    var unread: [(end: Int, line: Int, problem: String)] = []
    /// Fields that items lacked.
    var absent: [String: Int] = [:]
  }

  /// Whether lines are JSON objects rather than texts.
  var readsObjects = false

  private let predictor: Predictor
  private let encoder: PredictionEncoder
  private var fields: PredictionFields?
  /// The fields that are looked at: the text first, the id, what is kept, the classifier's.
  private let names: [String]
  private let keys: [[UInt8]]
  /// What is given back, by place among the names, and how it begins in the output: `"key":`.
  private let given: [(place: Int, key: [UInt8])]
  /// The places whose absence is counted for being kept.
  private let counted: [Int]
  /// For each name its column of the table, or nil.
  private var columns: [Int?] = []

  private var scanner = JSONObjectScanner()
  private var scratch: [UInt8] = []
  /// For each name the member of the object under way.
  private var found: [Int?]

  /// Creates a reader.
  ///
  /// - Throws: `EncodingError` when a label or name cannot be written.
  init(_ predictor: Predictor, _ input: PredictionInput) throws {
    self.predictor = predictor
    encoder = try PredictionEncoder(labels: predictor.labels)
    fields = predictor.fields
    let kept = input.keptFields
    var names: [String] = []
    for name in [input.textName, input.idName] + kept + (predictor.fields?.names ?? [])
    where !names.contains(name) {
      names.append(name)
    }
    self.names = names
    keys = names.map { Array($0.utf8) }
    found = names.map { _ in nil }
    let outputNames = [(input.idName, "id")] + kept.map { ($0, $0) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    given = try outputNames.compactMap { name, shown in
      try places[name].map { place in
        (place, [UInt8](try JSONEncoder().encode(shown)) + [UInt8(ascii: ":")])
      }
    }
    counted = given.dropFirst(input.id == nil ? 1 : 0).map(\.place)
  }

  /// Whether what one document brings decides how the next ones are read, so that they are read in
  /// order.
  var learnsFromDocuments: Bool { fields?.learnsEmbeddingLength ?? false }

  /// Finds the fields among the columns of a table.
  ///
  /// - Returns: The first that must be there and is not.
  mutating func find(columns known: [String]) -> String? {
    columns = names.map { known.firstIndex(of: $0) }
    let needed =
      [0] + counted
      + ((fields?.columns.numeric ?? []) + (fields?.columns.categorical ?? []))
      .compactMap { names.firstIndex(of: $0) }
    for place in needed where columns[place] == nil { return names[place] }
    if let fields, case .column = fields.columns.embedding,
      !fields.embeddingKeys.contains(where: known.contains)
    {
      return PredictionFields.embeddingKey
    }
    return nil
  }

  /// A document that was read: what is given back with its answer stands in one array for all.
  private struct Documents {
    var texts = TextBatch()
    var documents: [PredictionDocument] = []
    var members: [UInt8] = []
    var ends: [Int] = [0]
  }

  /// The output lines of some items.
  ///
  /// - Throws: ``EmbeddingError``, ``HunchError/interrupted``; `EncodingError` for a probability
  ///   that is not finite.
  mutating func output(_ items: ArraySlice<Item>, of buffer: [UInt8]) throws -> Piece {
    var piece = Piece()
    var read = Documents()
    var unread: [(document: Int, line: Int, problem: String)] = []
    for item in items {
      do {
        try add(item.content, of: buffer, to: &read, &piece.absent)
      } catch {
        read.members.removeSubrange((read.ends.last ?? 0)...)
        unread.append((read.ends.count - 1, item.number, error.words))
      }
    }
    let probabilities =
      fields == nil
      ? predictor.probabilities(read.texts) : try predictor.probabilities(read.documents)
    let classes = predictor.labels.count
    var rest = unread[...]
    for document in 0..<read.ends.count {
      while rest.first?.document == document {
        let found = rest.removeFirst()
        piece.unread.append((piece.bytes.count, found.line, found.problem))
      }
      if document == read.ends.count - 1 { break }
      try encoder.appendObject(
        probabilities[document * classes..<(document + 1) * classes],
        after: read.members[read.ends[document]..<read.ends[document + 1]], to: &piece.bytes)
      piece.bytes.append(DelimitedScanner.lineFeed)
    }
    return piece
  }

  private mutating func add(
    _ content: Item.Content, of buffer: [UInt8], to read: inout Documents,
    _ absent: inout [String: Int]
  ) throws(InputProblem) {
    let text: String
    var values: [String: Any] = [:]
    switch content {
    case .unreadable(let words): throw InputProblem(words)
    case .row(let cells):
      text = columns[0].flatMap { cells[$0] } ?? ""
      give(cells, to: &read.members)
      if fields != nil {
        for (name, column) in zip(names, columns) {
          guard let column, let cell = cells[column] else { continue }
          // As an import takes empty cells.
          values[name] = cell.isEmpty ? NSNull() : cell
        }
      }
    case .line(let line) where readsObjects:
      if buffer[line].allSatisfy(JSONObjectScanner.isSpace) { return }
      text = try object(line, of: buffer, to: &read.members, &absent)
      if fields != nil { values = try fieldValues(buffer) }
    case .line(let line):
      guard let valid = String(validating: buffer[line], as: UTF8.self) else {
        throw InputProblem("\(RowProblem.invalidUTF8(column: nil))")
      }
      text = valid
    }
    if fields == nil {
      read.texts.append(text)
    } else if let document = try fields?.read(text, values, absent: &absent) {
      read.documents.append(document)
    }
    read.ends.append(read.members.count)
  }

  /// Reads an object: its text, and what of it is given back.
  private mutating func object(
    _ line: Range<Int>, of buffer: [UInt8], to members: inout [UInt8],
    _ absent: inout [String: Int]
  ) throws(InputProblem) -> String {
    do throws(JSONObjectScanner.Failure) {
      try scanner.scan(buffer, line)
    } catch {
      throw InputProblem("\(RowProblem(error, from: line.lowerBound))")
    }
    if String(validating: buffer[line], as: UTF8.self) == nil {
      throw InputProblem("\(RowProblem.invalidUTF8(column: nil))")
    }
    try findMembers(buffer)
    guard let place = found[0], scanner.members[place].kind == .string,
      let text = JSONObjectScanner.text(buffer, scanner.members[place].value, &scratch)
    else { throw InputProblem("the object has no text '\(names[0])'") }
    let begin = members.count
    for (place, key) in given {
      guard let index = found[place] else { continue }
      if members.count > begin { members.append(UInt8(ascii: ",")) }
      members.append(contentsOf: key)
      let member = scanner.members[index]
      // A string with its quotes; all as it stands.
      let (range, quote) = (member.value.range, member.kind == .string ? 1 : 0)
      members.append(contentsOf: buffer[range.lowerBound - quote..<range.upperBound + quote])
    }
    for place in counted where found[place] == nil { absent[names[place], default: 0] += 1 }
    return text
  }

  /// Finds the member of each name.
  private mutating func findMembers(_ buffer: [UInt8]) throws(InputProblem) {
    for place in found.indices { found[place] = nil }
    for (index, member) in scanner.members.enumerated() {
      let place =
        member.key.hasEscapes
        ? JSONObjectScanner.text(buffer, member.key, &scratch).flatMap(names.firstIndex(of:))
        : keys.firstIndex { buffer[member.key.range].elementsEqual($0) }
      guard let place else { continue }
      if found[place] != nil {
        throw InputProblem("\(RowProblem.repeatedKey(column: names[place]))")
      }
      found[place] = index
    }
  }

  /// The values of all names that the object has, as Foundation gives them.
  private mutating func fieldValues(_ buffer: [UInt8]) throws(InputProblem) -> [String: Any] {
    var values: [String: Any] = [:]
    for (name, index) in zip(names, found) {
      guard let index else { continue }
      let member = scanner.members[index]
      switch member.kind {
      case .null: values[name] = NSNull()
      case .string: values[name] = JSONObjectScanner.text(buffer, member.value, &scratch)
      case .other:
        values[name] = try? JSONSerialization.jsonObject(
          with: Data(buffer[member.value.range]), options: .fragmentsAllowed)
        if values[name] == nil { throw InputProblem("'\(name)' is out of range") }
      }
    }
    return values
  }

  /// Gives cells of a row back, as texts.
  private mutating func give(_ cells: [String?], to members: inout [UInt8]) {
    let begin = members.count
    for (place, key) in given {
      guard let column = columns[place] else { continue }
      if members.count > begin { members.append(UInt8(ascii: ",")) }
      members.append(contentsOf: key)
      PredictionEncoder.append(cells[column] ?? "", to: &members)
    }
  }
}
