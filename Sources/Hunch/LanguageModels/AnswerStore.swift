import Foundation
import GRDB

/// Keeps the answers of language models in the workspace by question and text, what they cost, and
/// what is still to be asked.
///
/// An answer costs money and cannot be computed anew: each is one transaction with what was spent on
/// it, on the disk when it returns, and carries a checksum that also covers what it answers.
struct AnswerStore: Sendable {
  /// What was spent, or may be.
  struct Amount: Sendable, Equatable, Codable {
    var requests = 0
    var tokens = 0
    /// In 10⁻⁹ of the currency of the prices.
    var nanos = 0

    /// In the currency of the prices.
    var money: Double { Double(nanos) / 1e9 }

    /// Sums stay below this, half of what an integer holds.
    static let most = 1 << 62

    static func + (one: Amount, other: Amount) -> Amount {
      func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? most : max(-most, min(most, sum))
      }
      return Amount(
        requests: sum(one.requests, other.requests), tokens: sum(one.tokens, other.tokens),
        nanos: sum(one.nanos, other.nanos))
    }

    static func - (one: Amount, other: Amount) -> Amount {
      one + Amount(requests: -other.requests, tokens: -other.tokens, nanos: -other.nanos)
    }
  }

  /// A question as the workspace knows it.
  struct Known: Sendable {
    var number: Int64
    var key: String
    /// Changes with every answer, and only then.
    var digest: Int64
  }

  /// An answer to a question about a text. The answer to the first question of a request has the
  /// tokens of all.
  typealias Entry = (question: Known, text: String, answer: ChatAnswer)

  let workspace: Workspace

  /// Makes the tables where there are none.
  init(_ workspace: Workspace) throws(HunchError) {
    self.workspace = workspace
    try workspace.access { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS questions(
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, digest INTEGER NOT NULL DEFAULT 0);
          CREATE TABLE IF NOT EXISTS answers(
            question INTEGER NOT NULL, text TEXT NOT NULL, answer BLOB NOT NULL,
            PRIMARY KEY(question, text)) WITHOUT ROWID;
          CREATE TABLE IF NOT EXISTS spending(
            id INTEGER PRIMARY KEY CHECK (id = 1), requests INTEGER NOT NULL,
            tokens INTEGER NOT NULL, nanos INTEGER NOT NULL);
          INSERT OR IGNORE INTO spending VALUES (1, 0, 0, 0);
          CREATE TABLE IF NOT EXISTS surveys(key TEXT PRIMARY KEY, survey BLOB NOT NULL);
          """)
    }
  }

  /// The questions with what is known of them, in their order; new ones are added.
  func register(_ keys: [String]) throws(HunchError) -> [Known] {
    try workspace.access { db in
      try keys.map { key in
        let query = "SELECT id, digest FROM questions WHERE key = ?"
        var row = try Row.fetchOne(db, sql: query, arguments: [key])
        if row == nil {
          try db.execute(sql: "INSERT INTO questions(key) VALUES (?)", arguments: [key])
          row = try Row.fetchOne(db, sql: query, arguments: [key])
        }
        guard let row else { throw workspace.broken("a question has no number") }
        return Known(
          number: try workspace.value(row, 0), key: key, digest: try workspace.value(row, 1))
      }
    }
  }

  /// The answers to a question that are there and whole, by text.
  func load(
    _ question: Known, _ texts: some Sequence<String>
  ) throws(HunchError) -> [String: ChatAnswer] {
    try workspace.access { db in
      let select = try db.cachedStatement(
        sql: "SELECT answer FROM answers WHERE question = ? AND text = ?")
      var found: [String: ChatAnswer] = [:]
      for text in texts where found[text] == nil {
        guard
          let value = try DatabaseValue.fetchOne(select, arguments: [question.number, text]),
          let bytes = DatabaseBytes.fromDatabaseValue(value)?.bytes,
          let whole = VoteSeal(chunk: text, function: question.key).opened(bytes)
        else { continue }
        found[text] = try? JSONDecoder().decode(ChatAnswer.self, from: Data(whole))
      }
      return found
    }
  }

  /// Whether there is any answer to a question.
  func hasAnswers(_ question: Known) throws(HunchError) -> Bool {
    try workspace.access { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS(SELECT 1 FROM answers WHERE question = ?)",
        arguments: [question.number]) ?? false
    }
  }

  /// Keeps answers and what they cost, all or nothing.
  ///
  /// - Parameter change: What is added to the sum that was spent.
  func save(_ answers: [Entry], change: Amount) throws {
    let encoded = try answers.map { question, text, answer in
      let bytes = [UInt8](try JSONEncoder().encode(answer))
      return VoteSeal(chunk: text, function: question.key).sealed(bytes)
    }
    try workspace.access { db in
      let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)")
      let update = try db.cachedStatement(sql: "UPDATE questions SET digest = ? WHERE id = ?")
      let select = try db.cachedStatement(sql: "SELECT digest FROM questions WHERE id = ?")
      for ((question, text, _), bytes) in zip(answers, encoded) {
        try insert.execute(arguments: [question.number, text, bytes.databaseBytes])
        let digest = try Int64.fetchOne(select, arguments: [question.number]) ?? 0
        try update.execute(
          arguments: [digest ^ Self.mark(text, bytes), question.number])
      }
      try Self.add(change, db)
    }
  }

  /// What one answer adds to the digest of its question, so that the same answers give the same one
  /// whatever their order.
  private static func mark(_ text: String, _ bytes: [UInt8]) -> Int64 {
    var hash = ContentHash("answer-1")
    hash.add(text)
    hash.add(bytes)
    return Int64(bitPattern: UInt64(hash.finish().prefix(16), radix: 16) ?? 0)
  }

  // MARK: - Spending

  /// What was spent on this project so far.
  func spent() throws(HunchError) -> Amount {
    try workspace.access { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT requests, tokens, nanos FROM spending WHERE id = 1")
      else { throw workspace.broken("what was spent is missing") }
      return Amount(
        requests: try workspace.value(row, 0), tokens: try workspace.value(row, 1),
        nanos: try workspace.value(row, 2))
    }
  }

  private static func add(_ change: Amount, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE spending SET requests = min(requests + ?, \(Amount.most)),
          tokens = min(tokens + ?, \(Amount.most)), nanos = min(nanos + ?, \(Amount.most))
        """, arguments: [change.requests, change.tokens, change.nanos])
  }

  // MARK: - Surveys

  /// What was found out about the questions of a project in a certain state.
  func survey(_ key: String) throws(HunchError) -> PromptSurvey? {
    try workspace.access { db in
      guard
        let value = try DatabaseValue.fetchOne(
          db, sql: "SELECT survey FROM surveys WHERE key = ?", arguments: [key]),
        let bytes = DatabaseBytes.fromDatabaseValue(value)?.bytes
      else { return nil }
      return try? JSONDecoder().decode(PromptSurvey.self, from: Data(bytes))
    }
  }

  /// Remembers it in place of all others.
  func save(_ survey: PromptSurvey, _ key: String) throws {
    let bytes = [UInt8](try JSONEncoder().encode(survey))
    try workspace.access { db in
      try db.execute(sql: "DELETE FROM surveys")
      try db.execute(
        sql: "INSERT INTO surveys VALUES (?, ?)", arguments: [key, bytes.databaseBytes])
    }
  }
}
