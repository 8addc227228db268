import Foundation
import HunchModels

/// Writes predictions as JSON lines: the bytes that Foundation's `JSONEncoder` would write with
/// sorted keys, without a tree of objects for each line.
package struct PredictionEncoder: Sendable {
  /// For each label what stands before its probabilities: `"label":"…","probabilities":{`.
  private let openings: [[UInt8]]
  /// The labels in the order in which they are written, each with its key: `"…":`.
  private let fields: [(label: Int, key: [UInt8])]

  /// Creates an encoder; Foundation itself tells the order of the keys and how to escape them.
  package init(labels: [String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    openings = try labels.map { label in
      Array("\"label\":".utf8) + (try encoder.encode(label))
        + Array(",\"probabilities\":{".utf8)
    }
    let numbered = Dictionary(zip(labels, labels.indices)) { first, _ in first }
    let template = [UInt8](try encoder.encode(numbered))
    var scanner = JSONObjectScanner()
    try scanner.scan(template, 0..<template.count)
    fields = scanner.members.compactMap { member in
      let quoted = member.key.range.lowerBound - 1..<member.key.range.upperBound + 1
      return Int(String(decoding: template[member.value.range], as: UTF8.self)).map { label in
        (label, Array(template[quoted]) + [UInt8(ascii: ":")])
      }
    }
  }

  /// Adds the object of one text, without a line break.
  ///
  /// - Parameters:
  ///   - probabilities: One for each label, in their order.
  ///   - members: What stands before the label in the object: members with commas between them.
  /// - Returns: The label's place.
  /// - Throws: `EncodingError` for a number that is not finite.
  @discardableResult
  package func appendObject(
    _ probabilities: ArraySlice<Float>, after members: ArraySlice<UInt8> = [],
    to output: inout [UInt8]
  ) throws -> Int {
    let begin = probabilities.startIndex
    output.append(JSONObjectScanner.openBrace)
    if !members.isEmpty {
      output.append(contentsOf: members)
      output.append(UInt8(ascii: ","))
    }
    let winner = DecisionRule.mostProbable.label(probabilities)
    output.append(contentsOf: openings[winner])
    for (index, field) in fields.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(contentsOf: field.key)
      try Self.append(Double(probabilities[begin + field.label]), to: &output)
    }
    output.append(JSONObjectScanner.closeBrace)
    output.append(JSONObjectScanner.closeBrace)
    return winner
  }

  /// Adds a text in quotes.
  static func append(_ text: String, to output: inout [UInt8]) {
    output.append(JSONObjectScanner.quote)
    for byte in text.utf8 {
      switch byte {
      case JSONObjectScanner.quote, JSONObjectScanner.backslash:
        output.append(JSONObjectScanner.backslash)
        output.append(byte)
      case 0..<0x20:
        let code = String(byte, radix: 16)
        output.append(contentsOf: "\\u00\(byte < 16 ? "0" : "")\(code)".utf8)
      default: output.append(byte)
      }
    }
    output.append(JSONObjectScanner.quote)
  }

  /// Adds a number with all its digits; whole ones without a fraction, as Foundation does.
  private static func append(_ value: Double, to output: inout [UInt8]) throws {
    if !value.isFinite {
      output.append(contentsOf: try JSONEncoder().encode(value))
      return
    }
    let start = output.count
    output.append(contentsOf: value.description.utf8)
    if output.count - start > 2, output.suffix(2).elementsEqual(".0".utf8) {
      output.removeLast(2)
    }
  }
}
