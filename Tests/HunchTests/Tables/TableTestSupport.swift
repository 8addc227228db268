import Foundation
import Hunch
import TestSupport

/// A folder of its own for one test, removed with the value.
final class TableFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "hunch-tables-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = self.file(name)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  func file(_ name: String) -> String { path + "/" + name }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

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
        path: path, format: format, wanted: wanted, blockSize: blockSize, rowLimit: limit)
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
