import HunchText

extension RulePack {
  /// Runs the pack's labeling functions on texts.
  ///
  ///     let rows = try spamComments.votes(on: ["win a prize", "see you at six"])
  ///     // rows[0][2] is the class that the third function gives the first text, nil if it abstains
  ///
  /// All keywords, names and what patterns require are looked for in one scan.
  ///
  /// - Parameters:
  ///   - texts: The documents.
  ///   - knowledge: The knowledge bases by the name that rules use.
  /// - Returns: Texts × functions, a class counted from 0 or nil. A function that reads columns of a
  ///   corpus finds none.
  /// - Throws: ``RuleError`` for a rule that cannot be run.
  public func votes(
    on texts: [String], knowledge: [String: KnowledgeBase] = [:]
  ) throws(RuleError) -> [[Int?]] {
    try validate()
    let program = try RuleProgram(self, functions: Array(functions.indices), knowledge: knowledge)
    let worker = program.makeWorker()
    var rows: [[Int?]] = []
    rows.reserveCapacity(texts.count)
    for begin in stride(from: 0, to: texts.count, by: 4096) {
      let batch = TextBatch(Array(texts[begin..<min(begin + 4096, texts.count)]))
      let none = [FieldContent](repeating: .null, count: batch.count)
      let columns = worker.evaluate(
        DocumentBatch(
          texts: batch,
          fields: Dictionary(uniqueKeysWithValues: program.fields.map { ($0, none) }))
      ).columns
      for text in 0..<batch.count {
        rows.append(columns.map { $0[text] >= 0 ? Int($0[text]) : nil })
      }
    }
    return rows
  }
}
