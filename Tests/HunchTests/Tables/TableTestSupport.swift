import Foundation
import Hunch
import TestSupport

extension SplitMix64 {
  /// A text in which everything that a format must escape is frequent.
  mutating func text(maximumLength: Int = 12) -> String {
    let parts = [
      "a", "b", " ", ",", "\t", "\"", "\"\"", "\n", "\r", "\r\n", "\\", "\u{0}", "\u{1}", "é", "ß",
      "日本", "👩‍👩‍👧", "\u{FEFF}", "\u{2028}", "{", "}", "/", "null", "1", "\u{7F}",
    ]
    return (0..<Int.random(in: 0...maximumLength, using: &self))
      .map { _ in parts[Int.random(in: 0..<parts.count, using: &self)] }.joined()
  }
}

/// What one call of `next()` gave.
enum Outcome: Equatable {
  case row([String?], line: Int)
  case bad(RowProblem, line: Int)
}

/// Everything that a reader says about a file.
struct Reading: Equatable {
  var columns: [String] = []
  var outcomes: [Outcome] = []
  var failure: TableError?

  var rows: [[String?]] {
    outcomes.compactMap { if case .row(let values, _) = $0 { values } else { nil } }
  }

  init() {}

  /// Reads a file to its end.
  init(
    _ path: String, format: TableFormat? = nil, columns wanted: [String]? = nil,
    blockSize: Int = TableReader.blockSize, limit: Int = TableReader.rowLimit
  ) {
    do throws(TableError) {
      let reader = try TableReader(
        path: path, format: format, columns: wanted, blockSize: blockSize, rowLimit: limit)
      columns = reader.columns
      while let outcome = try Self.next(reader) { outcomes.append(outcome) }
    } catch {
      failure = error
    }
  }

  private static func next(_ reader: TableReader) throws(TableError) -> Outcome? {
    do throws(TableError) {
      return try reader.next().map { .row($0.values, line: $0.line) }
    } catch {
      guard case .badRow(_, let line, let problem) = error else { throw error }
      return .bad(problem, line: line)
    }
  }
}
