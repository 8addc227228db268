import Foundation
import GRDB

/// Keeps a row for every run: when, what was asked, which functions, which figures.
struct RunStore: Sendable {
  let workspace: Workspace

  /// Adds a run.
  func add(
    command: String, configuration: String, functions: [String], figures: String
  ) throws(HunchError) {
    try workspace.access { db in
      try db.execute(
        sql: """
          INSERT INTO runs(started, command, configuration, functions, figures)
          VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          Date.now.formatted(.iso8601), command, configuration, functions.joined(separator: "\n"),
          figures,
        ])
    }
  }
}
