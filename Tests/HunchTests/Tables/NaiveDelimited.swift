import Hunch

/// A CSV reader that is slow and obvious: the whole file in memory, one byte after the other.
struct NaiveDelimited {
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var index = 0
  private var line = 1

  init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
    self.bytes = bytes
    self.delimiter = delimiter
  }

  /// Reads everything. Fields are named by the header where it could be read.
  static func read(_ bytes: [UInt8], path: String) -> Reading {
    var reader = NaiveDelimited(bytes)
    var reading = Reading()
    guard let header = reader.row(nil) else {
      reading.failure = .empty(path: path)
      return reading
    }
    switch header {
    case .bad(let problem, let line):
      reading.failure = .badHeader(path: path, line: line, problem: problem)
      return reading
    case .row(let values, _):
      reading.columns = values.map { $0 ?? "" }
      // Separators behind the last name.
      if reading.columns.contains(where: { !$0.isEmpty }) {
        while reading.columns.last == "" { reading.columns.removeLast() }
      }
    }
    for (index, name) in reading.columns.enumerated()
    where reading.columns[..<index].contains(name) {
      let column = name
      reading = Reading()
      reading.failure = .duplicateColumn(path: path, column: column)
      return reading
    }
    while let outcome = reader.row(reading.columns) { reading.outcomes.append(outcome) }
    return reading
  }

  private mutating func row(_ names: [String]?) -> Outcome? {
    while index < bytes.count, isLineEnd(index) { stepOverLineEnd() }
    if index == bytes.count { return nil }
    let firstLine = line
    var fields: [[UInt8]] = []
    var tail: Int?
    var quotes: [(field: Int, index: Int, line: Int, hasLines: Bool)] = []
    while true {
      if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
        let open = index
        let lineOfOpen = line
        index += 1
        guard let field = quoted() else {
          index = open
          line = lineOfOpen
          while index < bytes.count, !isLineEnd(index) { index += 1 }
          return .bad(.unterminatedQuote(column: Self.name(fields.count, names)), line: firstLine)
        }
        quotes.append((fields.count, open, lineOfOpen, line > lineOfOpen))
        let rest = plain()
        if !rest.isEmpty, tail == nil { tail = fields.count }
        fields.append(field)
      } else {
        fields.append(plain())
      }
      if index == bytes.count { break }
      if isLineEnd(index) {
        stepOverLineEnd()
        break
      }
      index += 1
    }
    // Text behind a quoted field of several lines: these were no quotes.
    if let tail, names != nil, let quote = quotes.first(where: { $0.field >= tail && $0.hasLines })
    {
      (index, line) = (quote.index, quote.line)
      while !isLineEnd(index) { index += 1 }
      return .bad(.unterminatedQuote(column: Self.name(quote.field, names)), line: firstLine)
    }
    if let names, tail == nil, fields.count > names.count,
      fields[names.count...].allSatisfy(\.isEmpty)
    {
      fields.removeLast(fields.count - names.count)
    }
    if let tail { return .bad(.textAfterQuote(column: Self.name(tail, names)), line: firstLine) }
    if let names, names.count != fields.count {
      return .bad(.fieldCount(found: fields.count, expected: names.count), line: firstLine)
    }
    return decoded(fields, names, firstLine)
  }

  private func decoded(_ fields: [[UInt8]], _ names: [String]?, _ line: Int) -> Outcome {
    var values: [String?] = []
    for (place, field) in fields.enumerated() {
      guard let value = String(validating: field, as: UTF8.self) else {
        return .bad(.invalidUTF8(column: Self.name(place, names)), line: line)
      }
      values.append(value)
    }
    return .row(values, line: line)
  }

  /// The field after its opening quote; `nil` where it does not end.
  private mutating func quoted() -> [UInt8]? {
    var field: [UInt8] = []
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\"") {
        index += 1
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return field }
        field.append(UInt8(ascii: "\""))
        index += 1
      } else if isLineEnd(index) {
        let start = index
        stepOverLineEnd()
        field += bytes[start..<index]
      } else {
        field.append(bytes[index])
        index += 1
      }
    }
    return nil
  }

  private mutating func plain() -> [UInt8] {
    let start = index
    while index < bytes.count, !isLineEnd(index), bytes[index] != delimiter { index += 1 }
    return Array(bytes[start..<index])
  }

  private func isLineEnd(_ index: Int) -> Bool { bytes[index] == 10 || bytes[index] == 13 }

  private mutating func stepOverLineEnd() {
    line += 1
    let isPair = bytes[index] == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
    index += isPair ? 2 : 1
  }

  private static func name(_ field: Int, _ names: [String]?) -> String? {
    guard let names, field < names.count else { return nil }
    return names[field]
  }
}
