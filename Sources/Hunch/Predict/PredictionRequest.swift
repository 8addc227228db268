package import HunchText

/// The texts that the body of a request asks to classify: `{"text": "…"}`, `{"texts": ["…", …]}` or
/// `["…", …]`; other keys are passed over. Objects are read as ``PredictionStream`` reads lines.
package enum PredictionRequest: Equatable, Sendable {
  case one(String)
  case many(TextBatch)

  /// What is wrong with a body; numbers are all that a case carries of it.
  package enum Problem: Error, Equatable {
    case notUTF8
    case notJSON
    case noText
    case textAndTexts
    /// The key is one of those that are looked at.
    case repeatedKey(String)
    case textIsNoString
    /// From 0; nil where there is no list.
    case textsAreNoStrings(element: Int?)
    case tooManyTexts(limit: Int)
  }

  /// Reads a body.
  ///
  /// - Parameter limit: The most texts of a list.
  /// - Complexity: O(bytes).
  package init(_ body: [UInt8], limit: Int) throws(Problem) {
    guard String(validating: body, as: UTF8.self) != nil else { throw .notUTF8 }
    let mark = ByteStream.mark
    var body = body.starts(with: mark) ? Array(body.dropFirst(mark.count)) : body
    let isList = body.first { !JSONObjectScanner.isSpace($0) } == JSONObjectScanner.openBracket
    if isList {
      // The list as the one member of an object.
      body.insert(contentsOf: "{\"texts\":".utf8, at: 0)
      body.append(JSONObjectScanner.closeBrace)
    }
    var scanner = JSONObjectScanner()
    do {
      try scanner.scan(body, 0..<body.count)
    } catch {
      throw error == .notAnObject ? .noText : .notJSON
    }
    if isList, scanner.members.count != 1 { throw .notJSON }
    var scratch: [UInt8] = []
    var found: [String: JSONObjectScanner.Member] = [:]
    for member in scanner.members {
      guard let key = JSONObjectScanner.text(body, member.key, &scratch),
        key == "text" || key == "texts"
      else { continue }
      if found.updateValue(member, forKey: key) != nil { throw .repeatedKey(key) }
    }
    switch (found["text"], found["texts"]) {
    case (nil, nil): throw .noText
    case (.some, .some): throw .textAndTexts
    case (let member?, nil):
      guard member.kind == .string,
        let text = JSONObjectScanner.text(body, member.value, &scratch)
      else { throw .textIsNoString }
      self = .one(text)
    case (nil, let member?):
      let list = member.value.range
      guard member.kind == .other, body[list.lowerBound] == JSONObjectScanner.openBracket
      else { throw .textsAreNoStrings(element: nil) }
      self = .many(try Self.texts(body, list, limit: limit, &scratch))
    }
  }

  /// The strings of a list that was found well-formed.
  private static func texts(
    _ body: [UInt8], _ list: Range<Int>, limit: Int, _ scratch: inout [UInt8]
  ) throws(Problem) -> TextBatch {
    var texts = TextBatch()
    var index = list.lowerBound + 1
    while true {
      while JSONObjectScanner.isSpace(body[index]) || body[index] == UInt8(ascii: ",") {
        index += 1
      }
      if body[index] == JSONObjectScanner.closeBracket { return texts }
      guard body[index] == JSONObjectScanner.quote else {
        throw .textsAreNoStrings(element: texts.count)
      }
      if texts.count == limit { throw .tooManyTexts(limit: limit) }
      let start = index + 1
      var hasEscapes = false
      index = start
      while body[index] != JSONObjectScanner.quote {
        let isEscape = body[index] == JSONObjectScanner.backslash
        hasEscapes = hasEscapes || isEscape
        index += isEscape ? 2 : 1
      }
      if hasEscapes {
        let text = JSONObjectScanner.Text(range: start..<index, hasEscapes: true)
        texts.append(JSONObjectScanner.text(body, text, &scratch) ?? "")
      } else {
        texts.append(repairing: body[start..<index])
      }
      index += 1
    }
  }
}
