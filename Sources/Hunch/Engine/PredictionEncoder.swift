import Foundation

/// Writes predictions as JSON lines: the bytes that Foundation's `JSONEncoder` would write with
/// sorted keys, without a tree of objects for each line.
package struct PredictionEncoder: Sendable {
  /// For each label what stands before its probabilities: `{"label":"…","probabilities":{`.
  private let openings: [[UInt8]]
  /// The labels in the order in which they are written, each with its key: `"…":`.
  private let fields: [(label: Int, key: [UInt8])]

  /// Creates an encoder; Foundation itself tells the order of the keys and how to escape them.
  package init(labels: [String]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    openings = try labels.map { label in
      Array("{\"label\":".utf8) + (try encoder.encode(label))
        + Array(",\"probabilities\":{".utf8)
    }
    let numbered = Dictionary(zip(labels, labels.indices)) { first, _ in first }
    let template = [UInt8](try encoder.encode(numbered))
    var scanner = JSONObjectScanner()
    try scanner.scan(template, 0..<template.count)
    fields = scanner.members.compactMap { member in
      let quoted = member.key.lowerBound - 1..<member.key.upperBound + 1
      return Int(String(decoding: template[member.value], as: UTF8.self)).map { label in
        (label, Array(template[quoted]) + [UInt8(ascii: ":")])
      }
    }
  }

  /// Adds a line for each text.
  ///
  /// - Parameter probabilities: Flat, texts × classes.
  /// - Throws: `EncodingError` for a number that is not finite.
  func append(_ probabilities: [Float], to output: inout [UInt8]) throws {
    let classes = openings.count
    for begin in stride(from: 0, to: probabilities.count, by: classes) {
      try appendObject(probabilities[begin..<begin + classes], to: &output)
      output.append(DelimitedScanner.lineFeed)
    }
  }

  /// Adds the object of one text, without a line break.
  ///
  /// - Parameter probabilities: One for each label, in their order.
  /// - Throws: `EncodingError` for a number that is not finite.
  package func appendObject(_ probabilities: ArraySlice<Float>, to output: inout [UInt8]) throws {
    let begin = probabilities.startIndex
    output.append(contentsOf: openings[Pipeline.winner(probabilities.lazy.map(Double.init))])
    for (index, field) in fields.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(contentsOf: field.key)
      try Self.append(Double(probabilities[begin + field.label]), to: &output)
    }
    output.append(JSONObjectScanner.closeBrace)
    output.append(JSONObjectScanner.closeBrace)
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
